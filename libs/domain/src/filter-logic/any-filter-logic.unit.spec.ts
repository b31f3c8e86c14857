import fc from 'fast-check';
import { FilterLogic, type FilterData } from './filter-logic.ts';
import { FilterLogicError } from './parse-filter-logic.ts';

/** The logic, or undefined where it is refused in words. */
function parsed(source: unknown): FilterLogic | undefined {
  try {
    return new FilterLogic(source);
  } catch (error) {
    if (error instanceof FilterLogicError) return undefined;
    throw error;
  }
}

const operator = fc.constantFrom(
  ...[
    'var',
    'missing',
    'missing_some',
    'if',
    '?:',
    '==',
    '===',
    '!=',
    '!==',
    '!',
    '!!',
    'or',
    'and',
    '>',
    '>=',
  ],
  ...[
    '<',
    '<=',
    'max',
    'min',
    '+',
    '-',
    '*',
    '/',
    '%',
    'map',
    'reduce',
    'filter',
    'all',
    'some',
    'none',
    'merge',
  ],
  ...['in', 'cat', 'substr', 'log', '__proto__', 'toString'],
);
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    'a',
    'b.c',
    'event.a',
    '$eventType',
    'constructor',
    '__proto__.x',
    'current',
    null,
  ),
  fc.jsonValue({ maxDepth: 0 }),
);
const { anyLogic } = fc.letrec<{ anyLogic: unknown }>((tie) => ({
  anyLogic: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('anyLogic'), { maxLength: 3 }),
    fc
      .tuple(operator, fc.array(tie('anyLogic'), { maxLength: 3 }))
      .map(([name, operands]) => Object.fromEntries([[name, operands]])),
    fc.tuple(operator, tie('anyLogic')).map(([name, operand]) => Object.fromEntries([[name, operand]])),
  ),
}));
const anyMessage = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'constructor', 'length'),
  fc.jsonValue({ maxDepth: 3 }),
);

describe('Any logic on any message', () => {
  it('is refused in words or judged, the same each time, and explained with the same verdict', () => {
    fc.assert(
      fc.property(anyLogic, anyMessage, (source, fields) => {
        const before = JSON.stringify([source, fields]);
        const logic = parsed(source);
        if (!logic) return;
        const seen: FilterData = { ...fields, event: fields, $eventType: 'a' };
        const verdict = logic.judge(seen);
        expect(logic.judge(seen)).toEqual(verdict);
        const { explanation, ...explained } = logic.explain(seen);
        expect(explained).toEqual(verdict);
        expect(() => JSON.stringify(explanation)).not.toThrow();
        expect(JSON.stringify([source, fields])).toBe(before);
      }),
      { numRuns: 1_000 },
    );
  });
});
