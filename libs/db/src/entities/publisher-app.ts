import { EntitySchema } from 'typeorm';
import type { Instant } from '@oms-webhooks/domain';

/** An account's registration, in one tenant, as a publisher of events. Shown as `app:<id>`. */
export interface PublisherApp {
  id: string;
  accountId: number;
  tenant: string;
  name: string;
  /** A subscriber needs one role that holds all of them. */
  permissions: string[];
  createdDate: Instant;
  modifiedDate: Instant;
}

export const publisherAppEntity = new EntitySchema<PublisherApp>({
  name: 'publisher_app',
  columns: {
    id: { type: 'uuid', primary: true },
    accountId: { name: 'account_id', type: 'int' },
    tenant: { type: 'text', default: '' },
    name: { type: 'text' },
    permissions: { type: 'json' },
    createdDate: { name: 'created_date', type: 'timestamptz', default: () => 'now()' },
    modifiedDate: { name: 'modified_date', type: 'timestamptz', default: () => 'now()' },
  },
});
