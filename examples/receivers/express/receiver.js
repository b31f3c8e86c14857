import { randomUUID } from 'node:crypto';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verify, VerificationError } from '@oms-webhooks/client';
import express from 'express';

const { WEBHOOK_SECRET: secret = '', INBOX: inbox = 'inbox', PORT: port = '9000' } = process.env;
if (!secret) throw new Error('WEBHOOK_SECRET is not set: the secret_key of the webhook.');
await mkdir(inbox, { recursive: true });

const app = express();
// The bytes as they came in: a signature is of them, not of what a JSON parser makes of them.
app.post('/hooks', express.raw({ type: () => true, limit: '2mb' }), async (request, response) => {
  const { headers, body = '' } = request;
  try {
    verify({ headers, body }, { secret });
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    response.sendStatus(401);
    return;
  }
  // The answer says that the delivery is safe here. The work is for whoever reads the inbox, afterwards.
  const isNew = await keep(headers['webhook-id'], body);
  console.log(isNew ? 'new' : 'known', headers['webhook-id']);
  response.sendStatus(204);
});
app.listen(Number(port), '127.0.0.1', () => console.log(`receiving at http://127.0.0.1:${port}/hooks`));

/** Keeps a delivery under its id, whole or not at all; false when it has been kept before. */
async function keep(id, body) {
  const unfinished = join(inbox, `.${randomUUID()}`);
  try {
    await writeFile(unfinished, body, { flush: true });
    await link(unfinished, join(inbox, encodeURIComponent(id)));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}
