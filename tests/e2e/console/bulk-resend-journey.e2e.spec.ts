import type { Browser } from 'playwright-core';
import { startBrowser } from '../../environment/browser.ts';
import { arrivals, startSystem, type System } from '../system.ts';
import { eventually, respond, startTarget, type Target } from '../../environment/target.ts';
import { openConsole, type ConsolePage } from './console-page.ts';

const EVENTS = 12;

describe('After an outage, somebody who sends again what did not arrive', () => {
  let system: System;
  let target: Target;
  let browser: Browser;
  let tab: ConsolePage;
  let hook: number;
  beforeAll(async () => {
    [system, target, browser] = await Promise.all([
      startSystem(),
      startTarget(respond(503, 'down')),
      startBrowser(),
    ]);
    const once = { config: { max_attempts: 1, recovery_attempts: 0, recover_hours: 0 } };
    hook = (await system.api.createHook(`${target.url}/outage`, once)).id;
    for (let pk = 1; pk <= EVENTS; pk++) await system.api.publish(hook, { pk, data: {} });
    await eventually(async () => {
      const { json } = await system.api.get(
        `/api/v1/oms/oms_hook_events/?webhook=${hook}&state=exhausted&page_size=1`,
      );
      return json.count === EVENTS;
    });
    target.received.length = 0;
    target.answer(respond(200, 'ok'));
    tab = await openConsole(browser, system);
  });
  afterAll(async () => {
    await browser.close();
    await system.close();
    await target.close();
  });

  it('sees how many they are, can stop it, and in the end everything has arrived once', async () => {
    const { page, faults, goTo } = tab;
    await goTo(`/undelivered?webhook=${hook}`);
    const preview = async (rate: string) => {
      await page.getByRole('button', { name: 'Resend all of these…' }).click();
      await page
        .getByRole('dialog')
        .getByText(/^\d+ events?$/)
        .waitFor();
      await page.getByLabel('Events a second').fill(rate);
    };
    await preview('1');
    await page.getByRole('dialog').getByText(`${EVENTS} events`).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Resend' }).click();
    const tasks = page.getByRole('region', { name: 'Bulk resends' });
    await tasks.getByRole('progressbar').waitFor();
    await tasks.getByRole('button', { name: 'Abort' }).click();
    await tasks.getByText(/aborted/).waitFor();
    expect(arrivals(target).size).toBeLessThan(EVENTS);

    await preview('1000');
    await page.getByRole('dialog').getByRole('button', { name: 'Resend' }).click();
    await tasks.getByText(/finished/).waitFor();
    await page.getByText('No undelivered event is like that.').waitFor();
    const counts = arrivals(target);
    expect([counts.size, [...counts.values()].every((times) => times === 1)]).toEqual([EVENTS, true]);
    expect(faults).toEqual([]);
  });
});
