import { EVENT_CATALOGUE, eventTypeNamed } from '@oms-webhooks/domain';
import { textFilter, type Filter } from '@oms-webhooks/http';

/** An event type: of the catalogue in any case and with dashes, too; another stays as it is. */
export const eventTypeFilter: Filter<string> = {
  ...textFilter,
  parse(text) {
    const read = textFilter.parse(text);
    return read && (eventTypeNamed(read.toLowerCase(), EVENT_CATALOGUE) ?? read);
  },
};
