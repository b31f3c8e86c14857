import type { Webhook } from '../api/webhooks.ts';
import { bodyOf, draftOf, newDraft, withSetting } from './webhook-draft.ts';

const webhook: Webhook = {
  id: 7,
  created_date: '2026-01-01T00:00:00.000000Z',
  modified_date: '2026-01-01T00:00:00.000000Z',
  target_url: 'https://partner.example/hooks',
  event_type: 'package.created',
  is_active: true,
  secret_key: 'swordfish',
  callback: null,
  retry_countdown_config: { choice: 'fixed', kwargs: { seconds: 5 } },
  additional_headers: { 'X-Key': 'herring' },
  config: { ordered: true, of_somebody_else: { deep: 1 } },
};

describe('a webhook while it is being written', () => {
  it('comes back as it was when nothing is changed, what this form does not know included', () => {
    const body = bodyOf(draftOf(webhook));
    expect({ ...webhook, ...body }).toEqual(webhook);
    expect(Object.keys(body)).toHaveLength(Object.keys(webhook).length - 3);
  });

  it('leaves out headers without a name and settings that are blank', () => {
    const draft = draftOf(webhook);
    expect(bodyOf({ ...draft, headers: [...draft.headers, [' ', 'x']] }).additional_headers).toEqual({
      'X-Key': 'herring',
    });
    expect(withSetting(webhook.config, 'ordered', false)).toEqual({ of_somebody_else: { deep: 1 } });
    expect(withSetting({}, 'rate_limit', 5)).toEqual({ rate_limit: 5 });
  });

  it('is signed with a secret of its own when it is new', () => {
    const secrets = [newDraft(), newDraft()].map(({ secret_key: secret }) => secret ?? '');
    expect(secrets[0]).not.toBe(secrets[1]);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_/);
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    }
  });
});
