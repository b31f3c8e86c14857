/** The nested shape in which Django REST framework reports invalid fields. */
export type Messages = string[] | { [field: string]: Messages };

/** An answer that a view gives by throwing. `body` has Django REST framework's shape; another API family may reshape it. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: object, headers: Readonly<Record<string, string>> = {}) {
    super(`answered ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

const withDetail = (status: number, detail: string, headers?: Readonly<Record<string, string>>) =>
  new ApiError(status, { detail }, headers);

/** 400 with the messages of each field. */
export const validationFailed = (messages: { [field: string]: Messages }): ApiError =>
  new ApiError(400, messages);

/** 400 for a request that cannot be read at all. */
export const malformed = (detail: string): ApiError => withDetail(400, detail);

/** 401; also for a missing header, see `authenticateByToken`. */
export const notAuthenticated = (detail = 'Authentication credentials were not provided.'): ApiError =>
  withDetail(401, detail, { 'WWW-Authenticate': 'Token' });

export const permissionDenied = (): ApiError =>
  withDetail(403, 'You do not have permission to perform this action.');

export const notFound = (detail = 'Not found.'): ApiError => withDetail(404, detail);

/** @param allow the value of the `Allow` header */
export const methodNotAllowed = (method: string, allow: string): ApiError =>
  withDetail(405, `Method "${method}" not allowed.`, { Allow: allow });

/** 406 with dj-whisperer's numbered codes, e.g. `webhook_100_2`. */
export const refusedWithCode = (code: string, en: string): ApiError => new ApiError(406, { code, en });

export const conflict = (detail: string): ApiError => withDetail(409, detail);

export const bodyTooLarge = (limit: number): ApiError =>
  withDetail(413, `Request body exceeds ${limit} bytes.`);

/** @param mediaType the whole `Content-Type` header, as Django REST framework repeats it */
export const unsupportedMediaType = (mediaType: string): ApiError =>
  withDetail(415, `Unsupported media type "${mediaType}" in request.`);

export const throttled = (retryAfterSeconds: number): ApiError => {
  const wait = `Expected available in ${retryAfterSeconds} second${retryAfterSeconds === 1 ? '' : 's'}.`;
  return withDetail(429, `Request was throttled. ${wait}`, { 'Retry-After': String(retryAfterSeconds) });
};

export const unavailable = (retryAfterSeconds: number): ApiError =>
  withDetail(503, 'Service temporarily unavailable, try again later.', {
    'Retry-After': String(retryAfterSeconds),
  });
