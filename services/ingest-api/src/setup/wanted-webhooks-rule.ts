import { rule, variables, type WantedWebhook } from '@oms-webhooks/config';
import { EVENT_CATALOGUE, targetUrlFault } from '@oms-webhooks/domain';
import { ApiError, charField, validate } from '@oms-webhooks/http';
import { webhookBody } from '../webhooks/webhook-body.ts';

/** Which event types there are, and which addresses may be sent to, the Omnitron service knows when it is asked. */
const body = webhookBody(EVENT_CATALOGUE).fork('event_type', () => charField({ max: 124 }));
const anywhere = () => true;

function faultOf(webhook: WantedWebhook): string | undefined {
  try {
    validate(body, webhook);
    const target_url = targetUrlFault(webhook.target_url, anywhere);
    return target_url && JSON.stringify({ target_url: [target_url] });
  } catch (error) {
    if (error instanceof ApiError) return JSON.stringify(error.body);
    throw error;
  }
}

const { OMNITRON_WEBHOOKS } = variables;

/** Each entry of `OMNITRON_WEBHOOKS` must be a body that `POST /whisperer/hooks/` could take. */
export const wantedWebhooksRule = rule({ OMNITRON_WEBHOOKS }, ({ OMNITRON_WEBHOOKS: wanted }) => {
  const faults = wanted.flatMap((webhook, index) => {
    const fault = faultOf(webhook);
    return fault === undefined ? [] : [`has an entry ${index} that is refused: ${fault}`];
  });
  return faults.length === 0 ? undefined : `OMNITRON_WEBHOOKS ${faults.join('; ')}`;
});
