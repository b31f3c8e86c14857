// A broker by hand: prints KAFKA_BROKERS=… and stays up until Ctrl-C.
import { build } from 'esbuild';

const outfile = new URL('../../.cache/kafka-local/broker.mjs', import.meta.url);
const source = new URL('../../tests/environment/kafka-broker.ts', import.meta.url);
await build({
  entryPoints: [source.pathname],
  outfile: outfile.pathname,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
});
const { startKafka } = await import(outfile.href);
const broker = await startKafka();
console.log(`KAFKA_BROKERS=${broker.brokers}`);
const stop = () => void broker.stop().then(() => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
process.stdin.resume();
