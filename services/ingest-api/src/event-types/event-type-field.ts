import { eventTypeNamed } from '@oms-webhooks/domain';
import { charField, refuse } from '@oms-webhooks/http';

const LONGEST_EVENT_TYPE = 124;

export interface EventTypeNames {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** One of the event types; `package-created` is taken as `package.created`. */
export const eventTypeField = (types: EventTypeNames) =>
  charField({ max: LONGEST_EVENT_TYPE }).custom(
    (name: string, check) =>
      eventTypeNamed(name, types) ??
      // One that is too long has been refused for that already.
      (name.length > LONGEST_EVENT_TYPE ? name : refuse(check, `"${name}" is not a valid choice.`)),
  );
