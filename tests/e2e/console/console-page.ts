import type { BrowserContextOptions, Page } from 'playwright-core';
import { ADMIN_TOKEN } from '../system.ts';
import type { Stage } from './stage.ts';

/** A busy machine draws slowly. */
const LIMIT_MS = 30_000;

export interface ConsolePage {
  page: Page;
  /** What the browser complained of: scripts that threw, what the content security policy refused. */
  faults: string[];
  /** Every script that was asked for. */
  scripts: ReadonlySet<string>;
  /** Goes to a screen, by its path after `/console`. */
  goTo: (path: string) => Promise<void>;
  close(): Promise<void>;
}

/** A tab of the console, signed in as a superuser. */
export async function openConsole(
  { browser, system }: Stage,
  options: BrowserContextOptions & { signedIn?: boolean } = {},
): Promise<ConsolePage> {
  const { signedIn = true, ...context } = options;
  const tab = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...context });
  tab.setDefaultTimeout(LIMIT_MS);
  const page = await tab.newPage();
  const faults: string[] = [];
  const scripts = new Set<string>();
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.add(request.url());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // Answers that are no good ones are told here as well; what they mean is up to the console.
    const isAnswer = message.text().startsWith('Failed to load resource: the server responded');
    if (message.type() === 'error' && !isAnswer) faults.push(message.text());
  });
  const goTo = async (path: string) => {
    await page.goto(`${system.ingestApi.url}/console${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  if (signedIn) {
    await goTo('/');
    await signIn(page, ADMIN_TOKEN);
    await page.getByRole('heading', { name: 'Events', level: 1 }).waitFor();
  }
  return { page, faults, scripts, goTo, close: () => tab.close() };
}

/** Types a token where it is asked for. */
export async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
