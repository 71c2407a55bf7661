/**
 * What one decision of the core costs, in milliseconds of the processor, its optimizing compiler and garbage collector among them: warm,
 * with the values passed on that a change leaves as they are; and the first of a fresh process. Medians; a bar is the most that is allowed
 * on a quiet machine, an aim what is worked for.
 *
 *     node bench/decision.mjs [--runs 20]
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { emptyNodeMs, fromSources } from './engine.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values } = parseArgs({ options: { runs: { type: 'string', default: '20' }, first: { type: 'string' } } });
const runs = Number(values.runs);
const warmUps = 60;

const core = await fromSources(`
  export { readScenario } from './src/index.js';
  export { decodeTables } from './src/tables/compiled.js';
  export { decodeColumns } from './src/tables/tables.js';
  export { adjustedPricesIn } from './src/decide/adjusted-plan.js';
  export { resolve } from './src/workload/resolve.js';
  export { workloadAt } from './src/workload/workload.js';
  export { admit } from './src/core/admitted.js';
  export { apisOf } from './src/core/apis.js';
  export { catalogOf } from './src/core/catalog.js';
  export { engineFlags } from './src/cli/engine-flags.js';
  export { decided, prepared } from './src/core/decide.js';
  export { advisedPlan } from './src/decide/task-advice.js';
  export { bestPlans } from './src/decide/task-plans.js';
  export { offersOf } from './src/core/offers.js';
  export { bestOfTypes } from './src/core/floors.js';
  export { shapeOf } from './src/core/shape.js';
  export { supplyOf } from './src/core/supply.js';`);

const date = '2026-11-10';
const read = (name) => JSON.parse(readFileSync(`dist/tables/${name}.json`, 'utf8'));
const columnsFile = readFileSync(`dist/tables/${date}.columns`);
const tablesRead = () => core.decodeTables(read(date), read('catalog'), core.decodeColumns(columnsFile));
const tables = tablesRead();

function contextOf(name, set = []) {
  const text = readFileSync(`scenarios/${name}.yaml`, 'utf8');
  const { scenario, problems } = core.readScenario(text, { file: name, tables, set });
  if (scenario === null) throw new Error(problems.map(({ message }) => message).join('; '));
  return { workload: core.resolve(scenario, tables, date), tables };
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
function processorMs(call) {
  const before = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
function warmMs(call) {
  for (let i = 0; i < warmUps; i++) call(i);
  return median(Array.from({ length: runs }, (_, i) => processorMs(() => call(warmUps + i))));
}

/** The cheapest row and the best of every deployment type. */
const byCost = (start, workload) => core.decided(start, workload, (priced) => core.bestOfTypes(priced));
/** The same, and the plan of least adjusted cost. */
function byAdjustedCost(start, workload) {
  const rules = { limits: null, mayOverflow: false, taskUsd: 0 };
  return core.advisedPlan(core.bestPlans(start, workload, rules), workload, rules, core.adjustedPricesIn(workload));
}
const shapeIn = (admitted, context) => core.prepared(core.shapeOf(admitted, context));

const volumeOf = ({ workload }, i) => core.workloadAt(workload, workload.requestsPerDay * (0.5 + (i % 40) * 0.05));
function lengthOf({ workload }, i) {
  const times = 0.8 + (i % 40) * 0.01;
  const longer = ({ input, longestInput, prefix, history, answer, ...rest }) => ({
    ...rest,
    ...Object.fromEntries(
      Object.entries({ input, longestInput, prefix, history, answer }).map(([name, tokens]) => [name, tokens * times]),
    ),
  });
  return {
    ...workload,
    taskParts: workload.taskParts.map((taskPart) => ({ ...taskPart, tokens: longer(taskPart.tokens) })),
  };
}
const sensitivities = ['public', 'internal', 'pii'];

/** Another volume, another prompt length and other data, each with all that it leaves as it is. */
function linesOf(name, decide) {
  const context = contextOf(name);
  const supply = core.supplyOf(context);
  const admitted = core.admit(supply, context);
  let start = shapeIn(admitted, context);
  const others = sensitivities.map((word) => contextOf(name, [`data.sensitivity=${word}`]));
  return {
    volume: warmMs((i) => {
      start = decide(start, volumeOf(context, i)).prepared;
    }),
    length: warmMs((i) => {
      const workload = lengthOf(context, i);
      decide(shapeIn(admitted, { ...context, workload }), workload);
    }),
    needs: warmMs((i) => {
      const other = others[i % others.length];
      decide(shapeIn(core.admit({ ...supply, tables: other.tables }, other), other), other.workload);
    }),
  };
}

if (values.first !== undefined) {
  const context = contextOf(values.first);
  const supply = core.supplyOf(context);
  process.stdout.write(
    String(processorMs(() => byCost(shapeIn(core.admit(supply, context), context), context.workload))),
  );
  process.exit();
}

let missed = 0;
function line(name, ms, bar, aim) {
  const over = ms > bar ? `  over ${bar}` : '';
  if (ms > bar) missed++;
  console.log(
    `${name.padEnd(64)} ${ms.toFixed(ms < 10 ? 2 : 0).padStart(7)} ${String(bar).padStart(6)} ${String(aim).padStart(6)}${over}`,
  );
}
console.log(`an empty Node takes ${emptyNodeMs().toFixed(0)} ms here`);
console.log(`${'processor ms, medians'.padEnd(64)}          bar    aim`);
const words = { volume: 'another volume', length: 'another prompt length', needs: 'other data' };
const bars = {
  cost: { volume: [2, 0.5], length: [10, 5], needs: [20, 6] },
  adjusted: { volume: [3, 0.7], length: [15, 6], needs: [25, 8] },
  target: { volume: [20, 8], length: [150, 60] },
};
for (const name of ['support-chatbot', 'legal-rag'])
  for (const [decide, of, said] of [
    [byCost, bars.cost, 'by cost'],
    [byAdjustedCost, bars.adjusted, 'by adjusted cost'],
  ]) {
    const found = linesOf(name, decide);
    for (const [change, [bar, aim]] of Object.entries(of))
      line(`${name}, ${said}: ${words[change]}`, found[change], bar, aim);
  }
const timed = linesOf('voice-assistant', byAdjustedCost);
for (const [change, [bar, aim]] of Object.entries(bars.target))
  line(`voice-assistant (target on latency), by adjusted cost: ${words[change]}`, timed[change], bar, aim);

const chatbot = contextOf('support-chatbot');
const catalog = core.catalogOf(tables, chatbot.workload);
line(
  'offers of support-chatbot',
  warmMs(() => core.offersOf(catalog, core.apisOf(tables), chatbot)),
  15,
  6,
);
line(
  'the catalog of the tables, from the build',
  warmMs(() => core.catalogOf({ ...tables, columnCache: tablesRead().columnCache }, chatbot.workload)) -
    warmMs(() => tablesRead().columnCache),
  10,
  3,
);
const firsts = Array.from({ length: Math.min(runs, 9) }, () => {
  // As a command runs.
  const args = [...core.engineFlags(process.versions.v8), fileURLToPath(import.meta.url), '--first', 'support-chatbot'];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return Number(stdout);
});
line('first decision of a fresh process after the catalogs', median(firsts), 90, 40);
process.exitCode = missed > 0 ? 1 : 0;
