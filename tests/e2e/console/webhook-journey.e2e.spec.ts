import { respond } from '../../environment/target.ts';
import { HOOKS } from '../api-client.ts';
import { openConsole, type ConsolePage } from './console-page.ts';
import { setStage } from './stage.ts';

// Several screens each, which a busy machine draws slowly.
jest.setTimeout(180_000);

describe('Somebody who looks after webhooks', () => {
  const stage = setStage();
  let tab: ConsolePage;
  beforeEach(async () => {
    stage.target.received.length = 0;
    stage.target.answer(respond(200, 'welcome'));
    tab = await openConsole(stage);
  });
  afterEach(async () => {
    expect(tab.faults).toEqual([]);
    await tab.close();
  });

  it('makes one, sees its countdown drawn, is told what is wrong with it, and tries it out', async () => {
    const { page, goTo } = tab;
    await goTo('/webhooks/new');
    await page.getByLabel('Event type').selectOption('package.created');
    await page.getByLabel('Target URL').fill('http://10.0.0.1/private');
    await page
      .getByRole('figure', { name: /11 attempts, the last one 17 min 3 s after the first/ })
      .waitFor();
    await page.getByText('fixed', { exact: true }).click();
    await page.getByLabel('Seconds').fill('30');
    await page.getByRole('figure', { name: /11 attempts, the last one 5 min after the first/ }).waitFor();
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    await page
      .getByRole('alert')
      .getByText(/target_url/)
      .waitFor();

    await page.getByLabel('Target URL').fill(`${stage.target.url}/tried`);
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    await page.getByRole('heading', { name: /^package\.created →/ }).waitFor();
    await page.getByRole('button', { name: 'Send a test event' }).click();
    await page.getByText(/it answered 200/).waitFor();
    expect(await page.getByRole('region', { name: 'Response of the test' }).textContent()).toBe('welcome');
    expect(stage.target.received).toHaveLength(1);
    expect(stage.target.received[0]?.headers['x-whisperer-signature']).toMatch(/^sha256=/);
    await page.getByRole('figure', { name: 'Attempts over time: 0 failed' }).waitFor();
  });

  it('rotates a secret that nobody sees who has not asked to', async () => {
    const { id } = await stage.system.api.createHook(`${stage.target.url}/rotated`, {
      secret_key: 'swordfish',
    });
    const { page, goTo } = tab;
    await goTo(`/webhooks/${id}`);
    const secret = page.getByRole('region', { name: 'Secret' });
    expect(await secret.textContent()).not.toContain('swordfish');
    await secret.getByRole('button', { name: 'Show' }).click();
    await secret.getByText('swordfish').waitFor();
    await secret.getByRole('button', { name: 'Rotate' }).click();
    await secret.getByText('There is a new secret.').waitFor();
    const { json } = await stage.system.api.get(`${HOOKS}${id}/`);
    expect(json.secret_key).toMatch(/^whsec_/);
    await secret.getByText(String(json.secret_key)).waitFor();
  });

  it('changes one without losing what the form does not know, and learns why one is disabled', async () => {
    stage.target.answer(respond(410, 'gone'));
    const { id } = await stage.system.api.createHook(`${stage.target.url}/gone`, {
      config: { theirs: { deep: 1 } },
    });
    const { page, goTo } = tab;
    await goTo(`/webhooks/${id}/edit`);
    await page.getByRole('checkbox', { name: /Ordered/ }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: /^package\.created →/ }).waitFor();
    const { json } = await stage.system.api.get(`${HOOKS}${id}/`);
    expect(json.config).toEqual({ theirs: { deep: 1 }, ordered: true });

    await stage.system.api.publish(id, { pk: 1, data: {} });
    await page.getByRole('alert').getByText(/410/).waitFor();
    await page.getByRole('button', { name: 'Activate' }).waitFor();
    await goTo('/events');
    const trouble = page.getByRole('region', { name: 'Webhooks in trouble' }).getByRole('row');
    await trouble.filter({ hasText: '/gone' }).getByText('disabled').waitFor();
  });
});
