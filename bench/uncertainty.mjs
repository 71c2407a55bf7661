/**
 * How long 4,096 draws over the plans of a decision take, beside one decision and one pricing of the same plans: all in one warmed
 * process and one run, so that the ratios hold on any machine.
 *
 *     node bench/uncertainty.mjs [--draws 4096] [--runs 3]
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fromSources } from './engine.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values } = parseArgs({
  options: { draws: { type: 'string', default: '4096' }, runs: { type: 'string', default: '3' } },
});

const engine = await fromSources(`
  export { loadShippedTables, readScenario } from './src/index.js';
  export { summedTerms } from './src/core/adjusted.js';
  export { adjustedPricesIn, adjustedTermsOf } from './src/decide/adjusted-plan.js';
  export { advisedIn } from './src/decide/core-choice.js';
  export { choose } from './src/decide/several-choice.js';
  export { plansDrawn } from './src/analyses/uncertainty/confidence.js';
  export { casesOf } from './src/analyses/uncertainty/draws.js';
  export { uncertainInputs } from './src/analyses/uncertainty/inputs.js';
  export { sampleOf } from './src/analyses/uncertainty/draws.js';
  export { resolve } from './src/workload/resolve.js';`);

const tables = await engine.loadShippedTables();
const asOf = '2026-11-20';
const draws = Number(values.draws);
const bar = 100;

/** Median milliseconds of some runs. */
function timed(runs, work) {
  const times = Array.from({ length: runs }, () => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)];
}

const rows = [
  ['support-chatbot', ['workload.volume=20k..200k requests/day', 'tasks.support.tokens.output=200..800']],
  ['product-launch', []],
  ['voice-assistant', ['workload.volume=20k..200k requests/day']],
  ['small-team-documents', []],
  ['question-routing', []],
  ['enterprise-suite', []],
].map(([name, set]) => {
  const file = `scenarios/${name}.yaml`;
  const { scenario } = engine.readScenario(readFileSync(file, 'utf8'), { file, tables, set });
  const context = { workload: engine.resolve(scenario, tables, asOf), tables };
  const choice = engine.choose(context);
  const plans = engine.plansDrawn(choice.advised, choice, [], context.workload.assume('drawPlans'), context);
  const inputs = engine.uncertainInputs(scenario.scenario, plans, context, 0);
  const caseAt = engine.casesOf(scenario, context, inputs);
  const matters = (some) =>
    new Set(engine.uncertainInputs(scenario.scenario, some, context, 0).map(({ path }) => path));
  const prices = engine.adjustedPricesIn(context.workload);
  const termsOf = (plan) => engine.adjustedTermsOf(plan, choice.cheapest.monthlyUsd, prices, context);
  const survival = {
    extraUsd: plans.map((plan) => (choice.isAdjusted ? engine.summedTerms(termsOf(plan)) : 0)),
    first: context.workload.assume('drawCountWithoutRanges'),
    upTo: context.workload.assume('drawSurvivesTo'),
    matters,
  };
  const sample = () => engine.sampleOf(plans, inputs, draws, caseAt, survival);
  const found = sample();
  const ms = timed(Number(values.runs), sample);
  const decision = timed(1, () => engine.advisedIn(context));
  return {
    scenario: name,
    plans: plans.length,
    survivors: [...found.seen].filter((count) => count === draws).length,
    inputs: inputs.length,
    ms: Math.round(ms),
    'us a plan and draw': Number(((ms * 1000) / draws / plans.length).toFixed(2)),
    'decisions in that time': Number((ms / decision).toFixed(1)),
    bar: ms <= bar ? `within ${bar} ms` : `over ${bar} ms`,
  };
});
console.table(rows);
