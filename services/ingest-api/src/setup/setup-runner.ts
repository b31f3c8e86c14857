import type { WantedWebhook } from '@oms-webhooks/config';
import { pause } from '@oms-webhooks/lifecycle';
import type { Log } from '@oms-webhooks/telemetry';
import pRetry from 'p-retry';
import { missingWebhooks } from './missing-webhooks.ts';
import { OmnitronError, type Omnitron } from './omnitron.ts';
import { BEAT_MS, type SetupTasks } from './setup-tasks.ts';

const LONGEST_ERROR = 2000;

export interface SetupRunnerOptions {
  tasks: Pick<SetupTasks, 'begin' | 'beat' | 'end'>;
  wanted: readonly WantedWebhook[];
  /** Aborts when the process stops: the run then ends as ABORTED. */
  signal: AbortSignal;
  log: Log;
}

/** Runs setup: registers at the Omnitron service what is wanted and missing there. Beside the request that asked for it. */
export class SetupRunner {
  readonly #options: SetupRunnerOptions;
  readonly #running = new Set<Promise<void>>();

  constructor(options: SetupRunnerOptions) {
    this.#options = options;
  }

  /** Resolves when a run has begun, here now or somewhere before. */
  async start(startedBy: string, omnitron: Omnitron): Promise<void> {
    const { tasks, log } = this.#options;
    const id = await tasks.begin(startedBy);
    if (id === undefined) return;
    log.info('setup begins', { task: id, started_by: startedBy });
    const running = this.#run(id, omnitron).catch((error: unknown) =>
      log.error('the end of setup could not be recorded; it reads ABORTED', { task: id, error }),
    );
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  /** Resolves when nothing runs here any more. */
  async stopped(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(id: number, omnitron: Omnitron): Promise<void> {
    const { tasks, signal, log } = this.#options;
    const progress = { registered: 0 };
    const over = new AbortController();
    const lost = new AbortController();
    const beating = this.#beat(id, progress, over.signal, lost);
    const ended = await this.#register(omnitron, progress, AbortSignal.any([signal, lost.signal])).then(
      () => ({ state: 'FINISHED', error: null }) as const,
      (error: unknown) => {
        if (signal.aborted || lost.signal.aborted)
          return { state: 'ABORTED', error: 'The process that ran it was stopped.' } as const;
        return { state: 'FAILED', error: textOf(error).slice(0, LONGEST_ERROR) } as const;
      },
    );
    over.abort();
    await beating;
    const line = { task: id, ...progress, ...(ended.error !== null && { reason: ended.error }) };
    if (ended.state === 'FINISHED') log.info('setup is finished', line);
    else log.warn(ended.state === 'FAILED' ? 'setup has failed' : 'setup was cut short', line);
    await pRetry(() => tasks.end(id, { ...ended, ...progress }), { retries: signal.aborted ? 0 : 4 });
  }

  /** One that is refused does not keep the others out; all refusals are told together at the end. */
  async #register(omnitron: Omnitron, progress: { registered: number }, signal: AbortSignal): Promise<void> {
    const { wanted } = this.#options;
    const missing = wanted.length === 0 ? [] : missingWebhooks(wanted, await omnitron.registered(signal));
    const refusals: string[] = [];
    for (const webhook of missing) {
      try {
        if (await omnitron.register(webhook, signal)) progress.registered += 1;
      } catch (error) {
        if (!(error instanceof OmnitronError && error.isRefusal)) throw error;
        refusals.push(`${webhook.event_type} to ${webhook.target_url}: ${error.message}`);
      }
    }
    if (refusals.length > 0) throw new OmnitronError(refusals.join('; '));
  }

  /** Shows that the run lives, until it is over. */
  async #beat(
    id: number,
    progress: { registered: number },
    over: AbortSignal,
    lost: AbortController,
  ): Promise<void> {
    for (await pause(BEAT_MS, over); !over.aborted; await pause(BEAT_MS, over)) {
      // While PostgreSQL is away there is nobody to show it to.
      const isOurs = await this.#options.tasks.beat(id, progress.registered).catch(() => true);
      if (!isOurs) lost.abort();
    }
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
