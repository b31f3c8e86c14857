import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { emitterByKafka, emitterByRest, type Emitter } from './emit.ts';
import { startOmsService } from './oms-service.ts';
import { playLives } from './play-lives.ts';

const usage = `A domain service of an OMS in small: serves packages and shipments, and tells what happens to them.

  --port N          where it serves resources (default 9100)
  --host ADDRESS    on which address (default 127.0.0.1)
  --token TEXT      what look-ups must carry (default example-oms-token)
  --packages N      plays the lives of so many packages, from number --first (default 0: it only serves)
  --first N         default 9001
  --pause-ms N      between two events (default 1000)
  --with-data       sends the resource with each event; without it, it is looked up here

Events go to the topic oms.events where KAFKA_BROKERS (and KAFKA_TOPIC_PREFIX) is set, else to
POST /api/v1/oms/events/ at OMS_WEBHOOKS_URL (default http://127.0.0.1:8080) with OMS_WEBHOOKS_TOKEN.`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9100' },
    host: { type: 'string', default: '127.0.0.1' },
    token: { type: 'string', default: 'example-oms-token' },
    packages: { type: 'string', default: '0' },
    first: { type: 'string', default: '9001' },
    'pause-ms': { type: 'string', default: '1000' },
    'with-data': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function openEmitter(): Promise<Emitter> {
  const { KAFKA_BROKERS, KAFKA_TOPIC_PREFIX, OMS_WEBHOOKS_URL, OMS_WEBHOOKS_TOKEN } = process.env;
  if (KAFKA_BROKERS)
    return emitterByKafka({ brokers: KAFKA_BROKERS.split(','), topicPrefix: KAFKA_TOPIC_PREFIX });
  if (!OMS_WEBHOOKS_TOKEN)
    throw new Error('OMS_WEBHOOKS_TOKEN is not set: a token of oms-webhooks is needed');
  return emitterByRest({ url: OMS_WEBHOOKS_URL ?? 'http://127.0.0.1:8080', token: OMS_WEBHOOKS_TOKEN });
}

async function run(): Promise<void> {
  const count = Number(values.packages);
  const emitter = count > 0 ? await openEmitter() : undefined;
  const service = await startOmsService({
    port: Number(values.port),
    host: values.host,
    token: values.token,
    onLookUp: (path, status) => console.log(`GET ${path} → ${status}`),
  });
  console.log(`OMS_API_URL=${service.url} OMS_API_TOKEN=${values.token}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
  if (!emitter) return;
  await playLives({
    service,
    emitter,
    packages: Array.from({ length: count }, (_, index) => Number(values.first) + index),
    withData: values['with-data'],
    run: new Date().toISOString(),
    pause: () => pause(Number(values['pause-ms'])),
    onStep: ({ eventType, subject }) => console.log(`${eventType} of ${subject.model} ${subject.pk}`),
  });
  await emitter.close();
  console.log('all events are emitted; resources are served on');
}

if (values.help) console.log(usage);
else
  await run().catch((error: unknown) => {
    console.error((error as Error).message);
    process.exit(1);
  });
