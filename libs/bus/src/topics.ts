/** Every topic and its number of partitions. Changing a number here changes no topic that exists. */
const PARTITIONS = {
  'oms.webhook-dispatch': 12,
  'oms.events': 12,
  participant: 6,
  entity: 6,
  container: 6,
  'oms.webhook-attempts': 6,
  'oms.events.dead-letter': 1,
  'participant.dead-letter': 1,
  'entity.dead-letter': 1,
  'container.dead-letter': 1,
} as const;

export type Topic = keyof typeof PARTITIONS;

type SourceOf<T> = T extends `${infer Source}.dead-letter` ? Source : never;
/** Topics that others write to: what cannot be read there goes to `<topic>.dead-letter`. */
export type DeadLetteredTopic = SourceOf<Topic>;

export const deadLetteredTopics: readonly DeadLetteredTopic[] = [
  'oms.events',
  'participant',
  'entity',
  'container',
];

export const topics = Object.entries(PARTITIONS).map(([topic, partitions]) => ({
  topic: topic as Topic,
  partitions,
}));

/**
 * Largest record, and largest batch of records, that topics made by us take: an event's body of 1 MiB and its envelope,
 * with room for JSON's escapes. Kafka's own default of 1 MiB would refuse it.
 */
export const MAX_RECORD_BYTES = 4 * 1024 * 1024;
