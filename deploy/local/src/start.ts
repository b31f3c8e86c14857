import { join } from 'node:path';
import { deliveryLine, startReceiver } from '@oms-webhooks/example-receiver';
import type { Settings } from '@oms-webhooks/config';
import { runProcess, type Life } from '@oms-webhooks/lifecycle';
import type { localVariables } from './local-settings.ts';
import { pastedLines } from './pasted-lines.ts';
import { rememberedPort } from './ports.ts';
import { becomeTheRunning } from './running-instance.ts';
import { startSystem, type RunningSystem } from './system.ts';
import type { Terminal } from './terminal.ts';

/** Of this machine's system: its database, its token, its logs. From the project's folder on. */
export const dataDir = process.env.DATA_DIR?.trim() || '.data';
export const socketPath = join(dataDir, 'run.sock');

const receiverSecret = 'example-secret';

/** `npm start`: the whole system until Ctrl-C. */
export async function start(settings: Settings<typeof localVariables>, terminal: Terminal): Promise<void> {
  const graceMs = settings.DELIVERY_TIMEOUT_MS + 60_000;
  await runProcess({
    log: terminal.log,
    graceMs,
    async start(life) {
      const environment = process.env;
      const instance = await becomeTheRunning(socketPath, life);
      const system = await startSystem({ dataDir, instance, settings, environment, terminal, life });
      // Elsewhere than with the embedded database this machine is no allowed target unless the settings say so.
      const isOwnTarget =
        settings.DATABASE_URL === undefined && environment.DELIVERY_ALLOWED_NETWORKS === undefined;
      const receiverUrl = isOwnTarget ? await receive(terminal, life) : undefined;
      present(system, receiverUrl, terminal);
    },
  });
}

/** Runs the example receiver, so that the lines below have somewhere to deliver to. */
async function receive(terminal: Terminal, life: Life): Promise<string> {
  const receiver = await startReceiver({
    port: await rememberedPort(dataDir, 'receiver'),
    secret: receiverSecret,
    onDelivery: (delivery) => terminal.print(`${terminal.good('←')} receiver: ${deliveryLine(delivery)}`),
  });
  life.onClose('receiver', receiver.close);
  return receiver.url;
}

function present(system: RunningSystem, receiverUrl: string | undefined, terminal: Terminal): void {
  const { baseUrl, token } = system;
  const { bold, dim, print } = terminal;
  const lines = pastedLines({
    baseUrl,
    token: token ?? '$OMS_TOKEN',
    targetUrl: receiverUrl ? `${receiverUrl}hooks/` : 'https://example.com/hooks/',
    secret: receiverSecret,
  });
  print(`
${bold('oms-webhooks is running.')}  Ctrl-C stops it.

  API       ${baseUrl}/
  console   ${baseUrl}/console/
  token     ${token ?? 'one of yours: npm run tokens -- create'}${
    receiverUrl ? `\n  receiver  ${receiverUrl}  ${dim('(what it gets is shown below)')}` : ''
  }
  logs      ${dataDir}/log/

Paste into another terminal: create a webhook, publish an event to it, list the events.

${lines.join('\n\n')}
`);
}
