/** Codes of a produce response, and of no other, that come before the leader writes. */
const NOT_WRITTEN = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'NOT_ENOUGH_REPLICAS',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'CORRUPT_MESSAGE',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

/** The code with which the broker itself refused, such as `MESSAGE_TOO_LARGE`, anywhere in a chain of causes. */
export function kafkaCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { type } = error as { type?: unknown };
  return typeof type === 'string' ? type : kafkaCode(error.cause);
}

/**
 * Whether records of a failed send may be in the topic all the same. When a connection ends in mid-request KafkaJS asks
 * for metadata and throws what that answers, such as `LEADER_NOT_AVAILABLE` of a broker that is closing: a code, but
 * not one about the records.
 */
export function maybeWritten(error: unknown): boolean {
  return !NOT_WRITTEN.has(kafkaCode(error) ?? '');
}
