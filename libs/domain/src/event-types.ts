/** The events that an OMS emits (the catalogue of the webhooks document), and when. */
export const EVENT_CATALOGUE: ReadonlyMap<string, string> = new Map([
  ['package.created', 'A new package is created.'],
  ['package.status.transitioned', 'The status of a package becomes transitioned.'],
  ['package.status.packed', 'The status of a package becomes packed.'],
  ['package.status.cancelled', 'The status of a package becomes cancelled.'],
  ['package.status.shipped', 'The status of a package becomes shipped.'],
  ['package.status.packed_for_refund', 'The status of a package becomes packed_for_refund.'],
  ['package.shipment.awb_number', 'The awb_number of a package is set.'],
  ['shipment.created', 'A shipment is created for a package, or a transfer to another location is set up.'],
  ['shipment.status.updated', 'The shipment or transfer status of a package is updated.'],
  ['shipment.cancelled', 'The shipment or transfer of a package is cancelled.'],
  ['transfer.status.created', 'A transfer is created.'],
  ['transfer.status.transitioned', 'The status of a transfer becomes transitioned.'],
  ['transfer.status.in_transit', 'The status of a transfer becomes in_transit.'],
  ['transfer.status.transferred', 'The status of a transfer becomes transferred.'],
  ['transfer.status.cancelled', 'The status of a transfer becomes cancelled.'],
  ['transfer.status.ready_to_shipment', 'The status of a transfer becomes ready_to_shipment.'],
  ['stock_location.created', 'A stock location is created.'],
  ['stock_location.updated', 'A stock location is updated.'],
  ['webhook.disabled', 'One of the account’s webhooks was disabled, with the reason.'],
]);

/**
 * A known type's own name; one written with dashes in place of dots and underscores (`package-created`,
 * `stock-location-created`) is taken as it.
 */
export function eventTypeNamed(
  name: string,
  known: { has(name: string): boolean; keys(): Iterable<string> },
): string | undefined {
  if (known.has(name)) return name;
  if (!name.includes('-')) return undefined;
  for (const type of known.keys()) if (withDashesOf(name, type) === name) return type;
  return undefined;
}

/** The type with a dash wherever the name has one in place of a dot or an underscore. */
const withDashesOf = (name: string, type: string) =>
  type.replace(/[._]/g, (mark, at: number) => (name[at] === '-' ? '-' : mark));

/** Whether an event type may be called so: letters, digits, dots, underscores and dashes, 124 at most. */
export const isEventTypeName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,123}$/.test(name);
