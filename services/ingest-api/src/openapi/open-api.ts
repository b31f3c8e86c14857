import { Router } from 'express';
import { openApiDocument } from './document.ts';

/** `/openapi.json`, without authentication. */
export function openApi(settings: Parameters<typeof openApiDocument>[0]): Router {
  const text = JSON.stringify(openApiDocument(settings));
  const router = Router();
  router.get('/openapi.json', (_request, response) => void response.type('json').send(text));
  return router;
}
