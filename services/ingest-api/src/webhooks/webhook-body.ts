import { isBrokenStandardSecret, type CountdownConfig, type WebhookConfig } from '@oms-webhooks/domain';
import { booleanField, charField, objectField, refuse } from '@oms-webhooks/http';
import type Joi from 'joi';
import { eventTypeField, type EventTypeNames } from '../event-types/event-type-field.ts';
import { configField } from './config-field.ts';
import { countdownField } from './countdown-field.ts';
import { headersField } from './headers-field.ts';
import { targetUrlField } from './target-url-field.ts';

/** What a client says of a webhook. */
export interface WebhookBody {
  retry_countdown_config?: CountdownConfig;
  target_url: string;
  is_active?: boolean;
  secret_key?: string | null;
  event_type: string;
  callback?: string | null;
  additional_headers?: Record<string, string> | null;
  config?: WebhookConfig;
}

/** A receiver's library would not decode it, or would to another key than ours. */
const asKey: Joi.CustomValidator<string> = (secret, check) =>
  isBrokenStandardSecret(secret)
    ? refuse(check, 'A secret that begins with whsec_ must go on in base64.')
    : secret;

/** @param eventTypes those that may be subscribed to; `package-created` is taken as `package.created` */
export function webhookBody(eventTypes: EventTypeNames): Joi.ObjectSchema<WebhookBody> {
  const optionalText = { required: false, nullable: true, blank: true };
  return objectField({
    retry_countdown_config: countdownField,
    target_url: targetUrlField,
    is_active: booleanField({ required: false }),
    secret_key: charField({ ...optionalText, max: 124 }).custom(asKey),
    event_type: eventTypeField(eventTypes),
    callback: charField({ ...optionalText, max: 64 }),
    additional_headers: headersField,
    config: configField,
  }) as Joi.ObjectSchema<WebhookBody>;
}
