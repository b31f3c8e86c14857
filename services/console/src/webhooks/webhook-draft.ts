import { DEFAULT_COUNTDOWN } from '@oms-webhooks/domain/countdown';
import type { Webhook, WebhookBody, WebhookConfig } from '../api/webhooks.ts';
import { newSecret } from './new-secret.ts';

/** A webhook while it is being written: headers in their order, also those that have no name yet. */
export interface WebhookDraft extends Omit<
  Webhook,
  'id' | 'created_date' | 'modified_date' | 'additional_headers'
> {
  headers: [name: string, value: string][];
}

/** A new one is signed from the start: partners do not get used to what is unsigned. */
export function newDraft(): WebhookDraft {
  return {
    target_url: '',
    event_type: '',
    is_active: true,
    secret_key: newSecret(),
    callback: null,
    retry_countdown_config: DEFAULT_COUNTDOWN,
    headers: [],
    config: {},
  };
}

export function draftOf({ additional_headers: headers, ...webhook }: Webhook): WebhookDraft {
  return { ...webhook, headers: Object.entries(headers) };
}

/** What is sent. Settings that this form does not know are kept. */
export function bodyOf(draft: WebhookDraft): WebhookBody {
  const { headers, target_url, event_type, is_active, secret_key, callback, retry_countdown_config, config } =
    draft;
  return {
    target_url,
    event_type,
    is_active,
    secret_key,
    callback,
    retry_countdown_config,
    config,
    additional_headers: Object.fromEntries(headers.filter(([name]) => name.trim() !== '')),
  };
}

/** A setting, or without it where it is left blank. */
export function withSetting(config: WebhookConfig, name: string, value: unknown): WebhookConfig {
  const others = Object.entries(config).filter(([other]) => other !== name);
  const isSet = value !== undefined && value !== '' && value !== false;
  return Object.fromEntries(isSet ? [...others, [name, value]] : others);
}
