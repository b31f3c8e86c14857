import { parseArgs } from 'node:util';
import { deliveryLine, startReceiver } from './receiver.ts';

const usage = `A receiver of webhooks, to try things out.

  --port N          where it listens (default 9000)
  --host ADDRESS    on which address (default 127.0.0.1)
  --secret TEXT     the webhook's secret_key: signatures are verified, wrong ones answered 401
  --fail-first N    answers the first N requests with 500
  --status N        answers the others with this status (default 200)
  --bodies          prints the bodies too`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9000' },
    host: { type: 'string', default: '127.0.0.1' },
    secret: { type: 'string' },
    'fail-first': { type: 'string', default: '0' },
    status: { type: 'string', default: '200' },
    bodies: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(usage);
} else {
  const receiver = await startReceiver({
    port: Number(values.port),
    host: values.host,
    secret: values.secret,
    failFirst: Number(values['fail-first']),
    status: Number(values.status),
    onDelivery(delivery) {
      console.log(deliveryLine(delivery));
      if (values.bodies) console.log(delivery.body);
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
  console.log(`receiving at ${receiver.url}`);
}
