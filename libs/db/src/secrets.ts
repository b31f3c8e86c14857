import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';

/** What is not a given text as it is begins with this; then the version, the key's id and the ciphertext. */
const MARK = 'oms-secret:';
/** A given text that itself begins with the mark. */
const LITERAL = `${MARK}0:`;
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const SHORTEST_KEY = 16;

/** SECRETS_KEY cannot be used, or a stored secret cannot be read with it. */
export class SecretsError extends Error {
  override name = 'SecretsError';
  /** Of a process that cannot start for this: a faulty set-up. */
  readonly exitCode = 78;
}

/** Secrets on their way into the database and out of it. */
export interface Secrets {
  /** As it is to be stored: encrypted with the first key, or as given when there is none. */
  seal: (text: string) => string;
  /** As it was given. Throws `SecretsError` when it cannot be read: what is sent must never be signed with a guess. */
  open: (stored: string) => string;
}

interface Key {
  id: string;
  bytes: Buffer;
}

/**
 * AES-256-GCM with keys derived from the setting, which may be words: by scrypt, with a fixed salt, since every process
 * must derive the same. What was stored before there was a key is read as it is.
 * @param setting SECRETS_KEY, a comma list: the first key encrypts, all of them decrypt
 */
export function secretsOf(setting: string | undefined): Secrets {
  const keys = (setting?.split(',') ?? []).map(keyOf);
  const [first] = keys;

  return {
    seal(text) {
      if (first) return encrypt(first, text);
      return text.startsWith(MARK) ? `${LITERAL}${text}` : text;
    },
    open(stored) {
      if (!stored.startsWith(MARK)) return stored;
      if (stored.startsWith(LITERAL)) return stored.slice(LITERAL.length);
      const [, version, id, ciphertext] = stored.split(':');
      if (version !== '1' || ciphertext === undefined)
        throw new SecretsError('A stored secret has a form that this version does not know.');
      const key = keys.find((known) => known.id === id);
      if (!key) {
        const has = keys.length === 0 ? 'is not set' : `has only ${keys.map((known) => known.id).join(', ')}`;
        throw new SecretsError(`A stored secret is encrypted with the key ${id}, and SECRETS_KEY ${has}.`);
      }
      return decrypt(key, Buffer.from(ciphertext, 'base64url'));
    },
  };
}

function keyOf(given: string): Key {
  const words = given.trim();
  if (words.length < SHORTEST_KEY)
    throw new SecretsError(`SECRETS_KEY: each key must have at least ${SHORTEST_KEY} characters.`);
  const derived = scryptSync(words, 'oms-webhooks secrets', KEY_BYTES + KEY_ID_BYTES);
  return { bytes: derived.subarray(0, KEY_BYTES), id: derived.subarray(KEY_BYTES).toString('hex') };
}

function encrypt({ id, bytes }: Key, text: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, bytes, iv);
  // UTF-16, because UTF-8 has no lone surrogates.
  const parts = [iv, cipher.update(text, 'utf16le'), cipher.final()];
  return `${MARK}1:${id}:${Buffer.concat([...parts, cipher.getAuthTag()]).toString('base64url')}`;
}

function decrypt({ id, bytes }: Key, sealed: Buffer): string {
  try {
    const decipher = createDecipheriv(CIPHER, bytes, sealed.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    }).setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf16le');
  } catch {
    throw new SecretsError(`A stored secret, encrypted with the key ${id}, is damaged.`);
  }
}
