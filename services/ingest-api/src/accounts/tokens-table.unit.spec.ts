import type { ShownToken } from './token-store.ts';
import { tokensTable } from './tokens-table.ts';

const token = (fields: Partial<ShownToken>): ShownToken => ({
  id: 1,
  account: 'admin',
  superuser: true,
  roles: [],
  app: null,
  created_date: '2026-01-02T03:04:05.000006Z',
  revoked_date: null,
  ...fields,
});

describe('tokensTable', () => {
  it('has headings, with the columns in line', () => {
    const roles = ['reader', 'writer'].map((name) => ({ name, permissions: [] }));
    const tokens = [token({ id: 12, account: 'warehouse', superuser: false, roles }), token({})];
    expect(tokensTable(tokens).split('\n')).toEqual([
      'ID  ACCOUNT    SUPERUSER  ROLES           CREATED',
      '12  warehouse  -          reader, writer  2026-01-02T03:04:05.000006Z',
      '1   admin      yes        -               2026-01-02T03:04:05.000006Z',
    ]);
  });

  it('has its headings even without tokens', () => {
    expect(tokensTable([])).toBe('ID  ACCOUNT  SUPERUSER  ROLES  CREATED');
  });
});
