import { EntitySchema } from 'typeorm';
import type { Instant } from '@oms-webhooks/domain';

/** Who owns webhooks and their events; the tokens of one account share what it owns. */
export interface Account {
  id: number;
  name: string;
  createdDate: Instant;
}

export const accountEntity = new EntitySchema<Account>({
  name: 'account',
  columns: {
    id: { type: 'int', primary: true, generated: true },
    name: { type: 'text', unique: true },
    createdDate: { name: 'created_date', type: 'timestamptz', default: () => 'now()' },
  },
});
