export {
  BusUnavailableError,
  RecordTooLargeError,
  type Bus,
  type ConsumerLag,
  type Consumption,
  type IncomingRecord,
  type OutgoingRecord,
} from './bus.ts';
export { busMetrics } from './bus-metrics.ts';
export { sendDeadLetter } from './dead-letter.ts';
export { busOfSettings, kafkaOptionsOf, type KafkaSettings } from './kafka/bus-of-settings.ts';
export { createKafkaBus } from './kafka/kafka-bus.ts';
export type { BusLog, KafkaOptions } from './kafka/connection.ts';
export { readDeadLetters, type DeadLetter } from './kafka/dead-letters.ts';
export { missingTopics } from './kafka/missing-topics.ts';
export { createMemoryBroker, type MemoryBroker } from './memory-bus.ts';
export { deadLetteredTopics, type DeadLetteredTopic, type Topic } from './topics.ts';
export { topicKeeper } from './topic-keeper.ts';
