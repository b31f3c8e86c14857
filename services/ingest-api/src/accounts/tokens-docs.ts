import { jsonSchemaOf } from '@oms-webhooks/http';
import { answer, linksById, named, record, type Docs } from '../openapi/call-doc.ts';
import { detail, invalid } from '../openapi/errors.ts';
import { pageAnswers } from '../openapi/pages.ts';
import { idInPath, pageParameters } from '../openapi/parameters.ts';
import { changedToken, newToken } from './token-body.ts';

const example = {
  id: 2,
  account: 'shop',
  superuser: false,
  roles: [{ name: 'support', permissions: ['get-users'] }],
  app: null,
  created_date: '2023-10-12T10:07:35.200005Z',
  revoked_date: null,
};
const forbidden = detail('You do not have permission to perform this action.', 'Not a superuser’s token.');
const token = record({
  id: { type: 'integer' },
  account: { type: 'string' },
  superuser: { type: 'boolean' },
  roles: {
    type: 'array',
    items: record({ name: { type: 'string' }, permissions: { type: 'array', items: { type: 'string' } } }),
  },
  app: { type: ['string', 'null'] },
  created_date: { type: 'string', format: 'date-time' },
  revoked_date: { type: ['string', 'null'], format: 'date-time' },
});

export const tokensDocs: Docs = {
  paths: {
    '/api/v1/oms/tokens/': {
      GET: {
        id: 'listTokens',
        tag: 'Tokens',
        summary: 'Tokens that are not revoked, without their keys',
        parameters: pageParameters,
        answers: { ...pageAnswers(named('Token'), example), 403: forbidden },
      },
      POST: {
        id: 'createToken',
        tag: 'Tokens',
        summary: 'Creates a token; its key is shown this once',
        body: {
          schema: jsonSchemaOf(newToken),
          example: { account: 'shop', roles: [{ name: 'support', permissions: ['get-users'] }] },
        },
        answers: {
          201: {
            ...answer(
              'The token with its key.',
              { allOf: [named('Token'), record({ token: { type: 'string' } })] },
              { ...example, token: '8d3f0f4a62c6f0a8c1a6e9d0b7f3c2e1d4a5b6c7' },
            ),
            links: linksById('/id', 'changeToken', 'revokeToken'),
          },
          400: invalid({ account: ['This field is required.'] }),
          403: forbidden,
        },
      },
    },
    '/api/v1/oms/tokens/:id/': {
      parameters: [idInPath],
      PATCH: {
        id: 'changeToken',
        tag: 'Tokens',
        summary: 'Changes the roles of a token',
        body: {
          schema: jsonSchemaOf(changedToken),
          example: { roles: [{ name: 'support', permissions: ['get-users', 'get-user-details'] }] },
        },
        answers: {
          200: answer('The token.', named('Token'), example),
          400: invalid({ roles: ['This field is required.'] }),
          403: forbidden,
        },
      },
      DELETE: {
        id: 'revokeToken',
        tag: 'Tokens',
        summary: 'Revokes a token, at once',
        answers: { 204: answer('It is refused from now on.'), 403: forbidden },
      },
    },
  },
  schemas: { Token: token },
};
