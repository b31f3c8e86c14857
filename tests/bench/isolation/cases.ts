import type { ServerResponse } from 'node:http';

/** A way for webhooks to be sick, beside which the others are measured. */
export interface SickCase {
  name: string;
  /** So many of the ten webhooks; none: what two equal halves differ by on this machine. */
  sick: number;
  answer: (response: ServerResponse) => void;
  /** Events of the last one that have failed before and wait for their next attempt; in the half without, they were delivered. */
  waiting: number;
}

const DROP_EVERY_MS = 1_000;

function drip(response: ServerResponse): void {
  response.writeHead(200).flushHeaders();
  const dripping = setInterval(() => response.write('.'), DROP_EVERY_MS);
  response.once('close', () => clearInterval(dripping));
}

const never = () => undefined;
const refuse = (response: ServerResponse) => void response.writeHead(503).end();

export const cases: SickCase[] = [
  { name: 'none is sick', sick: 0, answer: never, waiting: 0 },
  { name: '100,000 retries wait at one', sick: 1, answer: refuse, waiting: 100_000 },
  { name: 'one hangs', sick: 1, answer: never, waiting: 0 },
  { name: 'one answers a byte a second', sick: 1, answer: drip, waiting: 0 },
  { name: 'three of ten hang', sick: 3, answer: never, waiting: 0 },
];
