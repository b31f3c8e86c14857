import { readSettings, SettingsError, variables } from '@oms-webhooks/config';
import { wantedWebhooksRule } from './wanted-webhooks-rule.ts';

const { OMNITRON_WEBHOOKS } = variables;

function faultsOf(webhooks: object[]): string[] {
  try {
    const environment = { OMNITRON_WEBHOOKS: JSON.stringify(webhooks) };
    readSettings(environment, { OMNITRON_WEBHOOKS }, [wantedWebhooksRule]);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
}

describe('The webhooks of the settings', () => {
  const good = { target_url: 'https://omnitron.test/hook', event_type: 'package.created' };

  it('are bodies that create a webhook, of event types that this system need not know', () => {
    const countdown = { choice: 'exponential', kwargs: { base: 2 } };
    expect(
      faultsOf([
        good,
        { ...good, event_type: 'of.their.own', retry_countdown_config: countdown, additional_headers: null },
      ]),
    ).toEqual([]);
  });

  it('are refused with all that is wrong with each', () => {
    expect(
      faultsOf([
        { ...good, retry_countdown_config: { choice: 'foo' }, secret_key: [] },
        good,
        { ...good, target_url: 'ftp://omnitron.test/' },
      ]),
    ).toEqual([
      'OMNITRON_WEBHOOKS has an entry 0 that is refused: {"retry_countdown_config":{"choice":["\\"foo\\" is not a valid choice."],"kwargs":["This field is required."]},"secret_key":["Not a valid string."]}; ' +
        'has an entry 2 that is refused: {"target_url":["Enter a valid URL: only http and https are sent to."]}',
    ]);
  });
});
