import type { WebhookConfig } from '@oms-webhooks/domain';

/*
 * What of a webhook is secret: its keys, every value of its additional headers (which of them are credentials only the
 * target knows), and every text of `config.auth` but its type.
 */

/** A change made to each secret alone: encrypting it, or masking it. Blank ones stay as they are, for they are none. */
type Change = (secret: string) => string;

export function changeSecret<T extends string | null | undefined>(secret: T, change: Change): T {
  return secret ? (change(secret) as T) : secret;
}

export function changeSecretsOfHeaders(
  headers: Record<string, string>,
  change: Change,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, changeSecret(value, change)]),
  );
}

export function changeSecretsOfConfig(config: WebhookConfig, change: Change): WebhookConfig {
  if (typeof config.auth !== 'object' || config.auth === null) return config;
  const changed = Object.entries(config.auth).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' && name !== 'auth_type' ? changeSecret(value, change) : value,
  ]);
  return { ...config, auth: Object.fromEntries(changed) as NonNullable<WebhookConfig['auth']> };
}
