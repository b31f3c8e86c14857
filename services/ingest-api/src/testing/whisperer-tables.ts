import pg from 'pg';

/** The tables as the migrations of dj-whisperer 0.2.25 and of Django make them. */
const TABLES = `
  CREATE TABLE auth_user (id serial PRIMARY KEY, username varchar(150) UNIQUE NOT NULL);
  CREATE TABLE whisperer_webhook (
    id serial PRIMARY KEY, created_date timestamptz NOT NULL, modified_date timestamptz NOT NULL,
    target_url varchar(255) NOT NULL, is_active boolean NOT NULL, secret_key varchar(124), event_type varchar(124) NOT NULL,
    callback varchar(64), retry_countdown_config jsonb NOT NULL, additional_headers jsonb NOT NULL, config jsonb NOT NULL,
    user_id integer NOT NULL REFERENCES auth_user, UNIQUE (user_id, target_url, event_type));
  CREATE TABLE whisperer_webhookevent (
    id serial PRIMARY KEY, created_date timestamptz NOT NULL, modified_date timestamptz NOT NULL, uuid uuid UNIQUE NOT NULL,
    request_payload jsonb NOT NULL, response_content text NOT NULL, response_http_status integer NOT NULL,
    delivered boolean NOT NULL, request_datetimes timestamptz[] NOT NULL, retry_count integer, content_type_id integer,
    object_id integer, webhook_id integer NOT NULL REFERENCES whisperer_webhook)`;

const ROWS = `
  INSERT INTO auth_user (username) VALUES ('shop'), ('other');
  INSERT INTO whisperer_webhook VALUES
    (7, now(), now(), 'https://a.example/', true, 'example-secret', 'package-created', NULL,
     '{"choice": "fixed", "kwargs": {"seconds": 60}}', '{"X-Key": "k"}', '{}', 1),
    (9, now(), now(), 'https://b.example/', false, NULL, 'order.paid', 'app.done',
     '{"choice": "exponential", "kwargs": {"base": 2, "factor": 1}}', '{}', '{"auth": {"auth_type": "basic", "username": "u", "password": "p"}}', 2);
  INSERT INTO whisperer_webhookevent
    (created_date, modified_date, uuid, request_payload, response_content, response_http_status, delivered, request_datetimes, retry_count, content_type_id, object_id, webhook_id)
  VALUES
    (now() - interval '30 days', now() - interval '30 days' + interval '1.000005 second', '00000000-0000-4000-8000-000000000001',
     '{"event": {"type": "package-created", "uuid": "00000000000040008000000000000001"}, "payload": {"pk": 8812}}',
     $$b'\\xc5\\x9f'$$, 200, true, ARRAY[now() - interval '30 days', now() - interval '31 days'], 2, 4, 8812, 7),
    (now(), now(), '00000000-0000-4000-8000-000000000002', '{"event": {"type": "package-created"}, "payload": {}}',
     'Read timed out.', 500, false, ARRAY[now(), NULL], 1, 4, 5, 7),
    (now(), now(), '00000000-0000-4000-8000-000000000003', '{"event": {"type": "order.paid"}, "payload": {}}',
     $$b'no'$$, 503, false, ARRAY[now()], 1, NULL, NULL, 9),
    (now() - interval '300 days', now(), '00000000-0000-4000-8000-000000000004', '{}', '', 200, true, '{}', NULL, 4, 1, 7)`;

/** Makes a database that of a dj-whisperer with two webhooks and four events, one of them too old to be imported. */
export async function fillWhisperer(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`${TABLES};${ROWS}`);
  } finally {
    await client.end();
  }
}
