import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Router, type RequestHandler } from 'express';
import sirv from 'sirv';

/** Where `npm run build -w services/console` leaves it, seen from this service's `dist` as from its `src`. */
const BUILT = fileURLToPath(new URL('../../../console/dist/', import.meta.url));
/** Stands in the built page wherever a nonce belongs (`html.cspNonce` of Vite). */
const NONCE = '__CSP_NONCE__';
const A_YEAR_SECONDS = 365 * 24 * 3600;

/**
 * The console under `/console/`: files with a hash in their name are kept by browsers for good, and every other path is
 * the page, which is never kept and finds its screen by the address. Without a token: it asks for one itself.
 */
export function serveConsole(folder = BUILT): RequestHandler {
  const index = join(folder, 'index.html');
  if (!existsSync(index)) return notBuilt;
  const page = readFileSync(index, 'utf8');
  const router = Router({ strict: true });
  const assets = join(folder, 'assets');
  router.use(
    '/assets',
    // sirv lists the files once, and a stream of one that has gone since (a build in its place) would end the process.
    ({ path }, _response, next) => next(existsSync(join(assets, basename(path))) ? undefined : 'router'),
    sirv(assets, { brotli: true, gzip: true, maxAge: A_YEAR_SECONDS, immutable: true }),
    (_request, _response, next) => next('router'),
  );
  router.get('/{*screen}', (request, response) => {
    if (request.originalUrl.split('?', 1)[0] === request.baseUrl) {
      response.redirect(301, `${request.baseUrl}/`);
      return;
    }
    const nonce = randomBytes(16).toString('base64');
    response
      .set('Content-Security-Policy', contentSecurityPolicy(nonce))
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(page.replaceAll(NONCE, nonce));
  });
  return router;
}

/** Nothing from elsewhere and nothing inline, but for the one style element that the component kit makes. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const notBuilt: RequestHandler = (_request, response) => {
  response
    .status(404)
    .type('text')
    .send('The console has not been built: npm run build -w services/console\n');
};
