import { Fault, setting, type Default, type Setting, type SettingOptions } from './setting.ts';

/** An HTTP proxy. Where it is shown or logged, its user name and password are not there. */
export class ProxyUrl {
  /** `http://proxy:3128`. */
  readonly origin: string;
  readonly #authorization: string | undefined;

  constructor(origin: string, authorization: string | undefined) {
    this.origin = origin;
    this.#authorization = authorization;
  }

  /** The `Proxy-Authorization` to send; undefined for none. */
  get authorization(): string | undefined {
    return this.#authorization;
  }
}

/** `http://user:password@host:port`, or https. Never repeated in a fault: it may hold a password. */
export function proxyUrl<D>(meaning: string, options: SettingOptions<D>): Setting<ProxyUrl | Default<D>> {
  return setting(meaning, options, (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
      throw new Fault('must be a URL that begins with http:// or https://');
    if (url.pathname !== '/' || url.search || url.hash)
      throw new Fault('must end after the host and its port: http://user:password@host:3128');
    return new ProxyUrl(url.origin, authorizationOf(url));
  });
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (!username && !password) return undefined;
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(credentials).toString('base64')}`;
  } catch {
    throw new Fault('has a user name or password that is not percent-encoded: % itself is written %25');
  }
}
