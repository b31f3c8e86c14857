import { os1Envelope, type AnswerErrorsOptions } from '@oms-webhooks/http';
import { isOs1, operationCode } from './operations.ts';

const inEnvelope = os1Envelope(operationCode);

/** The body of an error: OS1's envelope in that family, else Django REST framework's. */
export const errorBody: NonNullable<AnswerErrorsOptions['bodyOf']> = (error, request, response) =>
  isOs1(request.path) ? inEnvelope(error, request, response) : error.body;
