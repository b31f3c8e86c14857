import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import './quiet-connections.ts';

describe('A connection to Kafka', () => {
  const silent = () => undefined;
  const logger = { debug: silent, warn: silent };
  let queue: RequestQueue;
  beforeEach(() => {
    queue = new RequestQueue({
      requestTimeout: 10_000,
      clientId: 'spec',
      broker: '127.0.0.1:9',
      logger,
      isConnected: () => true,
    });
  });
  afterEach(() => queue.destroy());

  const request = (correlationId: number, sendRequest: () => void) => ({
    entry: { correlationId, resolve: silent },
    expectResponse: true,
    sendRequest,
  });

  // It looked for them every millisecond, for ever.
  it('has no timer running when no request is held back', () => {
    queue.push(request(1, silent));
    queue.fulfillRequest({ correlationId: 1, payload: Buffer.alloc(0), size: 0 });
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });

  it('sends what was held back once the pause that the broker asked for is over, and is still again', async () => {
    queue.maybeThrottle(20);
    await new Promise<void>((resolve) => queue.push(request(1, resolve)));
    queue.fulfillRequest({ correlationId: 1, payload: Buffer.alloc(0), size: 0 });
    expect(queue.pending).toEqual([]);
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });
});
