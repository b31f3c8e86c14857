declare module 'kafkajs/src/network/requestQueue/index.js' {
  /** The requests of one connection: those in flight, and those held back because the broker asked for a pause. */
  export default class RequestQueue {
    pending: unknown[];
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    constructor(options: {
      requestTimeout: number;
      clientId: string;
      broker: string;
      logger: object;
      isConnected: () => boolean;
    });
    push(request: {
      entry: { correlationId: number; resolve: (answer: unknown) => void };
      expectResponse: boolean;
      sendRequest: () => void;
    }): void;
    fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void;
    maybeThrottle(ms: number): void;
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
    destroy(): void;
  }
}

declare module 'kafkajs/src/consumer/consumerGroup.js' {
  /** What one consumer reads, as a member of its group. */
  export default class ConsumerGroup {
    /** Reads once from a broker. @returns for each partition that was asked for, what it brought */
    fetch: (this: ConsumerGroup, nodeId: number) => Promise<{ rawMessages: readonly unknown[] }[]>;
  }
}
