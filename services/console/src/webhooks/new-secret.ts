const BYTES = 32;

/** A secret as Standard Webhooks wants it: `whsec_` and random bytes in base64. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
