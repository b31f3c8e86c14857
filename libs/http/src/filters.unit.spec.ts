import fc from 'fast-check';
import { formatInstant } from '@oms-webhooks/domain';
import {
  booleanFilter,
  choiceFilter,
  instantFilter,
  numberFilter,
  readFilters,
  readOrdering,
  textFilter,
  uuidFilter,
} from './filters.ts';

const filters = {
  uuid: uuidFilter,
  delivered: booleanFilter,
  response_http_status: numberFilter,
  created_date__gt: instantFilter,
  object_id: textFilter,
  state: choiceFilter(['pending', 'retrying']),
};
const read = (query: string) => readFilters(new URLSearchParams(query), filters);
const refused = (body: object) => expect.objectContaining({ status: 400, body }) as Error;

describe('readFilters', () => {
  it('reads what is there and ignores what is blank or unknown', () => {
    expect(read('delivered=True&object_id=&color=red&state=pending&response_http_status=500')).toEqual({
      delivered: true,
      state: 'pending',
      response_http_status: 500,
    });
  });

  it.each([
    ['true', true],
    ['True', true],
    ['2', true],
    ['false', false],
    ['False', false],
    ['3', false],
    ['TRUE', undefined],
    ['1', undefined],
    ['constructor', undefined],
  ])('reads the boolean %s as %s', (text, value) => {
    expect(read(`delivered=${text}`).delivered).toBe(value);
  });

  it('ignores only what is blank where it is strict, names of every object included', () => {
    const strictly = (query: string) => readFilters(new URLSearchParams(query), filters, { strictly: true });
    expect(strictly('state=pending&object_id=&uuid=%20')).toEqual({ state: 'pending' });
    expect(() => strictly('colour=&delivered=maybe&state=lost&toString=1&__proto__=1')).toThrow(
      refused({
        colour: ['Unknown filter.'],
        delivered: ['Not a valid value.'],
        state: ['Select a valid choice. lost is not one of the available choices.'],
        toString: ['Unknown filter.'],
        ['__proto__']: ['Unknown filter.'],
      }),
    );
  });

  it('reports all that is wrong at once', () => {
    expect(() => read('uuid=x&response_http_status=1x&created_date__gt=soon&state=y&object_id=%00')).toThrow(
      refused({
        uuid: ['Enter a valid UUID.'],
        response_http_status: ['Enter a number.'],
        created_date__gt: ['Enter a valid date/time.'],
        object_id: ['Null characters are not allowed.'],
        state: ['Select a valid choice. y is not one of the available choices.'],
      }),
    );
  });

  it('reads instants to the microsecond, as the API writes them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000_000 }), (instant) => {
        expect(read(`created_date__gt=${formatInstant(instant)}`).created_date__gt).toBe(instant);
      }),
    );
  });

  it.each([
    ['2023-10-12', '2023-10-12T00:00:00.000000Z'],
    ['2023-10-12 10:07', '2023-10-12T10:07:00.000000Z'],
    ['2023-10-12T10:07:35.2+03:00', '2023-10-12T07:07:35.200000Z'],
    ['2023-10-12T10:07:35-0330', '2023-10-12T13:37:35.000000Z'],
    // What clients send for "since ever" and "for ever".
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000Z'],
    ['0099-02-28', '0099-02-28T00:00:00.000000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000000Z'],
  ])('reads %s', (text, instant) => {
    expect(formatInstant(read(`created_date__gt=${encodeURIComponent(text)}`).created_date__gt ?? 0)).toBe(
      instant,
    );
  });

  it.each([
    '2023-02-30',
    '2023-13-01',
    '2023-10-12T24:00',
    '2023-10-12T10:60',
    '12.10.2023',
    '0000-01-01',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
  ])('refuses %s', (text) => {
    expect(() => read(`created_date__gt=${encodeURIComponent(text)}`)).toThrow(
      refused({ created_date__gt: ['Enter a valid date/time.'] }),
    );
  });

  it.each(['NaN', '1e999', '0x10', '1,5'])('does not take %s for a number', (text) => {
    expect(() => read(`response_http_status=${text}`)).toThrow(
      refused({ response_http_status: ['Enter a number.'] }),
    );
  });
});

describe('readOrdering', () => {
  it('takes the known fields in turn', () => {
    const order = readOrdering(new URLSearchParams('ordering=-created_date, password,id'), [
      'id',
      'created_date',
    ]);
    expect(order).toEqual([
      { field: 'created_date', descending: true },
      { field: 'id', descending: false },
    ]);
  });
});
