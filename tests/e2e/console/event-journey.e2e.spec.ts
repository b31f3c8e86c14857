import { eventually, respond } from '../../environment/target.ts';
import { ADMIN_TOKEN } from '../system.ts';
import { openConsole, signIn, type ConsolePage } from './console-page.ts';
import { setStage } from './stage.ts';

describe('Somebody who is called at night', () => {
  const stage = setStage();
  let tab: ConsolePage;
  beforeEach(() => {
    stage.target.received.length = 0;
  });
  afterEach(() => tab.close());

  const failingHook = (path: string) =>
    stage.system.api.createHook(`${stage.target.url}${path}`, {
      secret_key: 'swordfish',
      additional_headers: { 'X-Partner-Key': 'herring' },
      retry_countdown_config: { choice: 'fixed', kwargs: { seconds: 3600 } },
    });

  it('signs in with a token, and not with another', async () => {
    tab = await openConsole(stage, { signedIn: false });
    const { page, goTo } = tab;
    await goTo('/events?state=exhausted');
    await signIn(page, 'not-a-token-of-this-system');
    await page.getByRole('alert').getByText('Invalid token.').waitFor();
    await signIn(page, ADMIN_TOKEN);
    await page.getByText('No event is like that.').waitFor();
    expect(await page.getByRole('radio', { name: 'exhausted' }).isChecked()).toBe(true);
    expect(await page.evaluate('Object.keys(localStorage).join()')).not.toContain('token');
  });

  it('sees on the first screen which webhook fails, since when and why', async () => {
    const { system, target } = stage;
    target.answer(respond(503, 'down for maintenance'));
    const { id } = await failingHook('/seen');
    await system.api.publish(id, { pk: 1, data: {} });
    tab = await openConsole(stage);
    const trouble = tab.page.getByRole('region', { name: 'Webhooks in trouble' }).getByRole('row');
    const row = trouble.filter({ hasText: '/seen' });
    await row.getByText('failing').waitFor();
    await row.getByText('It answered 503.').waitFor();
    expect(await row.getByText(/ s ago/).count()).toBe(1);
  });

  it('goes by the keyboard to an event, sees what was sent and answered, and sends it again', async () => {
    const { system, target } = stage;
    target.answer(respond(503, 'down for maintenance', { 'x-answered-by': 'spec' }));
    const { id } = await failingHook('/again');
    // A number that JavaScript would change: what is shown must be what was signed.
    const data = '{"id": 12345678901234567890, "weight": 1.250}';
    const text = `{"hook":${id},"instance":{"pk":8812,"model":"package","data":${data}}}`;
    const path = '/api/v1/oms/oms_hook_events/publish-event/';
    await system.api.call('POST', path, { text, type: 'application/json' });
    await eventually(() => target.received[0], { what: 'the first attempt' });

    tab = await openConsole(stage);
    const { page, faults, goTo } = tab;
    await goTo(`/events?webhook=${id}`);
    await page.getByRole('cell', { name: 'retrying' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'package.created 8812' }).waitFor();

    await page.getByText('Attempt 1: 503').waitFor();
    await page.getByText(/attempt 2 in (59 min|1 h)/).waitFor();
    const response = page.getByRole('region', { name: 'Response of attempt 1' });
    expect(await response.textContent()).toMatch(/x-answered-by: spec[^]*down for maintenance/);

    const [sent] = target.received;
    expect(await page.getByRole('region', { name: 'Request body' }).textContent()).toBe(sent?.body);
    const headers = page.getByRole('region', { name: 'Request headers' });
    for (const name of ['x-whisperer-signature', 'webhook-signature', 'webhook-timestamp', 'webhook-id'])
      expect(await headers.textContent()).toContain(sent?.headers[name]);
    expect(await headers.textContent()).not.toContain('herring');
    await page.getByRole('switch', { name: 'Show secrets' }).check();
    expect(await headers.textContent()).toContain('X-Partner-Key: herring');
    const received = page.getByLabel('X-Whisperer-Signature as received');
    await received.fill(String(sent?.headers['x-whisperer-signature']));
    await page.getByText('✓ It is the signature').waitFor();
    await received.fill(`sha256=${'0'.repeat(64)}`);
    await page.getByText('✗ It is not').waitFor();

    target.answer(respond(200, 'thank you'));
    await received.blur();
    await page.keyboard.press('r');
    await page.getByText('Attempt 2: 200').waitFor();
    await page.getByText('delivered · after 2 attempts').waitFor();
    expect(faults).toEqual([]);
  });
});
