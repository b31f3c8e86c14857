import js from '@eslint/js';
import globals from 'globals';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';

/** Who may import whom (docs/flow.md). `target` may not import from `from`. */
const room = (target, forbidden) => forbidden.map((from) => ({ target, from: from.replace(/^!/, '') }));
const adapters = ['libs/db', 'libs/bus', 'libs/http'];
const zones = [
  ...room('libs/domain', ['libs/!(domain)', 'services', 'cli', 'deploy', 'examples']),
  ...room('libs/{config,telemetry,lifecycle}', [
    'libs/{db,bus,http}',
    'services',
    'cli',
    'deploy',
    'examples',
  ]),
  ...adapters.flatMap((lib) =>
    room(lib, [...adapters.filter((other) => other !== lib), 'services', 'cli', 'deploy', 'examples']),
  ),
  ...room('services/ingest-api', ['services/dispatcher', 'cli', 'deploy', 'examples']),
  ...room('services/dispatcher', ['services/ingest-api', 'cli', 'deploy', 'examples']),
  ...room('services/console', ['services/!(console)', 'libs/!(domain)', 'cli', 'deploy', 'examples']),
  ...room('cli', ['services', 'deploy', 'examples']),
  ...room('examples', ['services', 'libs/{db,bus,http}', 'deploy']),
  // What others install has nothing of ours with it.
  ...room('clients/*/src', ['services', 'libs', 'deploy', 'examples']),
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      '.data/',
      '.cache/',
      'coverage/',
      'clients/typescript/src/schema.ts',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    // One program over sources and specs, so that both are checked with their types.
    languageOptions: {
      parserOptions: { project: './tsconfig.specs.json', tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    files: ['services/console/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    languageOptions: {
      parserOptions: { project: './services/console/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.tsx', '.js', '.mjs'],
          conditionNames: ['oms-source', 'import', 'node', 'default'],
        }),
      ],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/extensions': ['.ts', '.tsx', '.js', '.mjs'],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
    },
  },
  {
    files: ['libs/domain/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      // The rules of the domain are pure: no I/O, no clock, no randomness except as arguments.
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'performance'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The clock is an argument.' },
        { object: 'Math', property: 'random', message: 'Randomness is an argument.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*', '!node:crypto', '!node:buffer'], message: 'The domain does no I/O.' },
          ],
        },
      ],
    },
  },
  { files: ['**/*.{mjs,js}'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.spec.ts'],
    rules: {
      // supertest and recorded JSON are untyped by nature.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
);
