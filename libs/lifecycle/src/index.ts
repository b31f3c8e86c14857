export { pause, steadyNow, systemClock, type Clock } from './clock.ts';
export { manualClock, type ManualClock } from './manual-clock.ts';
export type { LifecycleLog } from './log.ts';
export { supervise, type SuperviseOptions, type Supervision, type Worker } from './supervise.ts';
export { closingInReverse, type Closing } from './closing.ts';
export { oneWishMs, runProcess, type Life, type RunProcessOptions } from './run-process.ts';
