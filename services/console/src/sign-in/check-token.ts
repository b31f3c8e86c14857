import { ApiFailure } from '../api/api-failure.ts';

/** Asks for something small with a token that nobody uses yet. Throws `ApiFailure`. */
export async function checkToken(token: string): Promise<void> {
  // A header's value has only such characters; `fetch` would throw words that help nobody.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new ApiFailure(401, { detail: 'Invalid token.' });
  const response = await fetch('/whisperer/hooks/?page_size=1', {
    headers: { Authorization: `Token ${token}` },
  }).catch(() => {
    throw new ApiFailure(0, null);
  });
  if (response.ok) return;
  throw new ApiFailure(response.status, await response.json().catch(() => null));
}
