/**
 * How long a decision takes as tasks, options and the bill grow: all in one warmed process and one run, so that the ratios
 * hold on any machine. Bounds are those of the search for the cheapest plan; the gap is how far it may be from the optimum.
 *
 *     node bench/decision.mjs [--runs 5]
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fromSources } from './engine.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });

const { choose, loadShippedTables, readScenario, resolve, searchPlans, survey } = await fromSources(`
  export { loadShippedTables, readScenario } from './src/index.js';
  export { choose } from './src/decide/choose.js';
  export { searchPlans } from './src/decide/search.js';
  export { survey } from './src/decide/survey.js';
  export { resolve } from './src/scenario/resolve.js';`);

const tables = await loadShippedTables();
const types = [
  'faq-chat',
  'extraction',
  'summarization',
  'rag-answering',
  'classification',
  'email-drafting',
  'code-chat',
  'translation',
  'moderation-filter',
  'function-calling',
  'text-to-sql',
  'voice-assistant',
];

/** Tasks of equal volume. */
const scenario = (tasks, volume) => ({
  version: 1,
  name: 'bench',
  workload: { volume: `${volume} requests/day` },
  tasks: types.slice(0, tasks).map((type) => ({
    name: type,
    type,
    ...(tasks > 1 && { volume: `${Math.round(volume / tasks)} requests/day` }),
  })),
});

/** Every row with a chance of `part`, the same rows each time; models and machines stay known. */
function some(part) {
  if (part === 1) return tables;
  let state = 7;
  const chance = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 < part;
  };
  const copy = Object.create(Object.getPrototypeOf(tables), Object.getOwnPropertyDescriptors(tables));
  for (const name of ['api', 'rental', 'hosting', 'accelerators'])
    Object.defineProperty(copy, name, { value: tables[name].filter(chance), enumerable: true });
  return copy;
}

const suite = readFileSync('scenarios/enterprise-suite.yaml', 'utf8');
const written = (tasks, volume) => JSON.stringify(scenario(tasks, volume));
const listed = [
  ...[1, 2, 4, 8, 10, 12].map((tasks) => ({
    name: `${tasks} tasks, 300,000 requests/day`,
    text: written(tasks, 300_000),
    part: 1,
  })),
  ...[0.1, 0.3, 1].map((part) => ({
    name: `10 tasks, ${part * 100} % of the catalog`,
    text: written(10, 300_000),
    part,
  })),
  ...[3e3, 3e4, 3e5, 3e6, 2e7].map((volume) => ({
    name: `10 tasks, ${volume.toLocaleString('en')} requests/day`,
    text: written(10, volume),
    part: 1,
  })),
  { name: 'scenarios/enterprise-suite.yaml', text: suite, part: 1 },
];
const cases = listed.map(({ name, text, part }) => {
  const known = some(part);
  const { scenario: read, problems } = readScenario(text, { file: 'bench.yaml', tables: known });
  if (read === null) throw new Error(`${name}: ${problems.map(({ message }) => message).join('; ')}`);
  return { name, known, read };
});

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
function took(call) {
  const start = performance.now();
  const result = call();
  return { ms: performance.now() - start, result };
}
const caseOf = ({ read, known }) => ({ demand: resolve(read, known, tables.snapshot.date), tables: known });

const millis = cases.map(() => ({ all: [], survey: [], search: [] }));
const found = [];
for (let run = -2; run < Number(values.runs); run++) {
  for (const [i, one] of cases.entries()) {
    const all = took(() => choose(caseOf(one)));
    const of = caseOf(one);
    const surveyed = took(() => survey(of));
    const { byKind, pairs, rule } = surveyed.result;
    const candidates = [...[...byKind.values()].flat(), ...pairs];
    const searched = took(() => searchPlans(candidates, of.demand, rule));
    found[i] = { choice: all.result, candidates: candidates.length, search: searched.result };
    // The first runs only warm the code.
    if (run < 0) continue;
    millis[i].all.push(all.ms);
    millis[i].survey.push(surveyed.ms);
    millis[i].search.push(searched.ms);
  }
}

const bar = 300;
const base = median(millis[0].all);
const padded = (value, width) => String(value).padStart(width);
console.log(`${''.padEnd(36)} decision  over 1 task   survey   search     options  kept   bounds   gap   USD/month`);
for (const [i, { name }] of cases.entries()) {
  const all = median(millis[i].all);
  const { choice, candidates, search } = found[i];
  const over = all > bar ? `  over ${bar} ms` : '';
  console.log(
    `${name.padEnd(36)} ${padded(all.toFixed(0), 5)} ms    x ${padded((all / base).toFixed(1), 5)} ${padded(median(millis[i].survey).toFixed(0), 7)} ms ${padded(median(millis[i].search).toFixed(0), 5)} ms ${padded(choice.considered.total, 10)} ${padded(candidates, 5)} ${padded(search.bounds, 8)} ${padded(`${(100 * choice.gap).toFixed(1)} %`, 6)} ${padded(Math.round(choice.cheapest?.monthlyUsd ?? 0), 9)}${over}`,
  );
}
