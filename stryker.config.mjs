const folder = process.env.MUTATION_FOLDER;

/** Mutation testing of one folder of src/: see `scripts/mutation.mjs`. */
export default {
  plugins: ['@stryker-mutator/vitest-runner', './scripts/mutation-plugins.mjs'],
  ignorers: ['when-loaded', 'around-chosen'],
  checkers: ['sampled'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // What runs once, when a module is loaded, would have to be held against every test there is.
  ignoreStatic: true,
  ignorePatterns: ['.stryker-tmp', 'coverage', 'reports', '/dist/types', '/bench', '/biome.json'],
  concurrency: 1,
  timeoutMS: 30_000,
  // Beside other work tests take several times what they took when they were timed, and are not to count as stopped by a change.
  timeoutFactor: 4,
  dryRunTimeoutMinutes: 30,
  // It reads this file by the compiler's old interface, which TypeScript 7 lacks; nothing here needs it to be rewritten.
  tsconfigFile: 'none',
  tempDirName: `.stryker-tmp/${folder}`,
  reporters: ['survivors', 'clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false, reportMutants: false },
  jsonReporter: { fileName: `reports/mutation-${folder}.json` },
};
