import { packageLife } from './package-life.ts';

describe('The life of a package', () => {
  let second = 0;
  const now = () => new Date(1697105255000 + 1000 * second++).toISOString();
  const life = [...packageLife(9001, now)];

  it('is told in the events of the catalogue', () => {
    expect(life.map(({ eventType }) => eventType)).toEqual([
      'package.created',
      'package.status.packed',
      'shipment.created',
      'package.shipment.awb_number',
      'package.status.shipped',
      'shipment.status.updated',
      'shipment.status.updated',
      'shipment.status.updated',
    ]);
  });

  it('has each subject as it is at its event, and never changes what was told', () => {
    const states = life.map(({ subject }) => [subject.model, (subject.body.state as { name: string }).name]);
    expect(states).toEqual([
      ['package', 'Created'],
      ['package', 'Packed'],
      ['shipment', 'Created'],
      ['package', 'Packed'],
      ['package', 'Shipped'],
      ['shipment', 'In Transit'],
      ['shipment', 'Out For Delivery'],
      ['shipment', 'Delivered'],
    ]);
    expect(life.every(({ subject, changed }) => changed.includes(subject))).toBe(true);
  });

  it('shows the shipment in its package', () => {
    const [shipment, parcel] = life.at(-1)!.changed;
    expect(parcel!.body.shipment).toEqual(shipment!.body);
    expect(parcel!.body.tracking_number).toBe(shipment!.body.awb_number);
  });
});
