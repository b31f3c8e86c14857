/** An answer of the API other than 2xx, or none at all (status 0). */
export class ApiFailure extends Error {
  override name = 'ApiFailure';

  readonly status: number;
  /** The answer's JSON; its text where it is none. */
  readonly body: unknown;
  /** What the log of the API knows the request by. */
  readonly requestId: string | null;

  constructor(status: number, body: unknown, requestId: string | null = null) {
    super(wordsOf(status, body));
    this.status = status;
    this.body = body;
    this.requestId = requestId;
  }

  /** What the API says of each field, by its path: `retry_countdown_config.kwargs.base`. */
  get fields(): Record<string, string> {
    return isRecord(this.body) ? fieldsOf(this.body) : {};
  }
}

/** The API's own sentence, wherever its families keep it. */
function wordsOf(status: number, body: unknown): string {
  if (status === 0) return 'The API cannot be reached.';
  if (isRecord(body)) {
    if (typeof body.detail === 'string') return body.detail;
    if (typeof body.en === 'string') return body.en;
    const { error } = body;
    if (isRecord(error) && typeof error.description === 'string')
      return [error.description, ...tracesOf(error)].join(' ');
    const fields = Object.entries(fieldsOf(body)).map(([name, words]) => `${name}: ${words}`);
    if (fields.length > 0) return fields.join(' ');
  }
  return `The API answered ${status}.`;
}

function tracesOf({ additionalInfo }: Record<string, unknown>): string[] {
  const trace = isRecord(additionalInfo) ? additionalInfo.errorTrace : undefined;
  if (!Array.isArray(trace)) return [];
  return trace.map((item) => (isRecord(item) ? `${String(item.field)}: ${String(item.message)}` : ''));
}

function fieldsOf(body: Record<string, unknown>, prefix = ''): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(body)) {
    const path = name === 'non_field_errors' ? prefix.slice(0, -1) || name : prefix + name;
    if (Array.isArray(value)) fields[path] = value.map(String).join(' ');
    else if (isRecord(value)) Object.assign(fields, fieldsOf(value, `${prefix}${name}.`));
  }
  return fields;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
