import type { ContentTypes } from '@oms-webhooks/config';
import type { JsonSchema } from '@oms-webhooks/http';
import { TAGS } from './call-doc.ts';
import { docs } from './docs.ts';
import { deliveries } from './deliveries.ts';
import { errorSchemas } from './errors.ts';
import { familyAnswers } from './family-answers.ts';
import { pathItem, response } from './path-item.ts';

/** Of the API, not of the software that serves it. */
const VERSION = '1.0.0';

const DESCRIPTION = `Webhook delivery for order-management systems.

Paths end with a slash, those of OS1 do not. HEAD is answered where GET is, and OPTIONS everywhere with \`Allow\`.
Bodies may also be \`application/x-www-form-urlencoded\` or \`multipart/form-data\`, with dots for nested fields
(\`instance.pk=8812&instance.model=package\`), and may be sent with gzip, deflate or br. Unknown fields are ignored.
Dates are UTC with six digits: \`2023-10-12T10:07:35.200005Z\`.`;

const HEADERS = {
  'X-Request-Id': {
    description: 'The client’s own, up to 128 printable characters, or a new one; the log has it, too.',
    schema: { type: 'string', maxLength: 128 },
  },
  'X-COREOS-REQUEST-ID': {
    description: 'The client’s own, or a new one.',
    schema: { type: 'string', maxLength: 128 },
  },
};

const SECURITY_SCHEMES = {
  token: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: '`Token <key>`; the keyword in any case.',
  },
  coreosAccess: {
    type: 'apiKey',
    in: 'header',
    name: 'X-COREOS-ACCESS',
    description: 'The key, bare or after `Token` or `Bearer`.',
  },
};

/** The OpenAPI 3.1 document of everything that the ingest API answers, and of what targets are sent. */
export function openApiDocument(settings: { contentTypes: ContentTypes }): object {
  const all = docs(settings);
  const paths = all.flatMap((one) => Object.entries(one.paths));
  return {
    openapi: '3.1.0',
    info: {
      title: 'oms-webhooks',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Where this document is served.' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(
      paths.map(([path, doc]) => [path.replace(/:(\w+)/g, '{$1}'), pathItem(path, doc)]),
    ),
    webhooks: deliveries,
    components: {
      schemas: Object.fromEntries(
        [errorSchemas, ...all.map(({ schemas = {} }) => schemas)].flatMap(Object.entries<JsonSchema>),
      ),
      responses: Object.fromEntries(familyAnswers.map(([name, one, ofOs1]) => [name, response(one, ofOs1)])),
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}
