import { variableRules, variables } from './declarations.ts';
import { readSettings, SettingsError, type Environment } from './read-settings.ts';

const DATABASE_URL = 'postgres://localhost/oms';
const read = (environment: Environment) => readSettings(environment, variables, variableRules);

function faultsOf(environment: Environment): string[] {
  try {
    read(environment);
    return [];
  } catch (error) {
    return (error as SettingsError).faults;
  }
}

describe('the variables', () => {
  it('need nothing but a database', () => {
    expect(faultsOf({})).toEqual([expect.stringMatching(/^DATABASE_URL is not set: name a PostgreSQL 14/)]);
    expect(read({ DATABASE_URL })).toMatchObject({
      PORT: 8080,
      DELIVERY_TIMEOUT_MS: 10_000,
      DELIVERY_MAX_ATTEMPTS: 11,
      DELIVERY_RECOVERY_ATTEMPTS: 8,
      RETENTION_DAYS: 84,
      DELIVERY_ALLOWED_NETWORKS: [],
      CONTENT_TYPES: { package: { id: 4, path: '/api/v1/oms/packages/{pk}/' } },
    });
  });

  it('are all reported together when all are wrong', () => {
    expect(
      faultsOf({
        DATABASE_URL: 'mysql://x',
        KAFKA_BROKERS: 'kafka',
        PORT: '70000',
        API_TOKEN: 'short',
        CONTENT_TYPES: '{"package": 4}',
        OMNITRON_WEBHOOKS: '[{"target_url": "http://a"}]',
        DELIVERY_ALLOWED_NETWORKS: 'lan',
        RESPONSE_CONTENT_FORMAT: 'html',
        SECRETS_KEY: 'short',
      }),
    ).toHaveLength(9);
  });

  it('want the three of a SASL login together, and brokers to log in to', () => {
    expect(faultsOf({ DATABASE_URL, KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'oms' })).toEqual([
      'KAFKA_SASL_MECHANISM, _USERNAME and _PASSWORD belong together; missing: KAFKA_SASL_PASSWORD',
      'KAFKA_SASL_MECHANISM is set, and KAFKA_BROKERS is not',
    ]);
  });

  it('want every key of SECRETS_KEY to be long enough, and repeat none', () => {
    const keys = (SECRETS_KEY: string) => faultsOf({ DATABASE_URL, SECRETS_KEY });
    expect(keys('a key of this house, the key before it')).toEqual([]);
    expect(keys('a key of this house, swordfish')).toEqual([
      'SECRETS_KEY must have keys of at least 16 characters; key 2 of 2 has 9',
    ]);
    expect(keys('a key of this house,')).toEqual([
      'SECRETS_KEY must have keys of at least 16 characters; key 2 of 2 has 0',
    ]);
  });

  it('do not let one webhook have more requests in flight than the dispatcher', () => {
    expect(faultsOf({ DATABASE_URL, DELIVERY_CONCURRENCY: '10', WEBHOOK_CONCURRENCY: '11' })).toEqual([
      'WEBHOOK_CONCURRENCY (11) must not be more than DELIVERY_CONCURRENCY (10)',
    ]);
  });

  it('name every fault of OMNITRON_WEBHOOKS', () => {
    const OMNITRON_WEBHOOKS = '[{"target_url": "http://a"}, 7, {"event_type": 1}]';
    expect(faultsOf({ DATABASE_URL, OMNITRON_WEBHOOKS })).toEqual([
      'OMNITRON_WEBHOOKS has an entry 0 without event_type; has an entry 1 that is not an object; has an entry 2 without target_url; has an entry 2 without event_type',
    ]);
  });

  it.each([
    ['[]', 'must be an object'],
    ['{"package": {"id": 4, "path": "packages/{pk}"}}', 'needs a path for "package"'],
    ['{"package": {"id": 4, "path": "/packages/"}}', 'needs a path for "package"'],
    ['{"package": {"id": "4", "path": "/{pk}/"}}', 'needs a whole number as id of "package"'],
    ['{"a": {"id": 4, "path": "/{pk}/"}, "b": {"id": 4, "path": "/{pk}/"}}', 'uses the id 4 twice'],
  ])('refuse CONTENT_TYPES %s', (CONTENT_TYPES, words) => {
    expect(faultsOf({ DATABASE_URL, CONTENT_TYPES })).toEqual([
      expect.stringContaining(`CONTENT_TYPES ${words}`),
    ]);
  });
});
