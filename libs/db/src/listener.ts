import pg from 'pg';

/** A listening connection sends nothing by itself: only asking shows that the other end is gone. */
const ASK_EVERY_MS = 20_000;

export type Channel =
  'oms_webhooks_changed' | 'oms_webhooks_due' | 'oms_webhooks_resent' | 'oms_messages_held_up';

/**
 * Listens on PostgreSQL channels until the signal aborts, over a connection of its own, and connects again when that is
 * lost. Notices sent meanwhile are missed, so `onConnected` runs at each (re)connection: forget what is cached.
 */
export async function listen(options: {
  url: string;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  signal: AbortSignal;
  channels: Partial<Record<Channel, (payload: string) => void>>;
  onConnected?: () => void;
  pause: (ms: number, signal: AbortSignal) => Promise<unknown>;
}): Promise<void> {
  const { url, applicationName, signal, channels, onConnected, pause } = options;
  while (!signal.aborted) {
    const client = new pg.Client({
      connectionString: url,
      ...(applicationName !== undefined && { application_name: applicationName }),
      keepAlive: true,
      connectionTimeoutMillis: 5000,
      query_timeout: 10_000,
    });
    let end = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    client.on('error', end);
    client.on('end', end);
    signal.addEventListener('abort', end);
    const asking = setInterval(() => void client.query('SELECT 1').catch(end), ASK_EVERY_MS);
    client.on('notification', ({ channel, payload }) => channels[channel as Channel]?.(payload ?? ''));
    try {
      await client.connect();
      for (const channel of Object.keys(channels)) await client.query(`LISTEN ${channel}`);
      onConnected?.();
      await ended;
    } catch {
      // PostgreSQL is away; whoever needs it says so.
    }
    clearInterval(asking);
    signal.removeEventListener('abort', end);
    await client.end().catch(() => undefined);
    if (!signal.aborted) await pause(500, signal);
  }
}
