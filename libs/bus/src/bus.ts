import type { Topic } from './topics.ts';

export interface OutgoingRecord {
  /** Records with the same key keep their order; without key and partition, all records of one call share a random partition. */
  key?: string;
  value: string | Buffer;
  headers?: Record<string, string>;
  partition?: number;
}

export interface IncomingRecord<T extends Topic = Topic> {
  readonly topic: T;
  readonly partition: number;
  /** Decimal string: it may pass 2^53. */
  readonly offset: string;
  readonly key: string | null;
  readonly value: Buffer;
  readonly headers: Record<string, string>;
  /** Epoch ms by the clock of whoever sent it. */
  readonly timestamp: number;
  /**
   * Since when this consumer has owned the partition without interruption, by `steadyNow`. Null when that is not known
   * at this moment: the partition is lost, the group is rebalancing, or no heartbeat was answered within the session
   * timeout (the process was stopped and continued). Read it at the moment of deciding, not earlier.
   */
  readonly ownedSince: number | null;
  /** Recorded or parked: the committed offset may move past this record, in order within its partition. */
  done(): void;
}

export interface Consumption<T extends Topic = Topic> {
  topic: T | readonly T[];
  group: string;
  /** Abort: nothing more is handed out; what was handed out may still be done for `DRAIN_LIMIT_MS`, or until `close()`. */
  signal: AbortSignal;
  /** Called in order within a partition. Must be quick: heartbeats wait for it. A throw ends `consume` with that error. */
  handle(this: void, records: IncomingRecord<T>[]): void | Promise<void>;
  /**
   * Partitions may go to others: the group begins to be divided anew, the broker does not answer, or this consumer ends
   * with records in hand. Called again every second while that lasts.
   */
  onDoubt?: () => void;
  /**
   * Records of one partition that were handed out and are not done, from which on no more are read for now; 5,000 unless
   * told, and in any case 4 MiB. What one read brings beyond that is handed out.
   */
  mostInHand?: number;
  /** Where a group starts that has never committed; default true, since records sent before it joined count too. */
  fromBeginning?: boolean;
}

export interface ConsumerLag {
  topic: Topic;
  /** Beyond the committed offsets, which follow what is done by up to a second. */
  messages: number;
}

export interface Bus {
  /**
   * Resolves when the broker has acknowledged every record. Rejects within about `sendTimeoutMs`:
   * BusUnavailableError, RecordTooLargeError. Some records may have been written even so, and a record may be there
   * twice after a partition has changed its leader: consumers must bear both.
   */
  send(topic: Topic, records: readonly OutgoingRecord[]): Promise<void>;
  /** Consumes until the signal aborts, whatever the broker does in between; resolves when offsets are committed. */
  consume<T extends Topic>(consumption: Consumption<T>): Promise<void>;
  /** Creates the topics of the table that are missing. Rejects when the broker is away. */
  ensureTopics(): Promise<void>;
  /** Whether the broker answered when last asked. */
  healthy(): boolean;
  /** When the broker was last seen away, by `steadyNow`; null when it never was. */
  lastAway(): number | null;
  /** How far a group is behind in each topic, whoever its members are. Rejects when the broker is away. */
  lag(group: string, topics: readonly Topic[]): Promise<ConsumerLag[]>;
  /** Ends every consumption without waiting for undone records, commits what is done, disconnects. */
  close(): Promise<void>;
}

/** The broker is away, or did not acknowledge in time. Take the other road. */
export class BusUnavailableError extends Error {
  override name = 'BusUnavailableError';
  /** Whether records may have been written all the same: the broker did not answer, rather than not being asked. */
  maybeWritten = false;
}

/** The broker refuses a record of this size for good. */
export class RecordTooLargeError extends Error {
  override name = 'RecordTooLargeError';
}

export const DRAIN_LIMIT_MS = 30_000;
