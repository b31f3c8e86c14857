import { rmSync } from 'node:fs';
import { startOmsService } from '@oms-webhooks/example-oms-service';
import { startReceiver, type Delivery } from '@oms-webhooks/example-receiver';
import { readSettings, variables } from '@oms-webhooks/config';
import { pause, runProcess, type Life } from '@oms-webhooks/lifecycle';
import { createDemoClient } from './demo-client.ts';
import { receivedRequest, shortEvent } from './demo-pictures.ts';
import { localVariables } from './local-settings.ts';
import { freePort } from './ports.ts';
import { becomeTheRunning } from './running-instance.ts';
import { startSystem } from './system.ts';
import type { Terminal } from './terminal.ts';

const dataDir = '.data/demo';
const socketPath = '.data/demo.sock';
const secret = 'demo-secret';
const omsToken = 'demo-oms-token';
const limitMs = 60_000;

/** `npm run demo`: the story of one event, on a system of its own. Exits 0 when it is complete, 1 when not in a minute. */
export async function demo(args: string[], terminal: Terminal): Promise<void> {
  const stays = args.includes('--stay');
  await runProcess({
    log: terminal.log,
    graceMs: 60_000,
    async start(life) {
      const isComplete = await tellStory(stays, terminal, life);
      if (!stays || !isComplete) life.end(isComplete ? 0 : 1);
    },
  });
}

async function tellStory(stays: boolean, terminal: Terminal, life: Life): Promise<boolean> {
  const { bold, dim, good, bad, print } = terminal;
  const oms = await startOmsService({ port: 0, token: omsToken });
  life.onClose('OMS service', oms.close);
  const { baseUrl, token } = await startDemoSystem(oms.url, terminal, life);

  const inTime = AbortSignal.any([life.signal, AbortSignal.timeout(limitMs)]);
  const healthy: Delivery[] = [];
  const flaky: Delivery[] = [];
  const healthyUrl = await receive({ onDelivery: (delivery) => healthy.push(delivery) }, life);
  const flakyUrl = await receive(
    {
      failFirst: 2,
      onDelivery: (delivery) => {
        flaky.push(delivery);
        const outcome =
          delivery.answered < 300
            ? good(`${delivery.answered} delivered`)
            : bad(`${delivery.answered} again in 2 s`);
        print(`   attempt ${delivery.number}  ${dim(clock())}  ${outcome}`);
      },
    },
    life,
  );

  const client = createDemoClient(baseUrl, token ?? '');
  const eventType = 'package.status.shipped';
  const countdown = { choice: 'fixed', kwargs: { seconds: 2 } };
  const create = (targetUrl: string) =>
    client.createWebhook({
      target_url: targetUrl,
      event_type: eventType,
      secret_key: secret,
      retry_countdown_config: countdown,
    });

  print(`\n${bold('1. Two partners subscribe')} to ${eventType}`);
  const [first, second] = [await create(healthyUrl), await create(flakyUrl)];
  print(`   webhook ${first} → ${healthyUrl}  ${dim('(healthy)')}`);
  print(`   webhook ${second} → ${flakyUrl}  ${dim('(answers 500 at first)')}`);

  print(`\n${bold('2. The OMS publishes')} {"hook": ${first}, "instance": {"pk": 8812, "model": "package"}}`);
  await client.publish(first, { pk: 8812, model: 'package' });
  print(`   ${good('202')}  durable; the package itself is looked up at ${oms.url}`);

  const received = await until(() => healthy[0], inTime);
  if (!received) return fail(terminal, 'the healthy partner got nothing');
  print(`\n${bold('3. The partner receives')}`);
  print(receivedRequest(received, terminal));
  if (received.signature !== 'valid') return fail(terminal, 'the signature is wrong');

  print(`\n${bold('4. The other partner is down')} and the event waits for it`);
  await client.publish(second, { pk: 8812, model: 'package' });
  const event = await until(() => client.deliveredEvent(second), inTime);
  if (!event) return fail(terminal, 'the second partner was not delivered to');
  if (new Set(flaky.map(({ body }) => body)).size !== 1)
    return fail(terminal, 'the retries were not the same bytes');
  print(`   ${dim('the same bytes and the same uuid each time')}`);

  print(`\n${bold('5. The event')} as GET /api/v1/oms/oms_hook_events/${event.id}/ shows it`);
  print(shortEvent(event, terminal));
  print(`\n${good('✓')} delivered to both: ${healthy.length} attempt, and ${flaky.length} attempts.`);
  if (stays) print(dim(`  it stays up: console ${baseUrl}/console/   token ${token ?? ''}   Ctrl-C ends it`));
  return true;
}

/** A system of its own beside any other: its own data, ports, and settings; only the log level is taken from outside. */
async function startDemoSystem(omsUrl: string, terminal: Terminal, life: Life) {
  const outside = Object.entries(process.env).filter(
    ([name]) => !(name in variables) || name === 'LOG_LEVEL',
  );
  const environment = {
    ...Object.fromEntries(outside),
    PORT: String(await freePort()),
    DISPATCHER_PORT: String(await freePort()),
    OMS_API_URL: omsUrl,
    OMS_API_TOKEN: omsToken,
  };
  const settings = readSettings(environment, localVariables);
  const instance = await becomeTheRunning(socketPath, life);
  rmSync(dataDir, { recursive: true, force: true });
  return startSystem({ dataDir, instance, settings, environment, terminal, life });
}

async function receive(
  options: { failFirst?: number; onDelivery: (delivery: Delivery) => void },
  life: Life,
) {
  const receiver = await startReceiver({ ...options, port: 0, secret });
  life.onClose('receiver', receiver.close);
  return receiver.url;
}

/** Asks again and again until there is an answer, or the signal aborts. */
async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  signal: AbortSignal,
): Promise<T | undefined> {
  for (; !signal.aborted; await pause(50, signal)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function fail(terminal: Terminal, words: string): false {
  terminal.warn(`the story does not complete: ${words}; logs: ${dataDir}/log/`);
  return false;
}

const clock = () => new Date().toISOString().slice(11, 23);
