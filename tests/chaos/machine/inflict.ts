import { pause } from '@oms-webhooks/lifecycle';
import type { FaultKind, PlannedFault, VictimName } from '../plan.ts';
import type { Victim } from './victim.ts';

/** A fault as it came about. Instants are ms since the epoch. */
export interface Fault {
  victim: VictimName;
  kind: FaultKind;
  at: number;
  /** The victim runs again: thawed, or its process started. */
  until: number;
}

/**
 * Plays a plan. Faults of one victim come one after the other, those of different victims also at once. A victim that
 * is dead or frozen when the signal aborts is left as it is.
 */
export async function inflict(
  plan: PlannedFault[],
  victims: Record<VictimName, Victim>,
  { signal, onFault }: { signal: AbortSignal; onFault: (fault: PlannedFault) => void },
): Promise<Fault[]> {
  const startedAt = Date.now();
  const faults: Fault[] = [];

  async function inflictOn(victim: Victim, planned: PlannedFault[]): Promise<void> {
    for (const fault of planned) {
      await pause(startedAt + fault.atMs - Date.now(), signal);
      if (signal.aborted) return;
      onFault(fault);
      const at = Date.now();
      if (fault.kind === 'freeze') await victim.freeze();
      else if (fault.kind === 'kill') await victim.kill();
      else await victim.end();
      await pause(fault.forMs, signal);
      if (signal.aborted) return;
      if (fault.kind === 'freeze') victim.thaw();
      else await victim.start();
      faults.push({ victim: fault.victim, kind: fault.kind, at, until: Date.now() });
    }
  }

  await Promise.all(
    Object.entries(victims).map(([name, victim]) =>
      inflictOn(
        victim,
        plan.filter((fault) => fault.victim === name),
      ),
    ),
  );
  return faults.sort((one, other) => one.at - other.at);
}
