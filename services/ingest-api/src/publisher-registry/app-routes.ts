import { charField, listField, objectField, partial, validate, type Route } from '@oms-webhooks/http';
import type Joi from 'joi';
import { appJson } from './app-json.ts';
import type { AppBody, AppStore } from './app-store.ts';
import { PATHS } from './operations.ts';
import { tenantOf } from './os1-headers.ts';

export const appBody = objectField({
  permissions: listField(charField({ max: 124 }), { max: 100 }),
  name: charField({ max: 124, required: false }),
}) as Joi.ObjectSchema<AppBody>;
export const appChanges = partial(appBody);

/** createAppConfig, GetAppConfigDetails, UpdateAppConfig. */
export function appRoutes(apps: AppStore): Route[] {
  return [
    {
      path: PATHS.apps,
      async GET(request) {
        return { status: 200, json: { data: appJson(await apps.find(request.account, tenantOf(request))) } };
      },
      async POST(request) {
        const tenant = tenantOf(request);
        const body = validate(appBody, (await request.body()).value);
        return { status: 201, json: { data: appJson(await apps.create(request.account, tenant, body)) } };
      },
      async PATCH(request) {
        const tenant = tenantOf(request);
        const body = validate(appChanges, (await request.body()).value);
        return { status: 200, json: { data: appJson(await apps.change(request.account, tenant, body)) } };
      },
    },
  ];
}
