/** The member that subscribers get only where their subscription says so. */
const NAME = 'customAttributes';
/** A string, or one character of the rest: all that is needed to know where a member ends. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** An object or list that is open at this place of the text. */
interface Open {
  isObject: boolean;
  /** The comma before the present member, unless it is cut out. */
  comma: number | undefined;
  /** Whether the next string is a name. */
  atName: boolean;
}

/**
 * JSON text without its `customAttributes`, at whatever depth. What stays is the same text: to write it anew would
 * change numbers and the order of members.
 * @param text valid JSON
 */
export function withoutCustomAttributes(text: string): string {
  // With an escape in it a name can be written in other ways.
  if (!text.includes(NAME) && !text.includes('\\u')) return text;
  const cuts: { from: number; to: number }[] = [];
  /** The member that is being cut out: those within it go with it. */
  let cutting: { from: number; within: Open } | undefined;
  const cut = (from: number, to: number) => {
    // The comma before a last member may lie before members that were cut out already.
    while ((cuts.at(-1)?.from ?? -1) >= from) cuts.pop();
    cuts.push({ from, to });
    cutting = undefined;
  };

  const open: Open[] = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const inside = open.at(-1);
    if (token === '{' || token === '[') {
      open.push({ isObject: token === '{', comma: undefined, atName: token === '{' });
    } else if (token === ',' && inside) {
      if (cutting?.within === inside) cut(cutting.from, index + 1);
      else inside.comma = index;
      inside.atName = inside.isObject;
    } else if (token === '}' || token === ']') {
      if (inside && cutting?.within === inside) cut(inside.comma ?? cutting.from, index);
      open.pop();
    } else if (inside?.atName && token.startsWith('"')) {
      inside.atName = false;
      if (!cutting && JSON.parse(token) === NAME) cutting = { from: index, within: inside };
    }
  }
  return [
    ...cuts.map(({ from }, n) => text.slice(cuts[n - 1]?.to ?? 0, from)),
    text.slice(cuts.at(-1)?.to),
  ].join('');
}
