import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Log } from '@oms-webhooks/telemetry';
import { ApiError, unavailable } from './api-error.ts';
import { sendReply } from './reply.ts';

const RETRY_AFTER_SECONDS = 5;

export interface AnswerErrorsOptions {
  log: Pick<Log, 'error' | 'warn'>;
  /** Whether an error means that the database is away: 503 instead of 500. */
  isUnavailable: (error: unknown) => boolean;
  /** The body of an error in another API family; Django REST framework's unless told. */
  bodyOf?: (error: ApiError, request: Request, response: Response) => object;
}

/** The one place where errors become answers. What is nobody's fault but ours is logged with the request's id and tells nothing. */
export function answerErrors({
  log,
  isUnavailable,
  bodyOf = ({ body }) => body,
}: AnswerErrorsOptions): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, next) => {
    const requestId = response.getHeader('X-Request-Id');
    if (response.headersSent) {
      log.error('request failed after its answer began', { request_id: requestId, error });
      return next(error);
    }
    const answered = toApiError(error);
    sendReply(response, {
      status: answered.status,
      headers: answered.headers,
      json: bodyOf(answered, request, response),
    });

    function toApiError(error: unknown): ApiError {
      if (error instanceof ApiError) return error;
      if (isUnavailable(error)) {
        log.warn('request refused, database away', { request_id: requestId, error });
        return unavailable(RETRY_AFTER_SECONDS);
      }
      log.error('request failed', {
        request_id: requestId,
        method: request.method,
        path: request.path,
        error,
      });
      return new ApiError(500, { detail: 'Internal server error.', request_id: requestId });
    }
  };
}
