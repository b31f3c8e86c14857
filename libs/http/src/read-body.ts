import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { ApiError, bodyTooLarge, malformed, unsupportedMediaType } from './api-error.ts';
import { parseMultipart, parseUrlEncoded } from './form-document.ts';
import { parseJson, type JsonDocument } from './json-document.ts';
import type { RawShape } from './skim-json.ts';

const decompress = new Map([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

const emptyDocument: JsonDocument = { value: {}, raw: () => undefined };

/**
 * Reads and parses a request's body; an empty one is `{}`. Throws `ApiError` 400, 413 or 415.
 * @param limit bytes, both as sent and inflated
 * @param shape the JSON members whose source text is kept
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  shape?: RawShape,
): Promise<JsonDocument> {
  const bytes = await readBytes(request, limit);
  if (bytes.length === 0) return emptyDocument;
  const contentType = request.headers['content-type'] ?? '';
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (/^application\/([^/]+\+)?json$/.test(mediaType)) return parseJson(bytes, shape);
  if (mediaType === 'application/x-www-form-urlencoded') return parseUrlEncoded(bytes);
  if (mediaType === 'multipart/form-data') return parseMultipart(bytes, contentType);
  throw unsupportedMediaType(contentType);
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const coding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  const inflated = decompress.get(coding);
  if (!inflated && coding !== 'identity')
    throw new ApiError(415, { detail: `Unsupported content encoding "${coding}".` });
  const bytes = await collect(request, limit);
  if (!inflated || bytes.length === 0) return bytes;
  try {
    return await inflated(bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw bodyTooLarge(limit);
    throw malformed(`The body is not valid ${coding}.`);
  }
}

/** Listeners rather than `for await`, which costs a promise a chunk on the busiest path of all. */
function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (outcome: () => void) => {
      request.off('data', take).off('end', finish).off('error', cut).off('close', cut);
      outcome();
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) refuse();
      else chunks.push(chunk);
    };
    const finish = () =>
      settle(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    const cut = () => settle(() => reject(malformed('The body ended early.')));
    // The rest is read and dropped, for a client that looks for an answer only after it has sent everything.
    const refuse = () => {
      settle(() => reject(bodyTooLarge(limit)));
      request.resume();
    };
    if (Number(request.headers['content-length']) > limit) refuse();
    else request.on('data', take).on('end', finish).on('error', cut).on('close', cut);
  });
}
