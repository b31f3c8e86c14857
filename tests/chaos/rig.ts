import { pause } from '@oms-webhooks/lifecycle';
import { Ledger } from './load/ledger.ts';
import { publishAll } from './load/publisher.ts';
import { startReceivers, type Behaviour, type Receivers } from './load/receivers.ts';
import { makeTraffic, RECEIVERS, registerWebhooks } from './load/traffic.ts';
import { databaseView } from './machine/database-view.ts';
import type { Fault } from './machine/inflict.ts';
import { startMachine, TOKEN, type Machine, type MachineOptions } from './machine/start-machine.ts';
import { randomOf } from './random.ts';
import { judge, type Verdict } from './verdict/judge.ts';

/** A system to hurt, somebody who publishes, receivers that count, and a judge. */
export interface Rig {
  machine: Machine;
  receivers: Receivers;
  ledger: Ledger;
  /** Resolves when every event was answered 202. */
  publish(traffic: { events: number; lengthMs: number }): Promise<void>;
  /** Waits until everything has arrived and is recorded, or for the limit, and judges. */
  conclude(planned: number, faults: Fault[], limitMs: number): Promise<Verdict>;
  /** One line: what was published and what has arrived. */
  progress(): string;
  close(keepFolder: boolean): Promise<void>;
}

export interface RigOptions {
  seed: number;
  /** Names of RECEIVERS. */
  receivers: string[];
  machine?: MachineOptions | undefined;
  signal: AbortSignal;
}

/** After everything has arrived, events that are on their way a second time have this long to show up, ms. */
const AFTERMATH_MS = 2_000;

export async function openRig({
  seed,
  receivers: names,
  machine: machineOptions,
  signal,
}: RigOptions): Promise<Rig> {
  const behaviours = new Map<string, Behaviour>(names.map((name) => [name, RECEIVERS[name]!.behaviour]));
  const receivers = await startReceivers(behaviours, randomOf(seed ^ 0xa115));
  const machine = await startMachine(machineOptions).catch(async (error: unknown) => {
    await receivers.close();
    throw error;
  });
  const close = async (keepFolder: boolean) => {
    await machine.close(keepFolder);
    await receivers.close();
  };
  const apiUrls = machine.ingestApis.map(({ url }) => url);
  const hooks = await registerWebhooks(apiUrls[0]!, TOKEN, receivers).catch(async (error: unknown) => {
    await close(true);
    throw error;
  });
  const ledger = new Ledger();
  const delivered = () =>
    new Set(receivers.arrivals.flatMap((arrival) => (arrival.delivered ? [arrival.uuid] : [])));

  /** PostgreSQL may still be coming back. */
  async function unfinished(): Promise<string[] | undefined> {
    const view = await databaseView(machine.databaseUrl).catch(() => undefined);
    try {
      return await view?.unfinished();
    } catch {
      return undefined;
    } finally {
      await view?.close();
    }
  }

  async function settled(): Promise<boolean> {
    const arrived = delivered();
    if (!ledger.acknowledged.every(({ uuid }) => arrived.has(uuid))) return false;
    return (await unfinished())?.length === 0;
  }

  return {
    machine,
    receivers,
    ledger,
    publish: (traffic) =>
      publishAll(makeTraffic({ seed, ...traffic }, hooks), {
        apiUrls,
        token: TOKEN,
        ledger,
        random: randomOf(seed ^ 0xab1e),
        signal,
      }),
    async conclude(planned, faults, limitMs) {
      const until = Date.now() + limitMs;
      while (!signal.aborted && Date.now() < until && !(await settled())) await pause(250, signal);
      await pause(AFTERMATH_MS, signal);
      const times = new Map<string, number>();
      for (const { uuid, delivered } of receivers.arrivals)
        if (delivered) times.set(uuid, (times.get(uuid) ?? 0) + 1);
      const view = await databaseView(machine.databaseUrl);
      try {
        return judge({
          planned,
          ledger,
          arrivals: receivers.arrivals,
          behaviours,
          faults,
          attempts: await view.attemptsOf([...times].flatMap(([uuid, count]) => (count > 1 ? [uuid] : []))),
          unfinished: await view.unfinished(),
          unexpectedEnds: machine.unexpectedEnds,
        });
      } finally {
        await view.close();
      }
    },
    progress: () => `${ledger.byKey.size} acknowledged, ${delivered().size} delivered`,
    close,
  };
}
