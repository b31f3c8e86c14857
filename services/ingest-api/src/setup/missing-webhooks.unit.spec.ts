import fc from 'fast-check';
import { missingWebhooks } from './missing-webhooks.ts';

const webhook = fc.record({
  target_url: fc.constantFrom('http://a.test/', 'http://a.test', 'http://b.test/'),
  event_type: fc.constantFrom('package.created', 'package-created', 'shipment.created', 'own_type'),
});
const webhooks = fc.array(webhook, { maxLength: 12 });

describe('What setup has to register', () => {
  const at = (target_url: string, event_type: string) => ({ target_url, event_type });

  it('is what is wanted and not there, by target and event type', () => {
    const wanted = [
      at('http://a.test/', 'package.created'),
      at('http://a.test/', 'shipment.created'),
      at('http://b.test/', 'package.created'),
    ];
    expect(missingWebhooks(wanted, [at('http://a.test/', 'package.created')])).toEqual(wanted.slice(1));
  });

  it('takes a type that is written with dashes for the one with dots', () => {
    const wanted = [at('http://a.test/', 'package-created'), at('http://a.test/', 'stock-location-created')];
    const registered = [
      at('http://a.test/', 'package.created'),
      at('http://a.test/', 'stock_location.created'),
    ];
    expect(missingWebhooks(wanted, registered)).toEqual([]);
    expect(missingWebhooks(wanted, registered.slice(1))).toEqual(wanted.slice(0, 1));
  });

  it('is a part of what is wanted, in its order, each once', () => {
    fc.assert(
      fc.property(webhooks, webhooks, (wanted, registered) => {
        const missing = missingWebhooks(wanted, registered);
        expect(wanted.filter((entry) => missing.includes(entry))).toEqual(missing);
        const keys = missing.map(({ target_url, event_type }) => `${target_url} ${event_type}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it('is nothing once it was registered, so that a second run changes nothing', () => {
    fc.assert(
      fc.property(webhooks, webhooks, (wanted, registered) => {
        const missing = missingWebhooks(wanted, registered);
        expect(missingWebhooks(wanted, [...registered, ...missing])).toEqual([]);
      }),
    );
  });

  it('is nothing that is registered', () => {
    fc.assert(
      fc.property(webhooks, webhooks, (wanted, registered) => {
        const has = new Set(registered.map(({ target_url, event_type }) => `${target_url} ${event_type}`));
        for (const { target_url, event_type } of missingWebhooks(wanted, registered))
          expect(has.has(`${target_url} ${event_type}`)).toBe(false);
      }),
    );
  });
});
