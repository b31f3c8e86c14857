import type { Arrival } from '../load/receivers.ts';

export interface Disorder {
  line: string;
  what: string;
}

/**
 * What is wrong with the order in which events of ordered lines arrived: the first deliveries of a line must be in
 * sequence, and no two requests of a line may be open at once.
 */
export function findDisorder(arrivals: Arrival[]): Disorder[] {
  const overlaps = arrivals
    .filter(({ overlapped }) => overlapped)
    .map(({ event: { line, number } }) => ({ line, what: `${number} came while another request was open` }));
  const delivered = arrivals
    .filter((arrival) => arrival.delivered)
    .sort((one, other) => (one.endedAt ?? 0) - (other.endedAt ?? 0));
  const expected = new Map<string, number>();
  const outOfSequence: Disorder[] = [];
  for (const { event } of delivered) {
    const next = expected.get(event.line) ?? 0;
    if (event.number < next) continue;
    if (event.number > next)
      outOfSequence.push({ line: event.line, what: `${event.number} came before ${next}` });
    expected.set(event.line, event.number + 1);
  }
  return [...overlaps, ...outOfSequence];
}
