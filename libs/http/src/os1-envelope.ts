import type { Request, Response } from 'express';
import { ApiError, type Messages } from './api-error.ts';
import { shownBody } from './os1-shown-body.ts';

/** The first four digits of every code. */
const SERVICE = '1010';
/** The middle four where no operation was found. */
export const NO_OPERATION = '0000';

/** What is wrong with one part of a request: `field` is its path, `events.0.name`, and empty for the whole. */
interface Os1Fault {
  field: string;
  message: string;
}

/** An error of the OS1 family with a number of its own; the first three of the four digits are the status. */
export class Os1Error extends ApiError {
  readonly unique: string;
  readonly trace: readonly Os1Fault[];

  constructor(unique: string, description: string, trace: readonly Os1Fault[] = []) {
    super(Number(unique.slice(0, 3)), { detail: description });
    this.unique = unique;
    this.trace = trace;
  }
}

/**
 * Errors as OS1's services answer them, `{error, request}`. A code is 12 digits: service, operation, error.
 * @param operation the code of a method and a row of the URL table; of an unknown path the row is undefined
 */
export function os1Envelope(
  operation: (method: string, route: string | undefined) => string,
): (error: ApiError, request: Request, response: Response) => object {
  return (error, request, response) => {
    const { route } = response.locals as { route?: string };
    const { unique, description, trace } = readError(error);
    const [uri = '', queryString = ''] = splitAt(request.originalUrl, '?');
    return {
      error: {
        code: `${SERVICE}${operation(request.method, route)}${unique}`,
        description,
        additionalInfo: { errorTrace: trace },
      },
      request: { uri, method: request.method, queryString, body: shownBody(request.body) },
    };
  };
}

interface ReadError {
  unique: string;
  description: string;
  trace: readonly object[];
}

function readError(error: ApiError): ReadError {
  const { detail, ...others } = error.body as { detail?: unknown };
  if (error instanceof Os1Error)
    return { unique: error.unique, description: String(detail), trace: error.trace };
  if (typeof detail === 'string')
    return {
      unique: `${error.status}0`,
      description: detail,
      trace: Object.keys(others).length > 0 ? [others] : [],
    };
  return {
    unique: `${error.status}1`,
    description: 'The request is not valid.',
    trace: faults(error.body as Record<string, Messages>),
  };
}

/** Django REST framework's tree of messages as a list. */
function faults(messages: Messages, path: readonly string[] = []): Os1Fault[] {
  if (Array.isArray(messages)) {
    const field = path.at(-1) === 'non_field_errors' ? path.slice(0, -1) : path;
    return messages.map((message) => ({ field: field.join('.'), message }));
  }
  return Object.entries(messages).flatMap(([name, inner]) => faults(inner, [...path, name]));
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
