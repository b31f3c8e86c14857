import './start.ts';

/** Jest's global tear-down: ends what `start.ts` started, once. */
export default async function stop(): Promise<void> {
  const stopEnvironment = globalThis.stopEnvironment;
  globalThis.stopEnvironment = undefined;
  await stopEnvironment?.();
}
