import { notFound, unavailable } from '@oms-webhooks/http';
import type { Request, Response } from 'express';
import { errorBody } from './os1-errors.ts';
import { operationCode, PATHS } from './operations.ts';

const body = (path: string, error = notFound()) =>
  errorBody(
    error,
    { path, originalUrl: path, method: 'GET' } as Request,
    { locals: { route: path } } as unknown as Response,
  );

describe('an error', () => {
  it('has the envelope in the OS1 family, and Django REST framework’s shape elsewhere', () => {
    expect(body('/whisperer/hooks/')).toEqual({ detail: 'Not found.' });
    expect(body('/core/api/v1/webhooksX')).toEqual({ detail: 'Not found.' });
    expect(body(PATHS.apps)).toMatchObject({ error: { code: '101001024040' } });
    expect(body(PATHS.apps, unavailable(5))).toMatchObject({
      error: { code: '101001025030', description: 'Service temporarily unavailable, try again later.' },
    });
  });

  it('has the code of its call, HEAD being a GET', () => {
    expect(operationCode('HEAD', PATHS.subscription)).toBe('0303');
    expect(operationCode('DELETE', PATHS.apps)).toBe('0000');
    expect(operationCode('GET', undefined)).toBe('0000');
  });
});
