import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { createApi, type Api } from './api.ts';
import { outputOn, type Output } from './output.ts';

/** Where this command line is at home; `npm start` keeps its token there. */
export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export interface Place {
  url: string;
  token: string | undefined;
}

export interface Context {
  out: Output;
  api: Api;
  place: Place;
}

/** What every command needs, from its options, the environment, and what `npm start` has left. */
export function contextOf(command: Command): Context {
  const {
    url,
    token,
    json = false,
  } = command.optsWithGlobals<{ url?: string; token?: string; json?: boolean }>();
  const place = placeOf({ url, token }, process.env);
  return { out: outputOn(json), api: createApi(place), place };
}

/** The address and the token: as told, else those of the system that `npm start` runs on this machine. */
export function placeOf(
  given: { url?: string | undefined; token?: string | undefined },
  { OMS_WEBHOOKS_URL, OMS_WEBHOOKS_TOKEN, PORT, API_TOKEN }: NodeJS.ProcessEnv,
  keptToken: () => string | undefined = readKeptToken,
): Place {
  const url = given.url ?? nonBlank(OMS_WEBHOOKS_URL);
  const token = given.token ?? nonBlank(OMS_WEBHOOKS_TOKEN);
  // The token of this machine is not for others to see.
  if (url !== undefined) return { url, token };
  return {
    url: `http://127.0.0.1:${nonBlank(PORT) ?? 8080}`,
    token: token ?? nonBlank(API_TOKEN) ?? keptToken(),
  };
}

const nonBlank = (text: string | undefined) => (text?.trim() ? text.trim() : undefined);

function readKeptToken(): string | undefined {
  try {
    const dataDir = resolve(PROJECT, nonBlank(process.env.DATA_DIR) ?? '.data');
    return nonBlank(readFileSync(join(dataDir, 'token'), 'utf8'));
  } catch {
    return undefined;
  }
}
