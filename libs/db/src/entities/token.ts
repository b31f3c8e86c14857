import { EntitySchema } from 'typeorm';
import type { Instant } from '@oms-webhooks/domain';
import type { Account } from './account.ts';

export interface Role {
  name: string;
  permissions: string[];
}

/** A key to the API. Only the SHA-256 hash of the key is kept. */
export interface Token {
  id: number;
  account: Account;
  keyHash: Buffer;
  superuser: boolean;
  roles: Role[];
  app: string | null;
  createdDate: Instant;
  revokedDate: Instant | null;
}

export const tokenEntity = new EntitySchema<Token>({
  name: 'token',
  columns: {
    id: { type: 'int', primary: true, generated: true },
    keyHash: { name: 'key_hash', type: 'bytea', unique: true },
    superuser: { type: 'boolean', default: false },
    roles: { type: 'json', default: [] },
    app: { type: 'text', nullable: true },
    createdDate: { name: 'created_date', type: 'timestamptz', default: () => 'now()' },
    revokedDate: { name: 'revoked_date', type: 'timestamptz', nullable: true },
  },
  relations: {
    account: { type: 'many-to-one', target: 'account', joinColumn: { name: 'account_id' }, nullable: false },
  },
});
