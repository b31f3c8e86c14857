/** The part of a logger that lifecycle needs; `Log` of @oms-webhooks/telemetry fulfils it. */
export interface LifecycleLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}
