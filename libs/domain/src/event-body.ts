/**
 * The exact text that is sent to a target, the same on every attempt of an event: it is built from stored text only.
 * @param payload JSON source text, taken over unchanged
 */
export function eventBody(eventType: string, uuid: string, payload: string): string {
  return `{"event":{"type":${JSON.stringify(eventType)},"uuid":"${undashed(uuid)}"},"payload":${payload}}`;
}

/** 32 hexadecimal digits: the form in which dj-whisperer shows an event's uuid to targets. */
export function undashed(uuid: string): string {
  return uuid.replaceAll('-', '');
}
