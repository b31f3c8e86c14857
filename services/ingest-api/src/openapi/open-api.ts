import { createRequire } from 'node:module';
import { readOnly } from '@oms-webhooks/http';
import { Router, type Response } from 'express';
import { PAGE, POLICY, SCRIPT, STYLES } from './docs-page.ts';
import { openApiDocument } from './document.ts';

const ONE_HOUR_MS = 3_600_000;
/** Finds what npm has installed. */
const packages = createRequire(import.meta.filename);

/** `/openapi.json`, and a page at `/docs` that shows it; without authentication. */
export function openApi(settings: Parameters<typeof openApiDocument>[0]): Router {
  const text = JSON.stringify(openApiDocument(settings));
  const router = Router();
  readOnly(router, '/openapi.json', (_request, response) => void response.type('json').send(text));
  readOnly(router, '/docs', (_request, response) => {
    response.setHeader('Content-Security-Policy', POLICY);
    response.type('html').send(PAGE);
  });
  router.get('/docs/page.js', (_request, response) => void response.type('js').send(SCRIPT));
  router.get('/docs/page.css', (_request, response) => void response.type('css').send(STYLES));
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js'])
    router.get(`/docs/${name}`, (_request, response) => sendPart(response, name));
  return router;
}

/** A file of swagger-ui as its package has it. */
const sendPart = (response: Response, name: string): void =>
  response.sendFile(packages.resolve(`swagger-ui-dist/${name}`), { maxAge: ONE_HOUR_MS, dotfiles: 'allow' });
