import {
  standardSignature,
  whispererSignature,
  type DispatchedEvent,
  type Webhook,
} from '@oms-webhooks/domain';
import { requestHeaders } from './request-headers.ts';

const NOW = 1_697_105_255_200_005;
const body = '{"event":{"type":"package.created","uuid":"x"},"payload":{}}';
const event = { uuid: 'e0b1', eventType: 'package.created', attempts: 0 } as DispatchedEvent;
const headersOf = (webhook: Partial<Webhook>) =>
  requestHeaders({
    event,
    webhook: {
      secretKey: null,
      previousSecretKey: null,
      previousSecretUntil: null,
      additionalHeaders: {},
      ...webhook,
    } as Webhook,
    body,
    sentAt: NOW,
    authorization: null,
  });
const signatures = (headers: Record<string, string>) =>
  ['X-Whisperer-Signature', 'X-Whisperer-Signature-Previous', 'webhook-signature'].map(
    (name) => headers[name],
  );
const standard = (secret: string) => standardSignature(secret, event.uuid, Math.floor(NOW / 1e6), body);

describe('the signatures of a request', () => {
  it('are by the one key that there is', () => {
    expect(signatures(headersOf({ secretKey: 'new' }))).toEqual([
      whispererSignature('new', body),
      undefined,
      standard('new'),
    ]);
  });

  it('are by both keys while the one before overlaps, the new one first', () => {
    const overlap = { secretKey: 'new', previousSecretKey: 'old', previousSecretUntil: NOW + 1 };
    expect(signatures(headersOf(overlap))).toEqual([
      whispererSignature('new', body),
      whispererSignature('old', body),
      `${standard('new')} ${standard('old')}`,
    ]);
  });

  it('are by the new key alone once the overlap is over', () => {
    const over = { secretKey: 'new', previousSecretKey: 'old', previousSecretUntil: NOW };
    expect(signatures(headersOf(over))).toEqual([
      whispererSignature('new', body),
      undefined,
      standard('new'),
    ]);
  });

  it.each([null, ''])('are none when the key is %j, whatever it was before', (secretKey) => {
    const ended = { secretKey, previousSecretKey: 'old', previousSecretUntil: NOW + 1 };
    expect(signatures(headersOf(ended))).toEqual([undefined, undefined, undefined]);
  });
});
