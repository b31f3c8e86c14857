import type { Request } from 'express';
import type { IncomingHttpHeaders } from 'node:http';
import { malformed } from './api-error.ts';
import type { Caller } from './caller.ts';
import type { JsonDocument } from './json-document.ts';
import { readBody } from './read-body.ts';
import type { RawShape } from './skim-json.ts';

/** A request as a view sees it, after authentication and the choice of the view. */
export class ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly account: Caller;
  readonly #request: Request;
  readonly #bodyLimit: number;

  constructor(
    request: Request,
    params: Readonly<Record<string, string>>,
    account: Caller,
    bodyLimit: number,
  ) {
    this.method = request.method;
    this.path = request.path;
    this.headers = request.headers;
    this.params = params;
    this.account = account;
    this.#request = request;
    this.#bodyLimit = bodyLimit;
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.#request.originalUrl.slice(this.#queryStart));
  }

  /** As the client wrote it, by its `Host` header; behind a proxy by what Express's `trust proxy` allows. Throws 400. */
  get absoluteUrl(): string {
    // Express types it as always there; HTTP/1.0 has none.
    const host = this.#request.host as string | undefined;
    if (!host || !/^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i.test(host)) throw malformed('Invalid Host header.');
    const query = this.#request.originalUrl.slice(this.#queryStart);
    return `${this.#request.protocol}://${host}${this.path}${query}`;
  }

  /**
   * Reads the body, once, and leaves its value in Express's `request.body`. Throws `ApiError` 400, 413, 415.
   * @param limit bytes, where it is another than every call's
   */
  async body(shape?: RawShape, limit = this.#bodyLimit): Promise<JsonDocument> {
    const document = await readBody(this.#request, limit, shape);
    this.#request.body = document.value;
    return document;
  }

  get #queryStart(): number {
    const mark = this.#request.originalUrl.indexOf('?');
    return mark === -1 ? this.#request.originalUrl.length : mark;
  }
}
