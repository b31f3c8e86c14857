import type { System } from '../machine/system.ts';

/** Seconds until each service is ready, one after the other, PostgreSQL and Kafka being up. */
export async function measureStart({ ingestApi, dispatcher }: System): Promise<Record<string, number>> {
  const took: Record<string, number> = {};
  for (const service of [ingestApi, dispatcher]) {
    await service.end();
    const startedAt = performance.now();
    await service.start();
    await service.ready();
    took[service.name] = (performance.now() - startedAt) / 1000;
  }
  return took;
}
