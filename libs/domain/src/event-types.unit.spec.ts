import { EVENT_CATALOGUE, eventTypeNamed } from './event-types.ts';

describe('eventTypeNamed', () => {
  it('knows every type of the catalogue by its name and by its name with dashes', () => {
    for (const name of EVENT_CATALOGUE.keys()) {
      expect(eventTypeNamed(name, EVENT_CATALOGUE)).toBe(name);
      expect(eventTypeNamed(name.replaceAll('.', '-'), EVENT_CATALOGUE)).toBe(name);
      expect(eventTypeNamed(name.replaceAll(/[._]/g, '-'), EVENT_CATALOGUE)).toBe(name);
    }
  });

  it.each([
    ['package-created', 'package.created'],
    ['package-status.packed', 'package.status.packed'],
    ['package-status-packed_for_refund', 'package.status.packed_for_refund'],
    ['stock_location-updated', 'stock_location.updated'],
    // Underscores could not be written as dashes.
    ['package-status-packed-for-refund', 'package.status.packed_for_refund'],
    ['package-shipment-awb-number', 'package.shipment.awb_number'],
    ['stock-location-created', 'stock_location.created'],
  ])('takes %s as %s', (name, known) => {
    expect(eventTypeNamed(name, EVENT_CATALOGUE)).toBe(known);
  });

  it.each([
    '',
    '-',
    'package',
    'Package.Created',
    'package_created',
    'package.created.',
    'constructor',
    'size',
  ])('does not know %j', (name) => {
    expect(eventTypeNamed(name, EVENT_CATALOGUE)).toBeUndefined();
  });

  it('leaves a type alone whose own name has dashes', () => {
    const known = new Set(['UserCreated', 'user-created', 'user.created']);
    expect(eventTypeNamed('user-created', known)).toBe('user-created');
    expect(eventTypeNamed('UserCreated', known)).toBe('UserCreated');
  });
});
