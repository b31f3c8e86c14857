import { eventually, startTarget, type Target } from '../environment/target.ts';
import { ADMIN_TOKEN, startSystem, type System } from './system.ts';
import { EVENTS, HOOKS, PUBLISH, RESEND, UNDELIVERED } from './api-client.ts';

/** What Python's `requests` sends for `data={'hook': …, 'instance': {'pk': …, 'model': …}}`: only the keys of what is nested. */
const NESTED_DICT_AS_FORM = 'hook=webhook.pk&instance=pk&instance=model';
const EVENT_TYPES = [
  'package.created',
  'package.status.transitioned',
  'package.status.packed',
  'package.status.cancelled',
  'package.status.shipped',
  'package.status.packed_for_refund',
  'package.shipment.awb_number',
  'shipment.created',
  'shipment.status.updated',
  'shipment.cancelled',
  'transfer.status.created',
  'transfer.status.transitioned',
  'transfer.status.in_transit',
  'transfer.status.transferred',
  'transfer.status.cancelled',
  'transfer.status.ready_to_shipment',
  'stock_location.created',
  'stock_location.updated',
];
const ACCEPT_JSON = { accept: 'application/json' };

describe('The documents of the OMS, word for word', () => {
  let system: System;
  let target: Target;
  beforeAll(async () => {
    [system, target] = await Promise.all([startSystem(), startTarget()]);
  });
  afterAll(async () => {
    await system.close();
    await target.close();
  });

  const delivered = (uuid: string) =>
    eventually(async () => {
      const event = await system.api.event(uuid);
      return event.delivered ? event : undefined;
    });

  describe('publish event', () => {
    it('refuses the token that the document prints', async () => {
      const { status, headers, json } = await system
        .clientWith('Token f532eXXXXXXXXXXXXXXXXX201XXXXX9332d')
        .call('GET', PUBLISH, { form: NESTED_DICT_AS_FORM, headers: ACCEPT_JSON });
      expect([status, headers['www-authenticate'], json]).toEqual([
        401,
        'Token',
        { detail: 'Invalid token.' },
      ]);
    });

    it('answers 405 to the printed GET, and says that POST is meant', async () => {
      const { status, headers, json } = await system.api.call('GET', PUBLISH, {
        form: NESTED_DICT_AS_FORM,
        headers: ACCEPT_JSON,
      });
      expect([status, json]).toEqual([405, { detail: 'Method "GET" not allowed.' }]);
      expect(headers.allow).toBe('POST, OPTIONS');
    });

    it('names both fields when the printed form is posted', async () => {
      const { status, json } = await system.api.call('POST', PUBLISH, { form: NESTED_DICT_AS_FORM });
      expect(status).toBe(400);
      expect(json.hook).toEqual(['Incorrect type. Expected pk value, received str.']);
      expect(Object.keys(json)).toEqual(['hook', 'instance']);
    });

    it('takes what is evidently meant, as JSON and as a form, and answers 202 without a body', async () => {
      const { id } = await system.api.createHook(target.url);
      const asJson = await system.api.post(PUBLISH, {
        hook: id,
        instance: { pk: 1, model: 'package', data: {} },
      });
      expect([asJson.status, asJson.text]).toEqual([202, '']);
      const asForm = await system.api.call('POST', PUBLISH, {
        form: `hook=${id}&instance.pk=2&instance.model=package&instance.data.number=2P1`,
      });
      expect([asForm.status, asForm.text]).toEqual([202, '']);
      const event = await delivered(String(asForm.headers['x-event-uuid']));
      expect(event).toMatchObject({ object_id: 2, content_type: 4 });
      expect(event.request_payload.payload).toEqual({ number: '2P1' });
    });
  });

  describe('resend event', () => {
    it('refuses the printed text, which is no uuid, and a GET', async () => {
      const event = 'f532eXXXXXXXXXXXXXXXXX201XXXXX9332d';
      const posted = await system.api.post(RESEND, { event });
      expect([posted.status, posted.json]).toEqual([400, { event: ['Must be a valid UUID.'] }]);
      expect((await system.api.call('GET', RESEND, { form: `event=${event}` })).status).toBe(405);
      // The URL that the document prints for it is that of publishing.
      const elsewhere = await system.api.call('POST', PUBLISH, { form: `event=${event}` });
      expect(elsewhere.json).toEqual({
        hook: ['This field is required.'],
        instance: ['This field is required.'],
      });
    });

    it('sends a delivered event again by its uuid, with dashes, without, and as a form', async () => {
      const { id } = await system.api.createHook(`${target.url}/again`);
      const uuid = await system.api.publish(id, { pk: 3, data: {} });
      await delivered(uuid);
      const received = () => target.received.filter(({ path }) => path === '/again').length;
      for (const [times, sent] of [
        [2, { json: { event: uuid } }],
        [3, { json: { event: uuid.replaceAll('-', '') } }],
        [4, { form: `event=${uuid}` }],
      ] as const) {
        const answer = await system.api.call('POST', RESEND, sent);
        expect([answer.status, answer.text]).toEqual([200, '']);
        await eventually(() => received() === times, { what: `request ${times}` });
        await eventually(async () => (await system.api.event(uuid)).retry_count === times);
      }
    });

    it('answers 404 for a uuid that nothing has', async () => {
      const answer = await system.api.post(RESEND, { event: 'd2a839f0-09cc-4755-a731-081d4cc1330a' });
      expect([answer.status, answer.json]).toEqual([404, { detail: 'Not found.' }]);
    });
  });

  describe('list and detail', () => {
    it('show an event that was not sent yet with the keys, order and values of the document', async () => {
      await system.dispatcher.stop();
      const { id: hook } = await system.api.createHook(`${target.url}/later`, {
        retry_countdown_config: { choice: 'exponential', kwargs: { base: 2 } },
        secret_key: 'esGmJGCSbxJUsYqsPFEeMiSpPqcqABPIGxFLNPDuFmKKQEVyecoHRTUAWyaphTep',
      });
      const uuid = await system.api.publish(hook, { pk: 1, data: {} });
      const list = await system.api.get(`${EVENTS}?uuid=${uuid}`);
      const { id } = list.json.results[0];
      const detail = await system.api.get(`${EVENTS}${id}/`);
      await system.dispatcher.start();

      const masked = (text: string) =>
        text
          .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/g, '<date>')
          .replaceAll(uuid, '<uuid>')
          .replaceAll(uuid.replaceAll('-', ''), '<hex>')
          .replace(`{"id":${id},"webhook":{"id":${hook},`, '{"id":3,"webhook":{"id":1,')
          .replace(target.url, 'http://www.zjdaxliadjwylwuqwicp.com');
      expect(masked(detail.text)).toBe(
        '{"id":3,"webhook":{"id":1,"retry_countdown_config":{"choice":"exponential","kwargs":{"base":2,"factor":1}},' +
          '"created_date":"<date>","modified_date":"<date>",' +
          '"target_url":"http://www.zjdaxliadjwylwuqwicp.com/later","is_active":true,' +
          '"secret_key":"esGmJGCSbxJUsYqsPFEeMiSpPqcqABPIGxFLNPDuFmKKQEVyecoHRTUAWyaphTep",' +
          '"event_type":"package.created","callback":null,"additional_headers":{},"config":{}},' +
          '"created_date":"<date>","modified_date":"<date>","uuid":"<uuid>",' +
          '"request_payload":{"event":{"type":"package.created","uuid":"<hex>"},"payload":{}},' +
          '"response_content":"","response_http_status":null,"delivered":false,"request_datetimes":[],' +
          '"retry_count":null,"object_id":1,"content_type":4,' +
          '"state":"pending","next_attempt_at":"<date>","last_error":null}',
      );
      expect(list.text).toBe(`{"count":1,"next":null,"previous":null,"results":[${detail.text}]}`);
      await delivered(uuid);
    });

    it('answer the printed requests, whatever content type they claim for no body', async () => {
      for (const path of [EVENTS, UNDELIVERED, HOOKS]) {
        const answer = await system.api.call('GET', path, {
          headers: { 'content-type': 'application/json' },
        });
        expect([answer.status, Object.keys(answer.json)]).toEqual([
          200,
          ['count', 'next', 'previous', 'results'],
        ]);
      }
      expect((await system.api.get(`${EVENTS}999999/`)).json).toEqual({ detail: 'Not found.' });
    });
  });

  describe('subscribe and unsubscribe', () => {
    it('says what is wrong with the body that the document prints: a comma before the end', async () => {
      const printed =
        '{"event_type": "package-created", \n       "target_url": "http://example.com/", "secret_key": "secret",  }';
      const { status, json } = await system.api.call('POST', HOOKS, {
        text: printed,
        type: 'application/json',
      });
      expect(status).toBe(400);
      expect(json.detail).toMatch(/^JSON parse error - .+: line 2 column \d+ \(char \d+\)$/);
    });

    it('takes the printed body without that comma; the dashed event type is its dotted name', async () => {
      const { status, json } = await system.api.post(HOOKS, {
        event_type: 'package-created',
        target_url: `${target.url}/subscribed`,
        secret_key: 'secret',
      });
      expect(status).toBe(201);
      expect(json).toEqual({
        id: expect.any(Number),
        retry_countdown_config: { choice: 'exponential', kwargs: { base: 2 } },
        created_date: expect.any(String),
        modified_date: expect.any(String),
        target_url: `${target.url}/subscribed`,
        is_active: true,
        secret_key: 'secret',
        event_type: 'package.created',
        callback: null,
        additional_headers: {},
        config: {},
      });
      expect(Object.keys(json).join()).toBe(
        'id,retry_countdown_config,created_date,modified_date,target_url,is_active,secret_key,event_type,callback,additional_headers,config',
      );

      const unsubscribed = await system.api.call('DELETE', `${HOOKS}${json.id}/`);
      expect([unsubscribed.status, unsubscribed.text]).toEqual([204, '']);
      expect((await system.api.get(`${HOOKS}${json.id}/`)).json.is_active).toBe(false);
      const late = await system.api.post(PUBLISH, { hook: json.id, instance: { pk: 1, model: 'package' } });
      expect(late.status).toBe(400);
    });

    it('takes null for headers and secret, as the table says', async () => {
      const { status, json } = await system.api.post(HOOKS, {
        event_type: 'stock_location.updated',
        target_url: target.url,
        additional_headers: null,
        secret_key: null,
        retry_countdown_config: { choice: 'fixed', kwargs: { seconds: '60' } },
      });
      expect(status).toBe(201);
      expect(json).toMatchObject({
        additional_headers: {},
        secret_key: null,
        retry_countdown_config: { choice: 'fixed', kwargs: { seconds: 60 } },
      });
    });

    it('knows every event type of the document', async () => {
      const { json } = await system.api.get(`${HOOKS}registry/`);
      expect(json).toEqual(expect.arrayContaining(EVENT_TYPES));
    });
  });

  it('takes the token with any case of its keyword', async () => {
    for (const keyword of ['Token', 'token', 'TOKEN'])
      expect((await system.clientWith(`${keyword} ${ADMIN_TOKEN}`).get(EVENTS)).status).toBe(200);
  });
});
