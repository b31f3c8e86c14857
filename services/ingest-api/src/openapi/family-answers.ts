import { isOs1 } from '../publisher-registry/operations.ts';
import { named, type Answer, type CallDoc } from './call-doc.ts';
import { detail, invalid, os1Error } from './errors.ts';

export const RETRY_AFTER = {
  'Retry-After': {
    description: 'Seconds until it is worth trying again.',
    schema: { type: 'integer', minimum: 1 },
  },
};

/** What a call may come to without its doing, by status. */
const drf: Record<number, Answer> = {
  400: invalid({ detail: 'JSON parse error - Expecting value: line 1 column 1 (char 0)' }),
  401: {
    ...detail('Invalid token.', 'No token, or not a valid one. Comes before everything else.'),
    headers: { 'WWW-Authenticate': { description: 'The scheme.', schema: { const: 'Token' } } },
  },
  404: detail('Not found.', 'Not there, or another account’s.'),
  405: {
    ...detail('Method "PUT" not allowed.', 'Another method than those of this path.'),
    headers: { Allow: { description: 'The methods that there are.', schema: { type: 'string' } } },
  },
  413: detail('Request body exceeds 1048576 bytes.', 'A body that is too large.'),
  415: detail('Unsupported media type "text/xml" in request.', 'A media type that is not taken.'),
  429: {
    ...detail('Request was throttled. Expected available in 1 second.', 'Over the rate limit.'),
    headers: RETRY_AFTER,
  },
  500: {
    description: 'A fault of ours; the log has the same `request_id`.',
    schema: named('ServerError'),
    example: { detail: 'Internal server error.', request_id: '5f0cbb8e-6a9f-4a57-8a43-f0e6ce3f2a31' },
  },
  503: {
    ...detail(
      'Service temporarily unavailable, try again later.',
      'PostgreSQL is away, or there is no room for more; nothing was taken.',
    ),
    headers: RETRY_AFTER,
  },
};

/** The same in OS1's envelope. */
const os1 = Object.fromEntries(
  Object.entries(drf).map(([status, { example, description, headers }]) => {
    const { detail: text = 'The request is not valid.' } = example as { detail?: string };
    return [status, { ...os1Error(`0101${status}0`, text, description), ...(headers && { headers }) }];
  }),
);

const nameOf = (status: number | string, ofOs1: boolean) => `${ofOs1 ? 'Os1Error' : 'Error'}${status}`;

/** The answers of `components.responses`, by name, and whether they are OS1's. */
export const familyAnswers: [name: string, answer: Answer, ofOs1: boolean][] = [
  ...Object.entries(drf).map(([status, answer]): [string, Answer, boolean] => [
    nameOf(status, false),
    answer,
    false,
  ]),
  ...Object.entries(os1).map(([status, answer]): [string, Answer, boolean] => [
    nameOf(status, true),
    answer,
    true,
  ]),
];

/** The names of those that a call may give beside its own, by status. */
export function familyAnswersOf(path: string, { tag, body, answers }: CallDoc): Record<number, string> {
  if (tag === 'Service') return { 405: nameOf(405, false) };
  const statuses = [
    401,
    405,
    429,
    500,
    503,
    ...(body ? [400, 413, 415] : []),
    ...(path.includes(':') ? [404] : []),
  ];
  const others = statuses.filter((status) => !(status in answers));
  return Object.fromEntries(others.map((status) => [status, nameOf(status, isOs1(path))]));
}
