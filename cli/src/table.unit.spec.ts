import { sheet, table } from './table.ts';

describe('a table', () => {
  it('has columns under headings, and a dash for nothing', () => {
    expect(
      table(
        ['ID', 'STATE'],
        [
          [1, 'delivered'],
          [200, null],
        ],
      ),
    ).toBe('ID   STATE\n1    delivered\n200  -');
  });

  it('cuts lines that are too long for the terminal', () => {
    expect(table(['ERROR'], [['something long']], 10)).toBe('ERROR\nsomething…');
  });

  it('lets nobody write to the terminal', () => {
    expect(table(['ERROR'], [['a\u001b[2Jb\nc']])).toBe('ERROR\na [2Jb c');
    expect(sheet([['Answer', '\u0007x']])).toBe('Answer   x');
  });
});
