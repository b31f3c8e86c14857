import { call, callForText } from './call.ts';
import type { PageOf } from './pages.ts';

interface Role {
  name: string;
  permissions: string[];
}

export interface Token {
  id: number;
  account: string;
  superuser: boolean;
  roles: Role[];
  app: string | null;
  created_date?: string;
  revoked_date?: string | null;
}

export interface NewToken {
  account: string;
  superuser: boolean;
  roles: Role[];
}

const TOKENS = '/api/v1/oms/tokens/';

export const listTokens = (query: URLSearchParams) => call<PageOf<Token>>('GET', TOKENS, { query });
/** The answer has the key, this once. */
export const createToken = (json: NewToken) => call<Token & { token: string }>('POST', TOKENS, { json });
export const revokeToken = (id: number) => callForText('DELETE', `${TOKENS}${id}/`);
