import { closingInReverse } from '@oms-webhooks/lifecycle';
import { readSettings } from '@oms-webhooks/config';
import type { Log } from '@oms-webhooks/telemetry';
import { startDispatcher } from '../app.ts';
import { declarations } from '../config.ts';

export interface RunningDispatcher {
  lines: { level: string; message: string; [field: string]: unknown }[];
  stop(): Promise<void>;
}

/** The whole dispatcher within a spec's process, with what it logs. */
export async function runDispatcher(environment: Record<string, string>): Promise<RunningDispatcher> {
  const lines: RunningDispatcher['lines'] = [];
  const at =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      void lines.push({ ...fields, level, message });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const closing = closingInReverse({ log });
  const stopping = new AbortController();
  const config = readSettings({ DELIVERY_ALLOWED_NETWORKS: '127.0.0.0/8', ...environment }, declarations);
  await startDispatcher({ ...config, DISPATCHER_PORT: 0 }, log, {
    signal: stopping.signal,
    onClose: closing.onClose,
    end: () => undefined,
  });
  return {
    lines,
    async stop() {
      stopping.abort();
      await closing.closeAll();
    },
  };
}
