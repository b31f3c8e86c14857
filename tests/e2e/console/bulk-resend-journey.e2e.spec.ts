import { arrivals } from '../system.ts';
import { eventually, respond } from '../../environment/target.ts';
import { openConsole, type ConsolePage } from './console-page.ts';
import { setStage } from './stage.ts';

const EVENTS = 12;

describe('After an outage, somebody who sends again what did not arrive', () => {
  const stage = setStage();
  let tab: ConsolePage;
  let hook: number;
  beforeAll(async () => {
    const { system, target } = stage;
    target.answer(respond(503, 'down'));
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
    tab = await openConsole(stage);
  });

  it('sees how many they are, can stop it, and in the end everything has arrived once', async () => {
    const { page, faults, goTo } = tab;
    const { target } = stage;
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
