import fc from 'fast-check';
import type { Request, Response } from 'express';
import { ApiError, malformed, notFound, validationFailed } from './api-error.ts';
import { Os1Error, os1Envelope } from './os1-envelope.ts';

const envelope = os1Envelope((method, route) => (route === undefined ? '0000' : `${method.length}001`));
const answer = (error: ApiError, body?: unknown, route?: string) =>
  envelope(
    error,
    { method: 'POST', originalUrl: '/core/apps?limit=1&x=?', body } as Request,
    { locals: { route } } as unknown as Response,
  );

describe('an error of the OS1 family', () => {
  it('has a code of 12 digits, its description and the request', () => {
    expect(answer(notFound(), undefined, '/core/apps')).toEqual({
      error: { code: '101040014040', description: 'Not found.', additionalInfo: { errorTrace: [] } },
      request: { uri: '/core/apps', method: 'POST', queryString: 'limit=1&x=?', body: null },
    });
    expect(answer(malformed('Bad.'))).toMatchObject({ error: { code: '101000004000' } });
  });

  it('lists every field that is wrong by its path', () => {
    const failed = validationFailed({
      name: ['Missing.', 'Long.'],
      events: { 1: { name: ['Blank.'] }, non_field_errors: ['Too few.'] },
      non_field_errors: ['All wrong.'],
    });
    expect(answer(failed)).toMatchObject({
      error: {
        code: '101000004001',
        additionalInfo: {
          errorTrace: [
            { field: 'name', message: 'Missing.' },
            { field: 'name', message: 'Long.' },
            { field: 'events.1.name', message: 'Blank.' },
            { field: 'events', message: 'Too few.' },
            { field: '', message: 'All wrong.' },
          ],
        },
      },
    });
  });

  it('may have a number and faults of its own', () => {
    const error = new Os1Error('4092', 'There already.', [{ field: 'events', message: 'A' }]);
    expect(error.status).toBe(409);
    expect(answer(error)).toMatchObject({
      error: {
        code: '101000004092',
        description: 'There already.',
        additionalInfo: { errorTrace: [{ field: 'events', message: 'A' }] },
      },
    });
  });

  it('keeps what finds the fault in the log', () => {
    const error = new ApiError(500, { detail: 'Internal server error.', request_id: 'r' });
    expect(answer(error)).toMatchObject({
      error: { description: 'Internal server error.', additionalInfo: { errorTrace: [{ request_id: 'r' }] } },
    });
  });

  it('repeats the body as it was sent, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (body) => {
        const text = JSON.stringify(body);
        fc.pre(!/ignatur|key|secret|password|token|authorization|credential|@/i.test(text));
        const shown = (answer(notFound(), body) as { request: { body: unknown } }).request.body;
        expect(JSON.stringify(shown)).toBe(text.length > 16 * 1024 ? 'null' : text);
      }),
    );
  });

  it("shows a webhook's URL only, since a key may stand there under any name", () => {
    const webhook = { url: 'http://x.test/', '\u0000': 'hush', SignKee: 'hush', n: null };
    expect(answer(notFound(), { webhook })).toMatchObject({
      request: { body: { webhook: { url: 'http://x.test/', '\u0000': '***', SignKee: '***', n: null } } },
    });
  });

  it('never repeats a secret, at whatever depth, nor a body that is long', () => {
    const body = {
      webhook: { url: 'http://u:hush@x.test/', signatureKey: 'hush', signature_key: ['hush'] },
      others: [{ Token: { deep: 'hush' }, secret: null }],
    };
    expect(answer(notFound(), body)).toMatchObject({
      request: {
        body: {
          webhook: { url: 'http://***@x.test/', signatureKey: '***', signature_key: '***' },
          others: [{ Token: '***', secret: null }],
        },
      },
    });
    expect(answer(notFound(), { text: 'x'.repeat(20_000) })).toMatchObject({ request: { body: null } });
  });
});
