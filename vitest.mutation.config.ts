import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { textFiles } from './vitest.config.js';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const folder = process.env.MUTATION_FOLDER ?? '';

/** Tests of a folder of src/ stand in the folder of that name; those of figures by hand and of small answers see most. */
const tests: Record<string, string[]> = {
  units: [
    'units/*',
    'workload/checks',
    'support/sample',
    'capacity/textbook',
    'places/bills',
    'decide/small-decisions',
  ],
  workload: ['workload/*'],
  cost: ['cost/*', 'formula/*', 'cases/*', 'places/bills', 'calibration/predictions', 'capacity/textbook'],
  capacity: ['capacity/*', 'calibration/*', 'cases/*'],
  rules: ['rules/*', 'decide/small-*'],
  places: ['places/*', 'decide/small-*', 'decide/questions', 'decide/*-by-hand'],
  core: ['core/*', 'decide/small-decisions'],
  decide: ['decide/*', 'analyses/*-by-hand', 'rules/gates'],
  analyses: ['analyses/*', 'decide/small-*'],
};

/** Tests that decide whole scenarios on the full tables: with them a mutant would take minutes. */
const slow = [
  'decide/{many-tasks,naive-plans,near-misses-*,one-name,reasons,runner-up-by-hand}',
  'analyses/{articles,break-even,compare-snapshots,explain,flips-scenarios,levers-scenarios,playbook}',
  'core/pure',
  'calibration/shipped',
];

/** Golden files first: they see most, so that most mutants are found in a second. */
class GoldenFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      Number(!/(predictions|bills|small-decisions)\.test\.ts$/.test(moduleId));
    return [...files].sort((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** What mutants of `MUTATION_FOLDER` are run against: `npm run mutation`. */
export default defineConfig({
  define: { DEPLOY_ADVISOR_VERSION: JSON.stringify(version) },
  plugins: [textFiles],
  test: {
    include: (tests[folder] ?? []).map((name) => `test/${name}.test.ts`),
    exclude: slow.map((name) => `test/${name}.test.ts`),
    maxWorkers: 1,
    setupFiles: ['scripts/mutation-setup.mjs'],
    isolate: false,
    sequence: { sequencer: GoldenFirst },
    env: { LONG_TESTS: '' },
    testTimeout: 600_000,
  },
});
