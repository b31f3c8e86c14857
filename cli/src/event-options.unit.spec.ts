import { Command } from 'commander';
import { addEventFilters, eventFiltersOf, instant, positive } from './event-options.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

describe('the filters of events', () => {
  const read = (args: string[]) =>
    eventFiltersOf(addEventFilters(new Command()).parse(args, { from: 'user' }).opts());

  it('become parameters of the API', () => {
    const args =
      '--webhook 3 --state exhausted --status 503 --event-type a.b --object 8812 --search x --undelivered';
    expect(read(args.split(' '))).toEqual({
      webhook: '3',
      state: 'exhausted',
      response_http_status: '503',
      event_type: 'a.b',
      object_id: '8812',
      q: 'x',
      delivered: 'false',
    });
    expect(read(['--since', '2026-01-02', '--until', '2026-01-03T10:00Z'])).toEqual({
      created_date__gte: '2026-01-02T00:00:00.000Z',
      created_date__lt: '2026-01-03T10:00:00.000Z',
    });
    expect(read([])).toEqual({});
  });

  it.each([
    ['30m', '2026-11-21T11:30:00.000Z'],
    ['7d', '2026-11-14T12:00:00.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ])('take %s for an instant', (text, expected) => {
    expect(instant(text, undefined, NOW)).toBe(expected);
  });

  it.each(['soon', '2 h', ''])('take "%s" for none', (text) => {
    expect(() => instant(text)).toThrow('A date');
  });

  it.each(['0', '-1', '1.5', 'x'])('take %s for no number', (text) => {
    expect(() => positive(text)).toThrow('A whole number');
  });
});
