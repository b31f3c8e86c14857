import { jsonSchemaOf } from '@oms-webhooks/http';
import { answer, named, record, type Docs } from '../openapi/call-doc.ts';
import { os1Error } from '../openapi/errors.ts';
import { appBody, appChanges } from './app-routes.ts';
import { PATHS } from './operations.ts';
import { badTenant, ID, tenantParameters } from './registry-docs.ts';

const body = { name: 'User management', permissions: ['get-users', 'get-user-details'] };
const example = { id: ID, ...body };
const shown = answer('The app.', record({ data: named('PublisherApp') }), { data: example });
const noApp = (operation: string) =>
  os1Error(`${operation}4041`, 'This account has no app configuration; create one first.');

export const appDocs: Docs = {
  paths: {
    [PATHS.apps]: {
      parameters: tenantParameters,
      GET: {
        id: 'getAppConfig',
        tag: 'Publisher apps',
        summary: 'GetAppConfigDetails: the account’s app in the tenant',
        answers: { 200: shown, 400: badTenant('0102'), 404: noApp('0102') },
      },
      POST: {
        id: 'createAppConfig',
        tag: 'Publisher apps',
        summary: 'createAppConfig: registers the account as a publisher in the tenant',
        body: { schema: jsonSchemaOf(appBody), example: body },
        answers: {
          201: shown,
          409: os1Error(
            '01014091',
            'This account has an app configuration already; update it instead.',
            'The account has one already (`4091`), or the id that its token names is in use (`4092`).',
          ),
        },
      },
      PATCH: {
        id: 'updateAppConfig',
        tag: 'Publisher apps',
        summary: 'UpdateAppConfig: changes what is named; other permissions count at once',
        body: { schema: jsonSchemaOf(appChanges), example: { permissions: ['get-users'] }, optional: true },
        answers: { 200: shown, 404: noApp('0103') },
      },
    },
  },
  schemas: {
    PublisherApp: record({
      id: { type: 'string', pattern: '^app:' },
      name: { type: 'string' },
      permissions: { type: 'array', items: { type: 'string' } },
    }),
  },
};
