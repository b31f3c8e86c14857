import type { IngestApiConfig } from '../config.ts';
import { omnitronAt, type Omnitron } from './omnitron.ts';

/**
 * The Omnitron service that the settings name. Without `OMNITRON_URL` it is this system's own API, over the loopback, so
 * that the rules are those of every client; without `OMNITRON_TOKEN` then as who asks, whose token goes nowhere else.
 */
export function omnitronOfSettings({
  PORT,
  OMNITRON_URL,
  OMNITRON_TOKEN,
}: Pick<IngestApiConfig, 'PORT' | 'OMNITRON_URL' | 'OMNITRON_TOKEN'>): (
  authorization: string | undefined,
) => Omnitron {
  const own = OMNITRON_TOKEN === undefined ? undefined : `Token ${OMNITRON_TOKEN}`;
  return (authorization) =>
    OMNITRON_URL === undefined
      ? omnitronAt(`http://127.0.0.1:${PORT}`, { authorization: own ?? authorization, proxy: false })
      : omnitronAt(OMNITRON_URL, { authorization: own });
}
