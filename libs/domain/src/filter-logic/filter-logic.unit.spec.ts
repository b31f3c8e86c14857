import { FilterLogic, type FilterData } from './filter-logic.ts';
import { FilterLogicError } from './parse-filter-logic.ts';

const message = {
  id: 7,
  state: 'active:available',
  items: [{ n: 1 }, { n: 5 }],
  empty: [],
  none: null,
  zero: 0,
};
const data: FilterData = { ...message, event: message, $eventType: 'UserCreatedEvent' };
const judge = (source: unknown, of: FilterData = data) => new FilterLogic(source).judge(of);
const refusal = (source: unknown) => {
  try {
    new FilterLogic(source);
  } catch (error) {
    if (error instanceof FilterLogicError) return { path: error.path, message: error.message };
    throw error;
  }
  return undefined;
};
const nested = (depth: number): unknown => (depth === 0 ? true : { '!!': [nested(depth - 1)] });

const many = Array.from({ length: 2_000 }, () => ({ m: Array(500).fill(0), text: 'a'.repeat(50_000) }));

describe('A filter logic', () => {
  it.each([
    // As the guide writes them.
    [{ '===': ['$eventType', 'UserCreatedEvent'] }, true],
    [{ '===': ['$eventType', 'UserUpdatedEvent'] }, false],
    [{ '===': [{ var: ['event.state'] }, 'active:available'] }, true],
    [{ '===': [{ var: ['event.state'] }, 'gone'] }, false],
    [true, true],
    [false, false],
    [{ '===': [{ var: '$eventType' }, 'UserCreatedEvent'] }, true],
    [{ in: ['Created', '$eventType'] }, true],
    [{ some: [{ var: 'items' }, { '===': ['$eventType', 'UserCreatedEvent'] }] }, true],
    // References.
    [{ '===': [{ var: 'state' }, { var: 'event.state' }] }, true],
    [{ '===': [{ var: 'event.items.1.n' }, 5] }, true],
    [{ '===': [{ var: 'nowhere' }, null] }, true],
    [{ '===': [{ var: ['nowhere', 3] }, 3] }, true],
    [{ '===': [{ var: ['none', 3] }, null] }, true],
    [{ var: { cat: ['st', 'ate'] } }, true],
    [{ '!': { missing: ['id', 'state'] } }, true],
    [{ '===': [{ cat: { missing: ['id', 'nowhere'] } }, 'nowhere'] }, true],
    [{ '!': [{ missing_some: [1, ['nowhere', 'id']] }] }, true],
    [{ missing_some: [2, ['nowhere', 'id']] }, true],
    // What counts as true.
    [{ '!!': { var: 'empty' } }, false],
    [{ '!!': { var: 'items' } }, true],
    [{ '!': { var: 'zero' } }, true],
    [{ '!!': [{ var: 'event' }] }, true],
    [{ '!!': ['0'] }, true],
    // Logic.
    [{ and: [true, { var: 'id' }] }, true],
    [{ and: [true, { var: 'zero' }] }, false],
    [{ or: [false, { var: 'id' }] }, true],
    [{ if: [{ var: 'zero' }, false, { var: 'id' }, true, false] }, true],
    [{ '?:': [{ var: 'id' }, true, false] }, true],
    // Comparisons, which do not fail on unlike things.
    [{ '==': [1, '1'] }, true],
    [{ '==': ['abc', 1] }, false],
    [{ '!=': ['abc', 1] }, true],
    [{ '==': [{ var: 'zero' }, null] }, false],
    [{ '==': [{ var: 'nowhere' }, null] }, true],
    [{ '==': [{ var: 'items' }, '[object Object],[object Object]'] }, false],
    [{ '!==': [1, '1'] }, true],
    [{ '<': [1, { var: 'id' }, 9] }, true],
    [{ '<=': [8, { var: 'id' }] }, false],
    [{ '>': ['b', 'a'] }, true],
    [{ '>=': ['abc', 1] }, false],
    [{ or: [{ '>': [{ var: 'state' }, 5] }, { '===': [{ var: 'id' }, 7] }] }, true],
    // Arithmetic and texts.
    [{ '===': [{ '+': [1, '2', 3] }, 6] }, true],
    [{ '===': [{ '-': [{ var: 'id' }] }, -7] }, true],
    [{ '===': [{ '%': [{ var: 'id' }, 2] }, 1] }, true],
    [{ '===': [{ max: [1, { var: 'id' }] }, 7] }, true],
    [{ '===': [{ cat: ['user-', { var: 'id' }] }, 'user-7'] }, true],
    [{ '===': [{ substr: [{ var: 'state' }, 0, 6] }, 'active'] }, true],
    [{ '===': [{ substr: [{ var: 'state' }, -9, -4] }, 'avail'] }, true],
    [{ in: ['avail', { var: 'state' }] }, true],
    [{ in: [7, [1, { var: 'id' }]] }, true],
    [{ in: ['x', { var: 'nowhere' }] }, false],
    // Lists.
    [{ some: [{ var: 'items' }, { '>': [{ var: 'n' }, 4] }] }, true],
    [{ all: [{ var: 'items' }, { '>': [{ var: 'n' }, 4] }] }, false],
    [{ none: [{ var: 'items' }, { '>': [{ var: 'n' }, 5] }] }, true],
    [{ some: [{ var: 'nowhere' }, true] }, false],
    [{ all: [{ var: 'empty' }, true] }, false],
    [
      {
        '===': [
          {
            reduce: [
              { map: [{ var: 'items' }, { var: 'n' }] },
              { '+': [{ var: 'current' }, { var: 'accumulator' }] },
              0,
            ],
          },
          6,
        ],
      },
      true,
    ],
    [{ filter: [{ merge: [{ var: 'empty' }, [0, 3]] }, { var: '' }] }, true],
  ])('%j comes to %j', (source, matches) => {
    expect(judge(source)).toEqual({ matches, error: null });
  });

  it.each([
    ['text', '', 'Must be an object with one operator, or true or false.'],
    [null, '', 'Must be an object with one operator, or true or false.'],
    [[{ var: 'a' }], '', 'Must be an object with one operator, or true or false.'],
    [{}, '', 'Must be an object with one operator.'],
    [{ var: 'a', in: [] }, '', 'Must be an object with one operator.'],
    [{ and: [{ method: ['a'] }] }, '/and/0', '/and/0: Unknown operator "method".'],
    [{ log: 1 }, '', 'Unknown operator "log".'],
    [{ throw: 1 }, '', 'Unknown operator "throw".'],
    [{ constructor: 1 }, '', 'Unknown operator "constructor".'],
    [JSON.parse('{"__proto__": [1]}'), '', 'Unknown operator "__proto__".'],
    [{ and: true }, '/and', '/and: Must be a list.'],
    [
      { '!': [{ some: [{ var: 'a' }] }] },
      '/!/0/some',
      '/!/0/some: Must have a list to go through and an expression for its items.',
    ],
    [{ '/': [1, { a: 1 }] }, '/~1/1', '/~1/1: Unknown operator "a".'],
  ])('%j is refused at %j', (source, path, words) => {
    expect(refusal(source)).toEqual({ path, message: words });
  });

  it('is refused when it is too deep, too long or has too many expressions', () => {
    expect(refusal(nested(10))).toBeUndefined();
    expect(refusal(nested(11))?.message).toMatch(/nested more than 20 deep/);
    expect(refusal(nested(5_000))?.message).toMatch(/nested more than 20 deep/);
    expect(refusal({ in: ['x', 'y'.repeat(17_000)] })?.message).toMatch(/no longer than 16384 characters/);
    expect(refusal({ or: Array.from({ length: 501 }, () => ({ var: 'a' })) })?.message).toMatch(
      /more than 500 expressions/,
    );
  });

  it.each(
    Object.getOwnPropertyNames(Object.prototype).concat('prototype', 'constructor.name', 'event.constructor'),
  )('finds nothing in a message at %s, unless the message says so', (path) => {
    expect(judge({ '!!': [{ var: path }] })).toEqual({ matches: false, error: null });
    expect(judge({ '!!': [{ missing: [path] }] })).toEqual({ matches: true, error: null });
    if (path.includes('.')) return;
    const said = JSON.parse(`{"$eventType":"X","${path}":{"truthy":1}}`) as FilterData;
    expect(judge({ var: path }, said)).toEqual({ matches: true, error: null });
  });

  it('that fails is no match, with the reason', () => {
    expect(judge({ '>': [{ '+': [{ var: 'state' }, 1] }, 0] })).toEqual({
      matches: false,
      error: 'arithmetic with what is not a number',
    });
    expect(judge({ cat: [{ var: 'items' }] }).error).toBe('a list or an object is no text');
  });

  it.each([
    ['lists within lists', { some: [{ var: 'many' }, { some: [{ var: 'm' }, { var: 'nothing' }] }] }],
    [
      'a list that doubles',
      { reduce: [{ var: 'many' }, { merge: [{ var: 'accumulator' }, { var: 'accumulator' }] }, [1]] },
    ],
    [
      'a text that doubles',
      { reduce: [{ var: 'many' }, { cat: [{ var: 'accumulator' }, { var: 'accumulator' }] }, 'ab'] },
    ],
    ['a long text searched often', { none: [{ var: 'many' }, { in: ['x', { cat: [{ var: 'text' }] }] }] }],
  ])('that takes too much work, by %s, is no match', (_, source) => {
    expect(judge(source, { $eventType: 'X', many })).toEqual({
      matches: false,
      error: 'the evaluation takes more than 100000 steps',
    });
  });
});

