import { placeOf } from './context.ts';

const kept = () => 'kept-token';

describe('the place that a command talks to', () => {
  it.each([
    ['this machine, with the token that is kept', {}, {}, 'http://127.0.0.1:8080', 'kept-token'],
    [
      "this machine's own port and token",
      {},
      { PORT: '8090', API_TOKEN: 'set' },
      'http://127.0.0.1:8090',
      'set',
    ],
    [
      'what the environment names',
      {},
      { OMS_WEBHOOKS_URL: 'http://a', OMS_WEBHOOKS_TOKEN: 't' },
      'http://a',
      't',
    ],
    [
      'what the options name, before that',
      { url: 'http://b', token: 'u' },
      { OMS_WEBHOOKS_URL: 'http://a' },
      'http://b',
      'u',
    ],
    [
      "elsewhere, without this machine's token",
      { url: 'http://b' },
      { API_TOKEN: 'set' },
      'http://b',
      undefined,
    ],
    [
      'this machine, if blank',
      {},
      { OMS_WEBHOOKS_URL: ' ', PORT: '' },
      'http://127.0.0.1:8080',
      'kept-token',
    ],
  ])('is %s', (_words, options, environment, url, token) => {
    expect(placeOf(options, environment, kept)).toEqual({ url, token });
  });
});
