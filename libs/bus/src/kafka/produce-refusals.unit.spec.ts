import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { kafkaCode, maybeWritten } from './produce-refusals.ts';

const protocolError = (type: string) => new KafkaJSProtocolError({ type, code: 0, retriable: true } as never);
const givenUp = (cause: Error) =>
  Object.assign(new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 0, retryTime: 0 }), { cause });

describe('A send that failed', () => {
  it.each([
    'NOT_LEADER_FOR_PARTITION',
    'NOT_ENOUGH_REPLICAS',
    'MESSAGE_TOO_LARGE',
    'UNKNOWN_TOPIC_OR_PARTITION',
  ])('wrote nothing when the broker answered %s', (type) => {
    expect(kafkaCode(givenUp(protocolError(type)))).toBe(type);
    expect(maybeWritten(givenUp(protocolError(type)))).toBe(false);
  });

  it.each(['LEADER_NOT_AVAILABLE', 'REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'])(
    'may have written when the last word was %s',
    (type) => {
      expect(maybeWritten(givenUp(protocolError(type)))).toBe(true);
    },
  );

  it('may have written when the connection ended', () => {
    expect(maybeWritten(givenUp(new KafkaJSConnectionError('Closed connection')))).toBe(true);
  });
});
