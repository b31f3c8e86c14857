import { hash } from 'node:crypto';
import { notAuthenticated } from './api-error.ts';
import type { Caller } from './caller.ts';

/**
 * Looks up the owner of a token by the SHA-256 of its key: `inactive` when the account may not act any more, undefined when
 * there is no such token.
 */
export type FindAccount = (keyHash: Buffer) => Promise<Caller | 'inactive' | undefined>;

export const hashOfKey = (key: string): Buffer => hash('sha256', key, 'buffer');

/**
 * `Authorization: Token <key>` with Django REST framework's checks and messages.
 * @param authorization the header, if any
 */
export async function authenticateByToken(
  authorization: string | undefined,
  findAccount: FindAccount,
): Promise<Caller> {
  const [keyword, key, ...rest] = authorization?.trim().split(/\s+/) ?? [];
  if (keyword?.toLowerCase() !== 'token') throw notAuthenticated();
  if (key === undefined) throw notAuthenticated('Invalid token header. No credentials provided.');
  if (rest.length > 0)
    throw notAuthenticated('Invalid token header. Token string should not contain spaces.');
  const found = await findAccount(hashOfKey(key));
  if (found === undefined) throw notAuthenticated('Invalid token.');
  if (found === 'inactive') throw notAuthenticated('User inactive or deleted.');
  return found;
}
