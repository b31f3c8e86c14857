import { readSettings } from '@oms-webhooks/config';
import { closingInReverse } from '@oms-webhooks/lifecycle';
import type { Log } from '@oms-webhooks/telemetry';
import { startIngestApi } from '../app.ts';
import { declarations } from '../config.ts';

export interface RunningIngestApi {
  url: string;
  lines: { level: string; message: string; [field: string]: unknown }[];
  stop(): Promise<void>;
}

/** The whole ingest API within a spec's process, on a free port that the spec has found, with what it logs. */
export async function runIngestApi(
  port: number,
  environment: Record<string, string>,
): Promise<RunningIngestApi> {
  const lines: RunningIngestApi['lines'] = [];
  const at =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      void lines.push({ ...fields, level, message });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const closing = closingInReverse({ log });
  const stopping = new AbortController();
  const given = { DELIVERY_ALLOWED_NETWORKS: '127.0.0.0/8', PORT: String(port), ...environment };
  await startIngestApi(readSettings(given, declarations), log, {
    signal: stopping.signal,
    onClose: closing.onClose,
    end: () => undefined,
  });
  return {
    url: `http://127.0.0.1:${port}`,
    lines,
    async stop() {
      stopping.abort();
      await closing.closeAll();
    },
  };
}
