/**
 * How long a decision takes as tasks, options and the bill grow: all in one warmed process and one run, so that the ratios
 * hold on any machine.
 *
 *     node bench/decision.mjs [--runs 5]
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fromSources } from './engine.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });

const { choose, loadShippedTables, readScenario, resolve } = await fromSources(`
  export { loadShippedTables, readScenario } from './src/index.js';
  export { choose } from './src/decide/choose.js';
  export { resolve } from './src/workload/resolve.js';`);

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
const caseOf = ({ read, known }) => ({ workload: resolve(read, known, tables.snapshot.date), tables: known });

const millis = cases.map(() => []);
const found = [];
for (let run = -2; run < Number(values.runs); run++) {
  for (const [i, one] of cases.entries()) {
    const { ms, result } = took(() => choose(caseOf(one)));
    found[i] = result;
    // The first runs only warm the code.
    if (run >= 0) millis[i].push(ms);
  }
}

const bar = 300;
const base = median(millis[0]);
const padded = (value, width) => String(value).padStart(width);
console.log(`${''.padEnd(36)} decision  over 1 task     options   USD/month`);
for (const [i, { name }] of cases.entries()) {
  const ms = median(millis[i]);
  const { considered, cheapest } = found[i];
  const over = ms > bar ? `  over ${bar} ms` : '';
  console.log(
    `${name.padEnd(36)} ${padded(ms.toFixed(0), 5)} ms    x ${padded((ms / base).toFixed(1), 5)} ${padded(considered.total, 11)} ${padded(Math.round(cheapest?.monthlyUsd ?? 0), 11)}${over}`,
  );
}
