import type { Emitter } from './emit.ts';
import type { OmsService } from './oms-service.ts';
import { packageLife, type Step } from './package-life.ts';

export interface PlayOptions {
  service: Pick<OmsService, 'serve'>;
  emitter: Pick<Emitter, 'emit'>;
  /** The numbers of the packages, one life after the other. */
  packages: Iterable<number>;
  /** Sends the resource along; else it is looked up. */
  withData: boolean;
  /** Tells this run's events from those of an earlier one with the same packages. */
  run: string;
  pause: () => Promise<void>;
  onStep?: (step: Step) => void;
}

/** Plays the lives of packages: each change is served first, then told. */
export async function playLives(options: PlayOptions): Promise<void> {
  const { service, emitter, packages, withData, run, pause, onStep } = options;
  for (const number of packages) {
    let count = 0;
    for (const step of packageLife(number, () => new Date().toISOString())) {
      const { eventType, subject, changed } = step;
      for (const resource of changed) service.serve(resource);
      const { pk, model, body } = subject;
      const instance = { pk, model, ...(withData && { data: body }) };
      await emitter.emit({ event_type: eventType, instance }, `${run}/${number}/${++count}`);
      onStep?.(step);
      await pause();
    }
  }
}
