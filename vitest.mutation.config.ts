import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** Tests of a folder of src/ that take seconds: with those that decide whole scenarios a mutant would take minutes. */
const tests: Record<string, string[]> = {
  units: ['units-read', 'units-words', 'scenario-checks', 'sample', 'engine/{quasi,textbook}'],
  cost: [
    '{cases,quote}',
    'engine/{api-bill,bills,break-even-line,capital,crossings,curve,device-costs,envelope,fleet-term,gathered,newsvendor}',
    'engine/{overflow,people,predictions,quote-warnings,ramp,serverless,serverless-costs,textbook,token-charge,traced}',
  ],
  capacity: [
    '{card-fit,cases}',
    'engine/{at-best,calibration,ceiling,erlang,fits,fleet-size,measurements-*,memory,own-calibration,queue-lengths,queue-percentiles}',
    'engine/{predictions,run,run-of,speculation,step-times,textbook}',
  ],
  decide: [
    '{backtest-read,check-rules,check-verdicts,guides-files,reasons,sweep-axis,sweep-merge}',
    'engine/*-by-hand',
    'engine/{backtest,backtest-bands,break-even-asked,checklist,claims,compare-causes,compared,decide-again,decision-warnings,drawn-plans,draws-by-hand,edge}',
    'engine/{flip-inputs,flip-steps,flips-by-hand,gate-words,gates,gates-removed,guides-by-hand,guides-settled,input-levers,lead-time,levers}',
    'engine/{limits,mixed-scenario,needs,objective,objective-random,odds,pareto,pieces,plan,plan-facts,plan-levers,plan-shape}',
    'engine/{plan-verdicts,playbook-steps,preferences,quantization-lever,quasi,read-results,reasons-by-hand,repriced,second-places}',
    'engine/{row-changes,scorecard-rows,scores,search-by-numbers,search-lines,search-parts,simplest,slicings,small-answers}',
    'engine/{small-decisions,sweep-values,task-moves,turns,two-places,verdicts,volume-facts}',
  ],
};

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
  test: {
    include: (tests[process.env.MUTATION_FOLDER ?? ''] ?? []).map((name) => `test/${name}.test.ts`),
    maxWorkers: 1,
    setupFiles: ['scripts/mutation-setup.mjs'],
    isolate: false,
    sequence: { sequencer: GoldenFirst },
    env: { LONG_TESTS: '' },
    testTimeout: 120_000,
  },
});
