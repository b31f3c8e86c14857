import { answerOf, api, asTheyStand, type Shape } from './api.ts';

export type Token = Shape<'Token'>;
export type Role = Token['roles'][number];

const TOKENS = '/api/v1/oms/tokens/';
const TOKEN = '/api/v1/oms/tokens/{id}/';
const identified = (id: number) => ({ params: { path: { id } } });

export const listTokens = (query: URLSearchParams) => answerOf(api.GET(TOKENS, asTheyStand(query)));
/** The answer has the key, this once. */
export const createToken = (body: Pick<Token, 'account' | 'superuser' | 'roles'>) =>
  answerOf(api.POST(TOKENS, { body }));
export const changeRoles = (id: number, roles: Role[]) =>
  answerOf(api.PATCH(TOKEN, { ...identified(id), body: { roles } }));
export const revokeToken = (id: number) => api.DELETE(TOKEN, identified(id));
