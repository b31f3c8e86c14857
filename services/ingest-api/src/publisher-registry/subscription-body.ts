import { REGISTRY_TOPICS, type RegistryTopic } from '@oms-webhooks/db';
import { isBrokenStandardSecret } from '@oms-webhooks/domain';
import { booleanField, charField, choiceField, documented, objectField, refuse } from '@oms-webhooks/http';
import type Joi from 'joi';
import { targetUrlField } from '../webhooks/target-url-field.ts';
import { parseAppId } from './app-json.ts';
import { eventNames } from './event-body.ts';

/** What a subscriber says of a subscription. */
export interface SubscriptionBody {
  description?: string;
  topic: RegistryTopic;
  /** A uuid: `app:` is taken off. */
  eventAppId: string;
  events: string[];
  isActive?: boolean;
  customAttr?: boolean;
  webhook: { url: string; signatureKey?: string | null };
}

export type SubscriptionChanges = Partial<
  Pick<SubscriptionBody, 'description' | 'isActive' | 'customAttr'> & {
    webhook: Partial<SubscriptionBody['webhook']>;
  }
>;

export interface EventsChange {
  action: 'add' | 'remove';
  events: string[];
}

export const MOST_EVENTS = 20;

const asUuid: Joi.CustomValidator<string> = (text, check) =>
  parseAppId(text) ?? refuse(check, 'Must be an app id, "app:<uuid>".');

/** Either alphabet, with or without padding. It signs as `secret_key` does: but for `whsec_…` as the text that it is. */
const asBase64: Joi.CustomValidator<string> = (text, check) =>
  /^[\w+/-]+={0,2}$/.test(text) && !isBrokenStandardSecret(text)
    ? text
    : refuse(check, 'Must be base64 text.');

const description = charField({ max: 2000, required: false, blank: true });
const isActive = booleanField({ required: false });
const customAttr = booleanField({ required: false });
const signatureKey = documented(charField({ max: 124, required: false, nullable: true }).custom(asBase64), {
  pattern: '^[\\w+/-]+={0,2}$',
});

export const subscriptionBody = objectField({
  description,
  topic: choiceField(REGISTRY_TOPICS),
  eventAppId: documented(charField({ max: 124 }).custom(asUuid), {
    pattern: '^app:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
  }),
  events: eventNames(MOST_EVENTS),
  isActive,
  customAttr,
  webhook: objectField({ url: targetUrlField, signatureKey }),
}) as Joi.ObjectSchema<SubscriptionBody>;

export const subscriptionChanges = objectField({
  description,
  isActive,
  customAttr,
  webhook: objectField({ url: targetUrlField.optional(), signatureKey }, { required: false }),
}) as Joi.ObjectSchema<SubscriptionChanges>;

export const eventsChange = objectField({
  action: choiceField(['add', 'remove']),
  events: eventNames(MOST_EVENTS),
}) as Joi.ObjectSchema<EventsChange>;
