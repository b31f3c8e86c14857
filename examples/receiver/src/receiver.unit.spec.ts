import { createHmac } from 'node:crypto';
import { deliveryLine, startReceiver, type Delivery, type Receiver } from './receiver.ts';

const secret = 'schlüssel';
const body = '{"event":{"type":"package.created","uuid":"2877cadd"},"payload":{"id":8812}}';
const sign = (key: string) => `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;

describe('the example receiver', () => {
  let receiver: Receiver;
  let deliveries: Delivery[];
  const post = async (headers: Record<string, string>) =>
    (await fetch(`${receiver.url}hooks/1`, { method: 'POST', body, headers })).status;

  beforeEach(async () => {
    deliveries = [];
    const onDelivery = (delivery: Delivery) => void deliveries.push(delivery);
    receiver = await startReceiver({ port: 0, secret, failFirst: 1, status: 202, onDelivery });
  });
  afterEach(() => receiver.close());

  it('fails as often as told, then answers as told', async () => {
    const headers = { 'X-Whisperer-Signature': sign(secret) };
    expect([await post(headers), await post(headers), await post(headers)]).toEqual([500, 202, 202]);
  });

  it('refuses a missing and a wrong signature', async () => {
    expect([await post({}), await post({ 'X-Whisperer-Signature': sign('other') })]).toEqual([401, 401]);
    expect(deliveries.map(({ signature }) => signature)).toEqual(['missing', 'wrong']);
  });

  it('tells a delivery in one line', async () => {
    await post({ 'X-Whisperer-Signature': sign(secret), 'X-Whisperer-Attempt': '1' });
    expect(deliveries.map(deliveryLine)).toEqual([
      'POST /hooks/1  package.created 2877cadd, attempt 1, signature valid → 500',
    ]);
  });
});
