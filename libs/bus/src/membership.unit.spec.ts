import { Membership } from './membership.ts';

describe('Membership of a group', () => {
  let now: number;
  let membership: Membership;
  const ownedSince = (partition: number) => {
    const owned = membership.partition('t', partition);
    return owned ? membership.ownedSince(owned) : undefined;
  };

  beforeEach(() => {
    now = 1_000_000;
    membership = new Membership(30_000, () => now);
    membership.joined('me', { t: [0, 1] }, now);
  });

  it('owns from the moment of the assignment, while heartbeats are answered', () => {
    expect(ownedSince(0)).toBe(1_000_000);
    now += 29_999;
    expect(ownedSince(0)).toBe(1_000_000);
    now += 1;
    expect(ownedSince(0)).toBeNull();
    membership.heartbeatAnswered(now - 5);
    expect(ownedSince(0)).toBe(1_000_000);
  });

  it('counts a sign of life from when it was sent, not from when its answer was read', () => {
    const sentAt = now;
    now += 40_000; // the process was stopped with the answer in its socket
    membership.heartbeatAnswered(sentAt);
    expect(ownedSince(0)).toBeNull();
  });

  it('knows nothing while the group is being divided anew', () => {
    membership.rebalancing();
    expect(ownedSince(0)).toBeNull();
    expect(membership).toMatchObject({ inDoubt: true });
  });

  it('is in doubt well before its partitions can go to others, as long as nobody answers', () => {
    now += 8_999;
    expect(membership.inDoubt).toBe(false);
    now += 1;
    expect(membership.inDoubt).toBe(true);
    expect(ownedSince(0)).not.toBeNull();
    membership.heartbeatAnswered(now);
    expect(membership.inDoubt).toBe(false);
  });

  it('has no doubts about partitions that it does not have', () => {
    membership.joined('me', {}, now);
    membership.rebalancing();
    expect(membership.inDoubt).toBe(false);
  });

  it('keeps what stays assigned to the same member, and loses the rest', () => {
    const [kept, lost] = membership.partitions;
    now += 500;
    expect(membership.joined('me', { t: [0, 2] }, now)).toEqual([lost]);
    expect(membership.partition('t', 0)).toBe(kept);
    expect(ownedSince(0)).toBe(1_000_000);
    expect(ownedSince(2)).toBe(1_000_500);
    expect(membership.ownedSince(lost!)).toBeNull();
  });

  it('owns everything afresh under a new member id: somebody else may have had it in between', () => {
    const before = membership.partitions;
    now += 500;
    expect(membership.joined('another id', { t: [0, 1] }, now)).toEqual(before);
    expect(ownedSince(0)).toBe(1_000_500);
    expect(before.map((owned) => membership.ownedSince(owned))).toEqual([null, null]);
  });

  it('owns nothing after it has left', () => {
    const before = membership.partitions;
    membership.left();
    expect(membership.partitions).toEqual([]);
    expect(before.map((owned) => membership.ownedSince(owned))).toEqual([null, null]);
  });
});
