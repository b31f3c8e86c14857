import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOmsService } from '@oms-webhooks/example-oms-service';
import { eventually, respond, startTarget } from '../environment/target.ts';
import { UNDELIVERED } from './api-client.ts';
import { startSystem } from './system.ts';

const DATE = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string;
const resource = readFileSync(
  join(import.meta.dirname, '../../examples/oms-service/data/package-8812.json'),
  'utf8',
);

describe('The document of undelivered webhook events', () => {
  it('comes about key by key when a target answers 500 eleven times', async () => {
    const token = 'token-of-the-oms';
    const lookUps: string[] = [];
    const [oms, target] = await Promise.all([
      startOmsService({ port: 0, token, onLookUp: (path) => lookUps.push(path) }),
      startTarget(respond(500, '500 Internal Server Error')),
    ]);
    const system = await startSystem({
      environment: { RESPONSE_CONTENT_FORMAT: 'python-bytes', OMS_API_URL: oms.url, OMS_API_TOKEN: token },
    });
    try {
      const { id } = await system.api.createHook(`${target.url}/500`, {
        event_type: 'package.status.shipped',
        secret_key: '',
        callback: '',
      });
      const uuid = await system.api.publish(id, { pk: 8812 });
      const { text, json } = await eventually(
        async () => {
          const list = await system.api.get(UNDELIVERED);
          return list.json.results[0]?.retry_count === 11 ? list : undefined;
        },
        { what: '11 attempts' },
      );

      const [event] = json.results;
      const hex = uuid.replaceAll('-', '');
      expect(json).toEqual({
        count: 1,
        next: null,
        previous: null,
        results: [
          {
            id: expect.any(Number),
            webhook: {
              id,
              retry_countdown_config: { choice: 'fixed', kwargs: { seconds: 0 } },
              created_date: DATE,
              modified_date: DATE,
              target_url: `${target.url}/500`,
              is_active: true,
              secret_key: '',
              event_type: 'package.status.shipped',
              callback: '',
              additional_headers: {},
              config: {},
            },
            created_date: DATE,
            modified_date: DATE,
            uuid,
            request_payload: {
              event: { type: 'package.status.shipped', uuid: hex },
              payload: JSON.parse(resource),
            },
            response_content: "b'500 Internal Server Error'",
            response_http_status: 500,
            delivered: false,
            request_datetimes: Array.from({ length: 11 }, () => DATE),
            retry_count: 11,
            object_id: 8812,
            content_type: 4,
            state: 'retrying',
            next_attempt_at: DATE,
            last_error: expect.any(String),
          },
        ],
      });
      expect(Object.keys(event).join()).toBe(
        'id,webhook,created_date,modified_date,uuid,request_payload,response_content,response_http_status,' +
          'delivered,request_datetimes,retry_count,object_id,content_type,state,next_attempt_at,last_error',
      );
      expect(Object.keys(event.webhook).join()).toBe(
        'id,retry_countdown_config,created_date,modified_date,target_url,is_active,secret_key,event_type,' +
          'callback,additional_headers,config',
      );
      expect([...event.request_datetimes].sort().reverse()).toEqual(event.request_datetimes);
      expect(new Set(event.request_datetimes).size).toBe(11);

      // The resource is neither parsed nor written again on its way to the list and to the target.
      const sent = `{"event":{"type":"package.status.shipped","uuid":"${hex}"},"payload":${resource}}`;
      expect(text).toContain(`"request_payload":${sent},`);
      expect(target.received.map(({ body }) => body)).toEqual(Array.from({ length: 11 }, () => sent));
      expect(lookUps).toEqual(['/api/v1/oms/packages/8812/']);
    } finally {
      await system.close();
      await Promise.all([oms.close(), target.close()]);
    }
  });
});
