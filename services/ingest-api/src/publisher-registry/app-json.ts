import { parseUuid } from '@oms-webhooks/http';
import type { PublisherApp } from '@oms-webhooks/db';

/** The id as OS1 writes it. */
export const appIdJson = (id: string): string => `app:${id}`;

/** The uuid of an app id, `app:<uuid>`; undefined when it is none. */
export const parseAppId = (text: string): string | undefined =>
  text.startsWith('app:') ? parseUuid(text.slice('app:'.length)) : undefined;

export const appJson = ({ id, name, permissions }: PublisherApp) => ({
  id: appIdJson(id),
  name,
  permissions,
});
