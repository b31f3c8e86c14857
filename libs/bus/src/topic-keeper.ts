import { pause, type Worker } from '@oms-webhooks/lifecycle';
import type { Bus } from './bus.ts';

const AGAIN_MS = 2_000;
/** Topics that somebody deletes come back. */
const EVERY_MS = 3_600_000;

/** Creates the topics that are missing, as soon as the broker answers. */
export function topicKeeper(bus: Bus): Worker {
  return {
    name: 'topics',
    async run(signal) {
      while (!signal.aborted) {
        const made = await bus.ensureTopics().then(
          () => true,
          () => false,
        );
        await pause(made ? EVERY_MS : AGAIN_MS, signal);
      }
    },
  };
}
