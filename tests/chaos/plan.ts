import { between, pick, randomOf } from './random.ts';

export type VictimName =
  'dispatcher 1' | 'dispatcher 2' | 'ingest API 1' | 'ingest API 2' | 'Kafka' | 'PostgreSQL';

/** kill: SIGKILL, and a new start. freeze: SIGSTOP, and SIGCONT. restart: an orderly end, and a new start. */
export type FaultKind = 'kill' | 'freeze' | 'restart';

export interface PlannedFault {
  /** After the first event was published, in ms. */
  atMs: number;
  victim: VictimName;
  kind: FaultKind;
  /** How long the victim is dead or frozen, in ms; without the time that it needs to start. */
  forMs: number;
}

export interface PlanOptions {
  seed: number;
  faults: number;
  /** How long events are published, in ms. */
  lengthMs: number;
  /** Some freezes outlast the group session of Kafka (10 s), and leases: for long runs. */
  longFreezes: boolean;
}

const FIRST_FAULT_MS = 1_500;

/** The same seed and options make the same plan. */
export function makePlan({ seed, faults, lengthMs, longFreezes }: PlanOptions): PlannedFault[] {
  const random = randomOf(seed);
  const plan = Array.from({ length: faults }, (): PlannedFault => {
    const victim = pick<VictimName>(random, {
      'dispatcher 1': 4,
      'dispatcher 2': 4,
      'ingest API 1': 2,
      'ingest API 2': 2,
      Kafka: 2,
      PostgreSQL: 2,
    });
    const kind = pick<FaultKind>(random, { kill: 6, freeze: 3, restart: 1 });
    const atMs = between(random, FIRST_FAULT_MS, lengthMs);
    const long = random() < 0.15;
    const [least, most] =
      kind !== 'freeze' ? [300, 3_000] : long && longFreezes ? [11_000, 40_000] : [1_000, 8_000];
    return { atMs, victim, kind, forMs: between(random, least, most) };
  });
  return plan.sort((one, other) => one.atMs - other.atMs);
}
