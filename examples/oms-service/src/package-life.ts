/** An object of the OMS as its resource is served. */
export interface Resource {
  model: 'package' | 'shipment';
  pk: number;
  body: Record<string, unknown>;
}

/** One change in a package's life: what is served from now on, and the event that tells of it. */
export interface Step {
  eventType: string;
  /** What the event is about. */
  subject: Resource;
  /** Everything that has changed, the subject included. */
  changed: Resource[];
}

/** The life of a package, from the order to the customer's door. @param now as ISO 8601, asked at each step */
export function* packageLife(pk: number, now: () => string): Generator<Step, void> {
  const number = `24066701${String(pk).padStart(8, '0')}P1`;
  const created = now();
  let parcel: Resource = {
    model: 'package',
    pk,
    body: {
      id: pk,
      number,
      order_number: number.slice(0, -2),
      state: state('PackageStatus', 'Created'),
      shipment: null,
      tracking_number: null,
      channel_name: 'PZ Shop',
      city: 'İSTANBUL',
      delivery_type: 'standard',
      created_date: created,
      modified_date: created,
    },
  };
  let shipment: Resource = {
    model: 'shipment',
    pk,
    body: {
      id: pk,
      package: pk,
      awb_number: null,
      state: state('ShipmentStatus', 'Created'),
      created_date: created,
    },
  };
  const changed = (resource: Resource, fields: object): Resource => ({
    ...resource,
    body: { ...resource.body, ...fields, modified_date: now() },
  });

  yield { eventType: 'package.created', subject: parcel, changed: [parcel] };

  parcel = changed(parcel, { state: state('PackageStatus', 'Packed') });
  yield { eventType: 'package.status.packed', subject: parcel, changed: [parcel] };

  shipment = changed(shipment, {});
  parcel = changed(parcel, { shipment: shipment.body });
  yield { eventType: 'shipment.created', subject: shipment, changed: [shipment, parcel] };

  const awb = String(350_000_000 + pk);
  shipment = changed(shipment, { awb_number: awb });
  parcel = changed(parcel, { shipment: shipment.body, tracking_number: awb });
  yield { eventType: 'package.shipment.awb_number', subject: parcel, changed: [shipment, parcel] };

  parcel = changed(parcel, { state: state('PackageStatus', 'Shipped') });
  yield { eventType: 'package.status.shipped', subject: parcel, changed: [parcel] };

  for (const name of ['In Transit', 'Out For Delivery', 'Delivered']) {
    shipment = changed(shipment, { state: state('ShipmentStatus', name) });
    parcel = changed(parcel, { shipment: shipment.body });
    yield { eventType: 'shipment.status.updated', subject: shipment, changed: [shipment, parcel] };
  }
}

const state = (enum_class: string, name: string) => ({ enum_class, name });
