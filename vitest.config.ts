import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { engineFlags } from './src/cli/engine-flags.js';
import { compiledSources } from './test/support/compiled-sources.js';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/**
 * Tests that take longest, small as their files are. They begin first, so that no worker waits for them in the end; the
 * committed scenarios before all, so that others find their decisions.
 */
const longest = [
  'scenarios/committed',
  'scenarios/sure',
  'analyses/explain',
  'analyses/levers-scenarios',
  'decide/small-decisions',
  'several/adjusted-cost',
  'cli/sessions',
  'cli/kept-commands',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const at = ({ moduleId }: TestSpecification) =>
      longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
    const long = sorted.filter((file) => at(file) >= 0).sort((a, b) => at(a) - at(b));
    return [...long, ...sorted.filter((file) => at(file) < 0)];
  }
}

/** Tables of words are bundled as their text. */
export const textFiles = {
  name: 'text-files',
  transform: (code: string, id: string) =>
    id.endsWith('.tsv') ? { code: `export default ${JSON.stringify(code)}`, map: null } : null,
};

/**
 * `--mode long`: everything that a sample stands for otherwise (`test/support/sample.ts`). `--mode sources`: `src/` goes through vitest,
 * which counts what of it was run and watches it.
 */
export default defineConfig(({ mode }) => ({
  define: { DEPLOY_ADVISOR_VERSION: JSON.stringify(version) },
  plugins: mode === 'sources' ? [textFiles] : [textFiles, compiledSources()],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/temporary-folder.ts',
    setupFiles: ['test/support/fixed-seed.ts'],
    // Two cores give one worker otherwise.
    maxWorkers: '100%',
    // The files of a worker share its modules, so that tables are read once and the engine is compiled once.
    isolate: false,
    // Most of what a decision makes is gone when it is over: with room for it tests take about a seventh less processor time.
    execArgv: [...engineFlags(process.versions.v8), '--max-semi-space-size=128', '--min-semi-space-size=64'],
    sequence: { sequencer: LongestFirst },
    env: {
      LONG_TESTS: mode === 'long' ? 'yes' : '',
      // Tests know the prices of one day by heart, as they were released; those of other days say so.
      DEPLOY_ADVISOR_PRICING: '2026-08-21',
      DEPLOY_ADVISOR_NO_CORRECTIONS: '1',
    },
    testTimeout: mode === 'long' ? 3_600_000 : 300_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'lcov'] },
  },
}));
