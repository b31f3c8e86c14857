import {
  idParameter,
  notFound,
  pageOf,
  pageReply,
  permissionDenied,
  validate,
  type ApiRequest,
  type Route,
} from '@oms-webhooks/http';
import { changedToken, newToken } from './token-body.ts';
import type { TokenStore } from './token-store.ts';

/** `/api/v1/oms/tokens/`, for superusers. */
export function tokensRoutes(tokens: TokenStore): Route[] {
  const superuser = ({ account }: ApiRequest) => {
    if (!account.superuser) throw permissionDenied();
  };
  return [
    {
      path: '/api/v1/oms/tokens/',
      async GET(request) {
        superuser(request);
        const page = pageOf(request.absoluteUrl, await tokens.count());
        return pageReply(
          page,
          (await tokens.list(page)).map((token) => JSON.stringify(token)),
        );
      },
      async POST(request) {
        superuser(request);
        const { token, key } = await tokens.create(
          request.account,
          validate(newToken, (await request.body()).value),
        );
        return { status: 201, json: { ...token, token: key } };
      },
    },
    {
      path: '/api/v1/oms/tokens/:id/',
      async PATCH(request) {
        superuser(request);
        const id = idParameter(request.params.id);
        if (!(await tokens.isValid(id))) throw notFound();
        const changed = await tokens.changeRoles(
          request.account,
          id,
          validate(changedToken, (await request.body()).value).roles,
        );
        if (!changed) throw notFound();
        return { status: 200, json: changed };
      },
      async DELETE(request) {
        superuser(request);
        if (!(await tokens.revoke(request.account, idParameter(request.params.id)))) throw notFound();
        return { status: 204 };
      },
    },
  ];
}
