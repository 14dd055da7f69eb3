import js from '@eslint/js';
import typescript from 'typescript-eslint';

const RANDOM = {
  object: 'Math',
  property: 'random',
  message: 'Every draw takes a stream of src/random.ts, so that the same seed gives the same bytes.',
};
const CONSOLE = 'Only src/cli speaks to the person.';
const PROCESS = 'Only src/cli touches the process; take what you need as an argument.';

const NODE_GLOBALS = [
  'AbortController', 'AbortSignal', 'Buffer', 'URL', 'clearTimeout', 'console', 'fetch', 'performance', 'process', 'setTimeout', 'structuredClone',
];

export default typescript.config(
  { ignores: ['dist', '.dist-*', 'node_modules', 'runs', '.cache', 'reference', 'test/fixtures'] },
  js.configs.recommended,
  typescript.configs.recommended,
  {
    // What only the types tell: promises that nobody waits for, `any` that spreads, texts made of objects.
    files: ['src/**/*.ts', 'test/**/*.ts', 'vitest.config.ts'],
    extends: [typescript.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      // An async function without `await` is meant: what it throws is a rejection, and an interface asks for a promise.
      '@typescript-eslint/require-await': 'off',
      // Interfaces are met by object literals whose functions use no `this`; they are taken apart freely.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    rules: {
      eqeqeq: 'error',
      'max-len': ['error', { code: 130, ignoreUrls: true, ignoreTemplateLiterals: true, ignoreStrings: true }],
      'max-lines': ['error', { max: 300 }],
      'no-restricted-properties': ['error', RANDOM],
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // Vitest's matchers inside an expected value (expect.closeTo) are of type any.
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    files: ['src/**'],
    ignores: ['src/cli/**', 'src/work/worker-entry.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'console', message: CONSOLE }, { name: 'process', message: PROCESS }],
      'no-restricted-imports': ['error', { paths: ['process', 'node:process', 'console', 'node:console'].map((name) => ({ name, message: PROCESS })) }],
    },
  },
  {
    // TensorFlow reads its settings from the environment when it is loaded; a lock names the process that holds it; what a
    // program need not say is taken from its process.
    files: ['src/engine/backend.ts', 'src/owner.ts', 'src/api/environment.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    // Plain JavaScript, whose names no compiler checks.
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])) },
  },
  {
    // What runs in a page.
    files: ['src/report/interactive/*.js'],
    languageOptions: { globals: { document: 'readonly' } },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { process: 'readonly', require: 'readonly', module: 'writable' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
