import { Client } from 'pg';
import { attachPartition } from '@oms-webhooks/db';
import { headers } from '../load/publishers.ts';
import { percentiles } from '../../chaos/verdict/figures.ts';
import type { System } from '../machine/system.ts';

const WEBHOOKS = 100;
const WEEKS = 10;
const REQUESTS = 100;
/** One in ten is undelivered. */
const UNDELIVERED = 10;

/**
 * Fills the weeks before last with finished and undelivered events, each with an attempt. Each week is filled before it is
 * attached, so that its indexes are built in one go.
 */
export async function storeEvents({ database }: System, events: number): Promise<void> {
  // Not the system's own pool, whose statements end after seconds.
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await store(client, events);
  } finally {
    await client.end();
  }
}

async function store(client: Client, events: number): Promise<void> {
  await client.query(
    `INSERT INTO webhook (account_id, target_url, event_type, retry_countdown_config)
     SELECT (SELECT min(id) FROM account), 'http://127.0.0.1:9/stored/' || n,
            (ARRAY['package.created', 'package.status.shipped', 'shipment.created', 'transfer.status.created'])[1 + n % 4],
            '{"choice":"exponential","kwargs":{"base":2}}'
       FROM generate_series(1, $1) AS n`,
    [WEBHOOKS],
  );
  const { rows: weeks } = await client.query<{ firstDay: string; endDay: string; suffix: string }>(
    `SELECT to_char(week, 'YYYY-MM-DD') AS "firstDay", to_char(week + interval '1 week', 'YYYY-MM-DD') AS "endDay",
            to_char(week, '_YYYYMMDD') AS suffix
       FROM generate_series(date_trunc('week', now() AT TIME ZONE 'UTC') - make_interval(weeks => $1 + 1),
                            date_trunc('week', now() AT TIME ZONE 'UTC') - interval '2 weeks', '1 week') AS week`,
    [WEEKS],
  );
  for (const { firstDay, endDay, suffix } of weeks) {
    for (const parent of ['webhook_event', 'delivery_attempt']) {
      const name = parent + suffix;
      await client.query(`CREATE TABLE ${name} (LIKE ${parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
    }
    await client.query(eventsOfWeek(suffix), [firstDay, Math.round(events / weeks.length)]);
    await client.query(attemptsOfWeek(suffix));
    for (const parent of ['webhook_event', 'delivery_attempt'])
      await client.query(attachPartition({ parent, name: parent + suffix, firstDay, endDay }));
  }
  await client.query('VACUUM ANALYZE webhook_event');
  await client.query('VACUUM ANALYZE delivery_attempt');
}

const eventsOfWeek = (suffix: string) => `
  INSERT INTO webhook_event${suffix}
    (created_date, modified_date, uuid, webhook_id, event_type, content_type, object_id, payload, state, attempts,
     request_datetimes, response_http_status, response_content)
  SELECT at, at, gen_random_uuid(), w.id, w.event_type, 4, (n % 100000)::text,
         '{"id":' || n || ',"note":"' || repeat('x', 1000) || '"}',
         CASE WHEN n % ${UNDELIVERED} > 0 THEN 'delivered' WHEN n % 20 = 0 THEN 'exhausted' ELSE 'cancelled' END, 1,
         ARRAY[at], CASE WHEN n % ${UNDELIVERED} > 0 THEN 200 ELSE 503 END, 'ok'
    FROM generate_series(1, $2::int) AS n
    CROSS JOIN LATERAL (SELECT $1::timestamptz + n * (interval '6 days' / $2::int) AS at) AS moment
    JOIN (SELECT id, event_type, row_number() OVER (ORDER BY id) - 1 AS place
            FROM webhook WHERE target_url LIKE '%/stored/%') AS w ON w.place = n % ${WEBHOOKS}`;

const attemptsOfWeek = (suffix: string) => `
  INSERT INTO delivery_attempt${suffix}
    (event_id, number, requested_at, duration_ms, cause, response_http_status, response_headers, response_content, webhook_id)
  SELECT id, 1, created_date, 12, 'countdown', response_http_status, '{"content-type":"text/plain"}', 'ok', webhook_id
    FROM webhook_event${suffix}`;

export interface Listed {
  name: string;
  p50: number;
  p99: number;
}

/** Requests one after the other, as a person or a program that reads makes them. */
export async function* measureLists({ apiUrl, database: { pool } }: System): AsyncGenerator<Listed> {
  const { rows } = await pool.query<{ id: number; uuid: string; webhook_id: number }>(
    `SELECT id, uuid, webhook_id FROM webhook_event WHERE created_date > now() - interval '4 weeks' ORDER BY id LIMIT 1`,
  );
  const some = rows[0];
  if (!some) throw new Error('nothing is stored');
  const weekAgo = (weeks: number) => new Date(Date.now() - weeks * 7 * 86_400_000).toISOString();
  const list = '/api/v1/oms/oms_hook_events/';
  const calls: Record<string, string> = {
    'page 1': list,
    'page 1,000': `${list}?page=1000`,
    'undelivered, page 1': '/api/v1/oms/settings/undelivered_webhooks/',
    'undelivered, page 1,000': '/api/v1/oms/settings/undelivered_webhooks/?page=1000',
    'by webhook': `${list}?webhook=${some.webhook_id}`,
    'by webhook and state': `${list}?webhook=${some.webhook_id}&state=exhausted`,
    'by state': `${list}?state=exhausted`,
    'by a state that none has': `${list}?state=retrying`,
    'by delivered': `${list}?delivered=true`,
    'by event type': `${list}?event_type=shipment.created`,
    'by an event type that none has': `${list}?event_type=package.status.packed`,
    'by status': `${list}?response_http_status=503`,
    'by a status that none has': `${list}?response_http_status=418`,
    'by object': `${list}?object_id=4711`,
    'by object and model': `${list}?object_id=4711&model=package`,
    'by content type that none has': `${list}?content_type=99`,
    'by model': `${list}?model=package`,
    'by date': `${list}?created_date__gte=${weekAgo(5)}&created_date__lt=${weekAgo(4)}`,
    'by uuid': `${list}?uuid=${some.uuid}`,
    'q, an object': `${list}?q=4711`,
    'q, the beginning of a uuid': `${list}?q=${some.uuid.slice(0, 8)}`,
    'one event': `${list}${some.id}/`,
    'its attempts': `${list}${some.id}/attempts/`,
  };
  for (const [name, path] of Object.entries(calls)) {
    const took: number[] = [];
    for (let n = 0; n < REQUESTS + 5; n += 1) {
      const startedAt = performance.now();
      const answer = await fetch(apiUrl + path, { headers });
      await answer.text();
      if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
      if (n >= 5) took.push(performance.now() - startedAt);
      // What takes seconds is known after a few.
      if (took.length >= 5 && took.reduce((sum, ms) => sum + ms, 0) > 5_000) break;
    }
    const { p50, p99 } = percentiles(took);
    yield { name, p50, p99 };
  }
}

/** Bytes an event takes, tables with TOAST, indexes, and the same of its attempt. */
export async function bytesPerEvent({ database: { pool } }: System): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ parent: string; heap: number; indexes: number }>(
    `SELECT parent.relname AS parent, sum(pg_table_size(inhrelid))::float8 AS heap,
            sum(pg_indexes_size(inhrelid))::float8 AS indexes
       FROM pg_inherits JOIN pg_class parent ON parent.oid = inhparent
      WHERE parent.relname IN ('webhook_event', 'delivery_attempt') GROUP BY 1`,
  );
  const { rows: counted } = await pool.query<{ count: number }>('SELECT count(*) FROM webhook_event');
  const events = counted[0]?.count ?? 1;
  return Object.fromEntries(
    rows.flatMap(({ parent, heap, indexes }) => [
      [`${parent}, table`, heap / events],
      [`${parent}, indexes`, indexes / events],
    ]),
  );
}
