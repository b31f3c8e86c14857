import { shownBody } from './os1-shown-body.ts';

describe('A body as an error repeats it', () => {
  it('is without secrets, under misspelt names too, and without credentials of URLs', () => {
    expect(
      shownBody({
        name: 'kept',
        webhook: { url: 'https://user:pass@a.test/x', signatureKey: 's3cret', '#ignatureKey': 's3cret' },
        list: [{ Authorization: 's3cret', signatureKey: null }],
      }),
    ).toEqual({
      name: 'kept',
      webhook: { url: 'https://***@a.test/x', signatureKey: '***', '#ignatureKey': '***' },
      list: [{ Authorization: '***', signatureKey: null }],
    });
  });

  it('is null when there is none, and when it is long', () => {
    expect(shownBody(undefined)).toBeNull();
    expect(shownBody({ name: 'x'.repeat(20_000) })).toBeNull();
  });
});
