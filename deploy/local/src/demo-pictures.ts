import type { Delivery } from '@oms-webhooks/example-receiver';
import type { ListedEvent } from './demo-client.ts';
import type { Terminal } from './terminal.ts';

const dull = new Set([
  'host',
  'connection',
  'content-length',
  'accept',
  'accept-encoding',
  'transfer-encoding',
]);
const widest = 160;

/** The request as it came in: headers, the beginning of the body, whether the signature holds. */
export function receivedRequest({ path, headers, body, signature }: Delivery, terminal: Terminal): string {
  const { dim, good, bad } = terminal;
  const lines = Object.entries(headers)
    .filter(([name]) => !dull.has(name))
    .map(([name, value]) => `   ${dim(`${name}:`)} ${String(value)}`);
  const check = signature === 'valid' ? good('✓ signature valid') : bad(`✗ signature ${signature}`);
  return [`   POST ${path}`, ...lines, '', `   ${beginning(body)}`, `   ${check}`].join('\n');
}

/** The event as JSON, with its webhook and its payload cut to a few members. */
export function shortEvent(event: ListedEvent, terminal: Terminal): string {
  const lines = Object.entries(event).map(([name, value]) => {
    const text = shortened[name]?.(event) ?? JSON.stringify(value);
    return `     ${terminal.dim(`"${name}":`)} ${text}`;
  });
  return ['   {', lines.join(',\n'), '   }'].join('\n');
}

const shortened: Record<string, (event: ListedEvent) => string> = {
  webhook: ({ webhook: { id, target_url: targetUrl } }) => `{"id":${id},"target_url":"${targetUrl}", …}`,
  request_payload({ request_payload: { event, payload } }) {
    const { id, number } = payload;
    const rest = `… ${Object.keys(payload).length} members`;
    return `{"event":${JSON.stringify(event)},"payload":{"id":${JSON.stringify(id)},"number":${JSON.stringify(number)}, ${rest}}}`;
  },
};

/** The beginning of a text, on one line. */
function beginning(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > widest ? `${line.slice(0, widest)}… (${Buffer.byteLength(text)} bytes)` : line;
}
