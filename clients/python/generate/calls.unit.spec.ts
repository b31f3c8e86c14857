import { callsOf, type Document } from './calls.ts';

const json = (schema: object) => ({ content: { 'application/json': { schema } } });

describe('calls.py', () => {
  it('has a method for a call, its parameters by Python’s names and its types by the models’', () => {
    const document: Document = {
      paths: {
        '/hooks/{hookId}/': {
          parameters: [{ name: 'hookId', in: 'path', schema: { type: 'integer' } }],
          put: {
            operationId: 'replaceHook',
            summary: 'Changes a hook',
            parameters: [
              { name: 'X-COREOS-TID', in: 'header', schema: { type: 'string' } },
              {
                name: 'created__gt',
                in: 'query',
                schema: { anyOf: [{ type: 'integer' }, { const: 'last' }] },
              },
            ],
            requestBody: { required: false, ...json({ $ref: '#/components/schemas/HookBody' }) },
            responses: { 200: json({ type: 'object' }), 201: json({ type: 'object' }), 404: {} },
          },
        },
      } as unknown as Document['paths'],
    };
    expect(callsOf(document)).toContain(`
    def replace_hook(
        self,
        hook_id: int,
        body: models.HookBody | None = None,
        *,
        created__gt: int | Literal["last"] | None = None,
        x_coreos_tid: str | None = None,
    ) -> models.ReplaceHookResponse | models.ReplaceHookResponse1:
        """Changes a hook"""
        answer: models.ReplaceHookResponse | models.ReplaceHookResponse1 = self._call(
            "PUT",
            "/hooks/{hookId}/",
            within={"hookId": hook_id},
            query={"created__gt": created__gt},
            headers={"X-COREOS-TID": x_coreos_tid},
            body=body,
        )
        return answer
`);
  });

  it('answers what a call without a body says in a header of its own, and leaves streams out', () => {
    const headers = { 'X-Request-Id': {}, 'X-Event-UUID': {} };
    const stream = { content: { 'text/event-stream': { schema: { type: 'string' } } } };
    const document = {
      paths: {
        '/publish/': {
          post: { operationId: 'publish', summary: 'Publishes', responses: { 202: { headers } } },
        },
        '/stream/': { get: { operationId: 'follow', summary: 'Follows', responses: { 200: stream } } },
      },
    } as unknown as Document;
    const text = callsOf(document);
    expect(text).toMatch(/def publish\(\n +self,\n +\) -> str:/);
    expect(text).toContain('shown="X-Event-UUID"');
    expect(text).not.toContain('follow');
  });
});
