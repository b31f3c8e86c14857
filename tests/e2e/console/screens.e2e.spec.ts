import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { eventually, respond, startTarget, type Target } from '../../environment/target.ts';
import { openConsole, type ConsolePage } from './console-page.ts';
import { setStage } from './stage.ts';

const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const LOOKS = [
  { name: 'wide, light', viewport: WIDE, colorScheme: 'light' },
  { name: 'wide, dark', viewport: WIDE, colorScheme: 'dark' },
  { name: 'on a phone, light', viewport: PHONE, colorScheme: 'light' },
  { name: 'on a phone, dark', viewport: PHONE, colorScheme: 'dark' },
] as const;

/** By their path, but for those that show one thing. The last two are an address that leads nowhere, and an error. */
const SCREENS = [
  'events',
  'event',
  'undelivered',
  'webhooks',
  'webhook',
  'webhooks/new',
  'registry',
  'setup',
  'tokens',
  'audit',
  'nowhere',
  'events/987654321',
];
const PLOTTED = ['webhook', 'webhooks/new'];

/** Where this is set, each screen is drawn into that folder: for looking at, and for the README. */
const PICTURES = process.env.CONSOLE_PICTURES;
const pictureOf = (screen: string, viewport: { width: number }, scheme: string) =>
  `${screen.replace('/', '-')}-${viewport.width}-${scheme}.png`;

// A busy machine draws slowly.
jest.setTimeout(180_000);

describe('The console', () => {
  const stage = setStage();
  let failing: Target;
  /** Of the screens that show one thing. */
  let paths: Record<string, string>;
  const pathOf = (screen: string) => paths[screen] ?? `/${screen}`;
  beforeAll(async () => {
    failing = await startTarget(respond(503, 'down for maintenance', { 'content-type': 'text/plain' }));
    const { api } = stage.system;
    const slowly = { retry_countdown_config: { choice: 'exponential', kwargs: { base: 60 } } };
    const hook = await api.createHook(`${failing.url}/partners/red`, { ...slowly, secret_key: 'swordfish' });
    const other = await api.createHook(`${stage.target.url}/partners/green`);
    for (let pk = 8801; pk <= 8806; pk++) {
      for (const { id } of [hook, other]) await api.publish(id, { pk, data: { id: pk, state: 'Shipped' } });
    }
    const event = await eventually(async () => {
      const { json } = await api.get(`/api/v1/oms/oms_hook_events/?webhook=${hook.id}&state=retrying`);
      return json.results[0] as { id: number } | undefined;
    });
    paths = { event: `/events/${event.id}`, webhook: `/webhooks/${hook.id}` };
  });
  afterAll(() => failing.close());

  describe.each(LOOKS)('$name', ({ viewport, colorScheme }) => {
    let tab: ConsolePage;
    beforeAll(async () => {
      tab = await openConsole(stage, { viewport, colorScheme });
    });
    afterAll(() => tab.close());

    it.each(SCREENS)('can be used by everybody: %s', async (name) => {
      const { page, faults, goTo } = tab;
      await goTo(pathOf(name));
      await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
      if (PLOTTED.includes(name)) await page.locator('.recharts-surface').first().waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      const beyond = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect([await page.evaluate(beyond), faults]).toEqual([0, []]);
      if (PICTURES) await page.screenshot({ path: join(PICTURES, pictureOf(name, viewport, colorScheme)) });
    });

    it('can be used by everybody: signing in', async () => {
      const entrance = await openConsole(stage, { viewport, colorScheme, signedIn: false });
      await entrance.goTo('/');
      expect(await seriousFaults(entrance.page)).toEqual([]);
      await entrance.close();
    });
  });

  it('needs less than 200 KiB of compressed script until its first screen is there', async () => {
    const tab = await openConsole(stage);
    await tab.page.getByRole('table', { name: 'Events' }).waitFor();
    const scripts = [...tab.scripts];
    await tab.close();
    let bytes = 0;
    for (const url of scripts) {
      const { headers } = await stage.system.clientWith().call('GET', new URL(url).pathname, {
        headers: { 'accept-encoding': 'gzip' },
      });
      bytes += Number(headers['content-length']);
    }
    expect(scripts.length).toBeGreaterThan(1);
    expect(bytes).toBeLessThan(200 * 1024);
  });
});

/** What axe finds that keeps people out. */
async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}
