import { openConsole, signIn, type ConsolePage } from './console-page.ts';
import { setStage } from './stage.ts';

const REGISTRY = '/core/api/v1/webhooks';

// Several screens each, which a busy machine draws slowly.
jest.setTimeout(180_000);

describe('Somebody who runs the system', () => {
  const wanted = [{ target_url: 'http://127.0.0.1:9/omnitron', event_type: 'package.created' }];
  const stage = setStage({ environment: { OMNITRON_WEBHOOKS: JSON.stringify(wanted) } });
  let tab: ConsolePage;
  beforeEach(async () => {
    tab = await openConsole(stage);
  });
  afterEach(async () => {
    expect(tab.faults).toEqual([]);
    await tab.close();
  });

  it('makes a token that works, gives it a role, revokes it, and finds that in the audit log', async () => {
    const { page, goTo } = tab;
    await goTo('/tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('Account').fill('shop');
    await page.getByRole('button', { name: 'Make the token' }).click();
    const key = (await page.locator('[data-key]').textContent()) ?? '';
    await page.getByRole('button', { name: 'Done' }).click();

    const other = await openConsole(stage, { signedIn: false });
    await other.goTo('/tokens');
    await signIn(other.page, key);
    await other.page.getByText('You do not have permission to perform this action.').waitFor();

    const row = page.getByRole('row').filter({ hasText: 'shop' });
    await row.getByRole('button', { name: /Roles/ }).click();
    const roles = page.getByRole('dialog');
    await roles.getByRole('button', { name: 'Add a role' }).click();
    await roles.getByLabel('Name of role 1').fill('reader');
    await roles.getByLabel(/Permissions of role 1/).fill('get-users, get-user-details');
    await roles.getByRole('button', { name: 'Save' }).click();
    await row.getByText('reader (get-users, get-user-details)').waitFor();

    page.on('dialog', (dialog) => void dialog.accept());
    await row.getByRole('button', { name: /Revoke/ }).click();
    await row.waitFor({ state: 'detached' });
    await other.goTo('/events');
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await other.close();

    await goTo('/audit?object_type=token');
    const changes = page.getByRole('table', { name: 'Changes' });
    await changes.getByText(/revoke token/).waitFor();
    await changes.getByText(/update token/).waitFor();
    expect(await changes.textContent()).not.toContain(key);
  });

  it('runs setup, after which nothing is missing', async () => {
    const { page, goTo } = tab;
    await goTo('/setup');
    await page.getByText('yes: not all of its webhooks are registered').waitFor();
    await page.getByRole('button', { name: 'Run setup' }).click();
    await page.getByText('It has finished.').waitFor();
    await page.getByText('no: nothing is missing').waitFor();
    await goTo('/webhooks');
    await page.getByRole('cell', { name: 'http://127.0.0.1:9/omnitron' }).waitFor();
  });

  it('holds a message against the filter of a published event', async () => {
    const { api } = stage.system;
    await api.post(`${REGISTRY}/apps`, { permissions: [], name: 'Users' });
    const filterLogic = { '===': [{ var: 'event.state' }, 'active:available'] };
    const event = { name: 'UserAvailable', type: 'users', eventType: 'UserUpdatedEvent', filterLogic };
    await api.post(`${REGISTRY}/topics/participant/events`, { events: [event] });

    const { page, goTo } = tab;
    await goTo('/registry');
    await page.getByRole('button', { name: 'Try UserAvailable' }).click();
    const message = page.getByLabel('Message, as it would come on the topic');
    const verdict = page.getByRole('region', { name: 'Filter playground' }).getByRole('status');
    await message.fill('{"eventType":"UserUpdatedEvent","event":{"state":"active:available"}}');
    await page.getByRole('button', { name: 'Try it' }).click();
    await verdict.getByText('matches', { exact: true }).waitFor();
    await message.fill('{"eventType":"UserUpdatedEvent","event":{"state":"inactive"}}');
    await page.getByRole('button', { name: 'Try it' }).click();
    await verdict.getByText('does not match').waitFor();
    await page.getByRole('cell', { name: '"inactive"', exact: true }).waitFor();
    await message.fill('{"eventType":');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText(/JSON/).waitFor();
  });
});
