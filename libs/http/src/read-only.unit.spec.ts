import express from 'express';
import request from 'supertest';
import { answerErrors } from './answer-errors.ts';
import { readOnly } from './read-only.ts';

const app = express();
readOnly(app, '/state', (_request, response) => void response.json({ status: 'ok' }));
app.use(answerErrors({ log: { error: () => undefined, warn: () => undefined }, isUnavailable: () => false }));

describe('A path that is only read', () => {
  it('is answered to GET and HEAD', async () => {
    await request(app).get('/state').expect(200, { status: 'ok' });
    await request(app).head('/state').expect(200);
  });

  it('says to others which methods there are', async () => {
    await request(app).options('/state').expect(200).expect('Allow', 'GET, HEAD, OPTIONS');
    for (const method of ['post', 'put', 'patch', 'delete', 'trace'] as const) {
      const refused = { detail: `Method "${method.toUpperCase()}" not allowed.` };
      await request(app)[method]('/state').expect(405, refused).expect('Allow', 'GET, HEAD, OPTIONS');
    }
  });
});
