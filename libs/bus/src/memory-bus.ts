import { steadyNow } from '@oms-webhooks/lifecycle';
import {
  BusUnavailableError,
  RecordTooLargeError,
  type Bus,
  type Consumption,
  type IncomingRecord,
} from './bus.ts';
import { incomingRecord, type RecordContent } from './incoming-record.ts';
import { Membership } from './membership.ts';
import { MAX_RECORD_BYTES, topics, type Topic } from './topics.ts';

type Stored = RecordContent<Topic>;

interface Member {
  id: string;
  topics: readonly Topic[];
  membership: Membership;
  wake(): void;
  onDoubt: () => void;
}

interface Group {
  members: Member[];
  /** `topic/partition` → offset of the next record to read. */
  committed: Map<string, number>;
}

export interface MemoryBroker {
  /** A bus of one process; those of the same broker share topics and groups. */
  connect(): Bus;
}

/** A broker in memory for specs: same contract as Kafka, except that it is never away and forgets all with the process. */
export function createMemoryBroker(now: () => number = steadyNow): MemoryBroker {
  const logs = new Map<Topic, Stored[][]>(
    topics.map(({ topic, partitions }) => [topic, Array.from({ length: partitions }, () => [])]),
  );
  const groups = new Map<string, Group>();
  let lastMember = 0;

  const wakeAll = () => {
    for (const { members } of groups.values()) for (const member of members) member.wake();
  };

  /** Deals each topic's partitions out to the members that want it, in turn. */
  function rebalance({ members }: Group): void {
    const dealt = new Map<Member, Record<string, number[]>>(members.map((member) => [member, {}]));
    for (const [topic, partitions] of logs) {
      const takers = members.filter((member) => member.topics.includes(topic));
      partitions.forEach((_, partition) => {
        const assignment = dealt.get(takers[partition % takers.length]!);
        if (assignment) (assignment[topic] ??= []).push(partition);
      });
    }
    for (const member of members) member.onDoubt();
    for (const [member, assignment] of dealt) member.membership.joined(member.id, assignment, now());
    for (const member of members) member.wake();
  }

  async function consume<T extends Topic>(consumption: Consumption<T>, closing: AbortSignal): Promise<void> {
    const { group: groupName, signal, handle, fromBeginning = true, mostInHand } = consumption;
    const group = groups.get(groupName) ?? { members: [], committed: new Map<string, number>() };
    groups.set(groupName, group);
    let wake = () => {};
    const membership = new Membership(Infinity, now);
    const wanted: readonly T[] = Array.isArray(consumption.topic)
      ? consumption.topic
      : [consumption.topic as T];
    const member: Member = {
      id: String(++lastMember),
      topics: wanted,
      membership,
      wake: () => wake(),
      onDoubt: () => consumption.onDoubt?.(),
    };
    const ends = wanted.flatMap((topic) =>
      logs.get(topic)!.map((log, n) => [`${topic}/${n}`, log.length] as const),
    );
    const starts = new Map<string, number>(fromBeginning ? [] : ends);

    function take(): IncomingRecord<T>[] {
      for (const owned of membership.partitions) {
        const name = `${owned.topic}/${owned.partition}`;
        const log = logs.get(owned.topic as T)![owned.partition]!;
        let next = Number(owned.progress?.next ?? group.committed.get(name) ?? starts.get(name) ?? 0);
        const records: IncomingRecord<T>[] = [];
        const onDone = () => {
          if (!owned.lost && owned.progress) group.committed.set(name, Number(owned.progress.position));
          wake();
        };
        while (next < log.length && !owned.progress?.full)
          records.push(
            incomingRecord(membership, owned, log[next++] as RecordContent<T>, { onDone, mostInHand })!,
          );
        if (records.length > 0) return records;
      }
      return [];
    }

    const wakeOnAbort = () => wake();
    for (const cause of [signal, closing]) cause.addEventListener('abort', wakeOnAbort);
    group.members.push(member);
    rebalance(group);
    try {
      while (!closing.aborted && (!signal.aborted || membership.inHand > 0)) {
        const woken = new Promise<void>((resolve) => (wake = resolve));
        const records = signal.aborted ? [] : take();
        if (records.length > 0) await handle(records);
        else await woken;
      }
    } finally {
      for (const cause of [signal, closing]) cause.removeEventListener('abort', wakeOnAbort);
      membership.left();
      group.members = group.members.filter((other) => other !== member);
      rebalance(group);
    }
  }

  function lagOf(group: string, topic: Topic): number {
    const committed = groups.get(group)?.committed;
    return logs
      .get(topic)!
      .reduce((sum, log, partition) => sum + log.length - (committed?.get(`${topic}/${partition}`) ?? 0), 0);
  }

  function connect(): Bus {
    const closing = new AbortController();
    const consumptions = new Set<Promise<void>>();
    return {
      async send(topic, records) {
        await Promise.resolve();
        if (closing.signal.aborted) throw new BusUnavailableError('The bus is closed');
        const partitions = logs.get(topic)!;
        const spread = Math.floor(Math.random() * partitions.length);
        for (const { key, value, headers = {}, partition } of records) {
          const bytes = Buffer.from(value);
          if (bytes.length > MAX_RECORD_BYTES)
            throw new RecordTooLargeError(`${bytes.length} bytes are too large`);
          const log = partitions[partition ?? (key === undefined ? spread : hash(key) % partitions.length)]!;
          log.push({
            topic,
            offset: String(log.length),
            key: key ?? null,
            value: bytes,
            headers,
            timestamp: now(),
          });
        }
        wakeAll();
      },
      async consume(consumption) {
        const consuming = consume(consumption, closing.signal);
        consumptions.add(consuming);
        await consuming.finally(() => consumptions.delete(consuming));
      },
      ensureTopics: () => Promise.resolve(),
      healthy: () => !closing.signal.aborted,
      lastAway: () => null,
      lag: (group, of) => Promise.resolve(of.map((topic) => ({ topic, messages: lagOf(group, topic) }))),
      async close() {
        closing.abort();
        await Promise.allSettled(consumptions);
      },
    };
  }

  return { connect };
}

const hash = (key: string): number =>
  [...key].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