describe('The explanation of a filter logic', () => {
  it('has the value of each expression that was evaluated, from the outside in', () => {
    const logic = new FilterLogic({
      and: [
        { '===': ['$eventType', 'UserCreatedEvent'] },
        { '>': [{ var: 'event.id' }, 10] },
        { var: 'not asked for' },
      ],
    });
    expect(logic.explain(data)).toEqual({
      matches: false,
      error: null,
      explanation: [
        { path: '', expression: expect.objectContaining({ and: expect.any(Array) }), value: false },
        { path: '/and/0', expression: { '===': ['$eventType', 'UserCreatedEvent'] }, value: true },
        { path: '/and/0/===/0', expression: '$eventType', value: 'UserCreatedEvent' },
        { path: '/and/1', expression: { '>': [{ var: 'event.id' }, 10] }, value: false },
        { path: '/and/1/>/0', expression: { var: 'event.id' }, value: 7 },
      ],
    });
  });

  it('shows where it failed', () => {
    const { error, explanation } = new FilterLogic({ '!': [{ '*': ['x', 2] }] }).explain(data);
    expect(error).toBe('arithmetic with what is not a number');
    expect(explanation.map(({ path, error: failure }) => [path, failure])).toEqual([
      ['', error],
      ['/!/0', error],
    ]);
  });
});
