import type { CountdownConfig } from './countdown.ts';
import type { Instant } from './instant.ts';

/** How the target wants to be authenticated to; `config.auth`. */
export type TargetAuth =
  | { auth_type: 'basic'; username: string; password: string }
  | { auth_type: 'bearer'; token: string }
  | {
      auth_type: 'token';
      url: string;
      username: string;
      password: string;
      username_field?: string;
      password_field?: string;
      token_key?: string;
      header_format?: string;
    };

/** The settings of a webhook that are ours; unknown members are kept and ignored. */
export interface WebhookConfig {
  auth?: TargetAuth;
  max_attempts?: number;
  recovery_attempts?: number;
  /** Exhausted events in a row that disable it. */
  max_exhausted?: number;
  recover_hours?: number;
  rate_limit?: number;
  ordered?: boolean;
  on_exhausted?: 'skip' | 'block';
  [other: string]: unknown;
}

/** A subscriber's URL for an event type. */
export interface Webhook {
  id: number;
  accountId: number;
  targetUrl: string;
  isActive: boolean;
  secretKey: string | null;
  /** The key before the present one, with which is signed as well until then. */
  previousSecretKey: string | null;
  previousSecretUntil: Instant | null;
  eventType: string;
  callback: string | null;
  retryCountdownConfig: CountdownConfig;
  additionalHeaders: Record<string, string>;
  config: WebhookConfig;
  disabledReason: string | null;
  /** The OS1 subscription that it is a part of. */
  subscriptionId: string | null;
  /** The published event that it hears; null: events of its type that domain services publish. */
  publishedEventId: number | null;
  /** Whether `customAttributes` stay in its payloads. */
  customAttributes: boolean;
  createdDate: number;
  modifiedDate: number;
}
