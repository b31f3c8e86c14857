import fc from 'fast-check';
import { ApiError } from './api-error.ts';
import { corrected, pageOf, pageReply } from './pages.ts';

const url = 'http://oms.test/hooks/';

describe('pageOf', () => {
  it('visits every row once by following next, and ends', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 120 }), (count, size) => {
        const rows: number[] = [];
        let next: string | null = `${url}?page_size=${size}`;
        while (next) {
          const page = pageOf(next, count);
          for (let row = page.offset; row < Math.min(page.offset + page.limit, count); row += 1)
            rows.push(row);
          next = page.next;
        }
        expect(rows).toEqual(Array.from({ length: count }, (_, row) => row));
      }),
    );
  });

  it('leads back by previous from the last page to the first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (count) => {
        let pages = 1;
        let page = pageOf(`${url}?page=last&limit=7`, count);
        for (; page.previous; pages += 1) page = pageOf(page.previous, count);
        expect([page.offset, pages]).toEqual([0, Math.ceil(count / 7)]);
      }),
    );
  });

  it('takes the last of several', () => {
    const page = pageOf(`${url}?page=2&page=3&page_size=5&page_size=10`, 45);
    expect([page.offset, page.limit]).toEqual([20, 10]);
  });

  it('keeps the other parameters, sorted by name, and leaves page out of the link to the first page', () => {
    const page = pageOf(`${url}?state=retrying&page=2&page_size=10&q=a+b~c*&q=%C5%9F`, 25);
    expect(page.next).toBe(`${url}?page=3&page_size=10&q=a+b~c%2A&q=%C5%9F&state=retrying`);
    expect(page.previous).toBe(`${url}?page_size=10&q=a+b~c%2A&q=%C5%9F&state=retrying`);
    expect(pageOf(`${url}?page=2`, 25).previous).toBe(url);
  });

  it.each(['0', '-1', 'abc', '3', '1.0', '9'.repeat(400)])('has no page %s of two', (page) => {
    expect(() => pageOf(`${url}?page=${page}`, 25)).toThrow(
      expect.objectContaining({ status: 404, body: { detail: 'Invalid page.' } }) as ApiError,
    );
  });

  it('has a first page of nothing', () => {
    expect(pageOf(url, 0)).toEqual({ count: 0, offset: 0, limit: 20, next: null, previous: null });
    expect(pageOf(`${url}?page=last`, 0).offset).toBe(0);
  });

  it.each([
    ['page_size=7', 7],
    ['page_size=0', 20],
    ['page_size=-1', 20],
    ['page_size=abc', 20],
    ['page_size=1000', 100],
    ['limit=5', 5],
    ['limit=5&page_size=6', 6],
  ])('reads %s as %d rows', (query, size) => {
    expect(pageOf(`${url}?${query}`, 1000).limit).toBe(size);
  });
});

describe('pageReply', () => {
  it('writes the envelope around rows that are text already', () => {
    const reply = pageReply(pageOf(`${url}?page_size=2`, 3), ['{"a":1.10}', '{}']);
    expect(reply.raw).toBe(
      `{"count":3,"next":"${url}?page=2&page_size=2","previous":null,"results":[{"a":1.10},{}]}`,
    );
  });
});

describe('A page of a list whose count was estimated', () => {
  const page = (number: number) => pageOf(`${url}?page=${number}&page_size=10`, 25, true);

  it('is there whatever the estimate, if it has rows', () => {
    expect(corrected(page(9), 11)).toMatchObject({ count: 91, next: `${url}?page=10&page_size=10` });
    expect(corrected(page(2), 11)).toMatchObject({ count: 25, estimated: true });
    expect(() => corrected(page(9), 0)).toThrow(ApiError);
  });

  // PostgreSQL was asked for it, and answered that it is no bigint: 500.
  it.each([16, 22, 400])('is not there for a number of %d digits', (digits) => {
    expect(() => pageOf(`${url}?page=${'9'.repeat(digits)}`, 25, true)).toThrow(ApiError);
  });

  it('is the last one when no row follows, and then the count is exact', () => {
    const last = corrected(page(2), 4);
    expect(last).toMatchObject({ count: 14, next: null, previous: `${url}?page_size=10` });
    expect(last).not.toHaveProperty('estimated');
    expect(corrected(page(1), 0)).toMatchObject({ count: 0, next: null, previous: null });
  });

  it('says so', () => {
    expect(JSON.parse(pageReply(page(1), ['1']).raw as string)).toEqual({
      count: 25,
      next: `${url}?page=2&page_size=10`,
      previous: null,
      results: [1],
      count_estimated: true,
    });
  });
});
