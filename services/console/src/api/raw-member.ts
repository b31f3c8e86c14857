/** A string, or a character that opens, closes or divides. */
const MARKS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * The source text of one member of a JSON object, exactly as it was sent.
 * @param json a valid JSON object
 * @returns undefined when it has no such member
 */
export function rawMember(json: string, name: string): string | undefined {
  let depth = 0;
  let key: string | undefined;
  let start = -1;
  for (const { 0: mark, index } of json.matchAll(MARKS)) {
    if (start >= 0 && depth === 1 && (mark === ',' || mark === '}')) return json.slice(start, index).trim();
    if (mark === '{' || mark === '[') depth++;
    else if (mark === '}' || mark === ']') depth--;
    else if (depth !== 1 || start >= 0) continue;
    else if (mark === ':') start = key === name ? index + 1 : -1;
    else if (mark !== ',') key = JSON.parse(mark) as string;
  }
  return undefined;
}
