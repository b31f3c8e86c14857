/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

/** Unit specs touch no process but their own; the other tiers get a real PostgreSQL and a real Kafka. */
const tier = (displayName: string, testMatch: string[]): Config => ({
  displayName,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.data/', '/.cache/'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.data/', '<rootDir>/.cache/'],
  testEnvironmentOptions: { customExportConditions: ['oms-source', 'node', 'node-addons'] },
  // p-retry, its one dependency and the validator of OpenAPI documents ship as ES modules only; Jest runs CommonJS.
  transformIgnorePatterns: [
    'node_modules/(?!(p-retry|is-network-error|@seriousme/openapi-schema-validator)/)',
  ],
  transform: {
    '\\.[jt]s$': ['@swc/jest', { jsc: { target: 'es2023' }, module: { type: 'commonjs' } }],
  },
});

const config: Config = {
  testTimeout: 60_000,
  projects: [
    tier('unit', ['<rootDir>/{libs,services,clients,cli,deploy,examples,tests}/**/*.unit.spec.ts']),
    // Needs tools of its own (docs/operating.md), so it is not part of `npm test`.
    tier('deployment', ['<rootDir>/deploy/**/*.deploy.spec.ts']),
    {
      ...tier('integration', ['<rootDir>/{libs,services,cli,deploy,examples}/**/*.int.spec.ts']),
      globalSetup: '<rootDir>/tests/environment/start.ts',
      globalTeardown: '<rootDir>/tests/environment/stop.ts',
    },
    {
      ...tier('end to end', ['<rootDir>/tests/**/*.e2e.spec.ts']),
      globalSetup: '<rootDir>/tests/e2e/start.ts',
      globalTeardown: '<rootDir>/tests/environment/stop.ts',
    },
  ],
};
export default config;
