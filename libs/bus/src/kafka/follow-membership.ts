import type { Consumer } from 'kafkajs';
import type { Membership, OwnedPartition } from '../membership.ts';

/** Tells the membership what KafkaJS hears from the group; `onLost` gets the partitions that went to others. */
export function followMembership(
  consumer: Consumer,
  membership: Membership,
  onLost: (lost: OwnedPartition[]) => void,
  now: () => number,
): void {
  // A sign of life counts from when it was sent: the answer may have waited in the socket while the process was stopped.
  const sentAt = new Map<string, number>();
  consumer.on(consumer.events.REQUEST, ({ payload }) => {
    // KafkaJS stamps by the wall clock; a moment ago by that is a moment ago by ours.
    sentAt.set(payload.apiName, now() - Math.max(0, Date.now() - payload.sentAt));
    if (payload.apiName === 'JoinGroup') membership.rebalancing();
  });
  consumer.on(consumer.events.REBALANCING, () => membership.rebalancing());
  consumer.on(consumer.events.HEARTBEAT, () =>
    membership.heartbeatAnswered(sentAt.get('Heartbeat') ?? -Infinity),
  );
  consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberId, memberAssignment } }) =>
    onLost(membership.joined(memberId, memberAssignment, sentAt.get('SyncGroup') ?? -Infinity)),
  );
}
