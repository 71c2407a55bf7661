/**
 * What each kind of place costs by need and volume, and from which volume on machines cost less than APIs: the tables of
 * docs/model.md, from the built library and the prices of 2026-08-21, each kind alone at its cheapest. Takes two minutes.
 *
 *     npm run build && node scripts/volume-table.mjs [--write]
 *
 * Prints Markdown; `--write` puts it between its two marks in docs/model.md instead.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { assess, loadProse, loadShippedTables, readScenario, tool } = await import(
  new URL('../dist/lib/index.js', import.meta.url).href
);

const snapshot = '2026-08-21';
const asOf = '2026-11-20';
const needs = [34, 50, 60, 70, 80];
const volumes = [10e3, 100e3, 1e6, 10e6, 100e6];
/** Requests a day between which a crossing is looked for, and how far apart two volumes may be. */
const [least, most, width] = [10, 1e9, 0.01];
const apis = ['open-model-api', 'cloud-api'];
const machines = ['serverless-gpu', 'self-hosted-cloud'];
const file = 'docs/model.md';
const [opening, closing] = ['<!-- volume-table -->', '<!-- /volume-table -->'];

const [tables, prose] = [await loadShippedTables(snapshot), await loadProse(snapshot)];
const text = readFileSync('scenarios/support-chatbot.yaml', 'utf8');
/** All that people are reckoned by: to run it and to set it up. */
const people = tables.owning.filter(({ name }) => /^(fte[A-Z]|managedShare$|setupEffort|setupPerDoubling$)/.test(name));
const at = (end) => people.map((row) => `assumptions.${row.name}=${row[end]}`);
const cases = {
  likely: [],
  none: ['assumptions.defaultLoadedFte=0'],
  low: at('low'),
  high: at('high'),
};

/** By kind of place what it costs alone: USD a month, and the part of it that is people. */
const known = new Map();
function costsAt(need, volume, people) {
  const key = `${need} ${volume} ${people}`;
  if (!known.has(key)) {
    const set = [`workload.volume=${volume}/day`, `tasks.support.capability.minIndex=${need}`, ...cases[people]];
    const { scenario, problems } = readScenario(text, { file: 'scenarios/support-chatbot.yaml', tables, set, asOf });
    if (scenario === null) throw new Error(problems.map(({ message }) => message).join('\n'));
    const { scorecard } = assess(scenario, tables, { asOf, prose, tool, point: true });
    known.set(
      key,
      new Map(
        scorecard
          .filter(({ feasible }) => feasible)
          .map((row) => [row.kind, { usd: row.monthlyCost, people: row.peopleCost }]),
      ),
    );
  }
  return known.get(key);
}

const usd = (x) => Math.round(x).toLocaleString('en-US');
const cell = (cost) => {
  if (cost === undefined) return '-';
  const whole = usd(cost.usd);
  return cost.people < 0.5 ? whole : `${usd(cost.usd - cost.people)} + ${usd(cost.people)} = ${whole}`;
};
const perDay = (x) =>
  x >= 1e6
    ? `${Number((x / 1e6).toPrecision(2))}M`
    : x >= 1e3
      ? `${Number((x / 1e3).toPrecision(2))}k`
      : `${Math.round(x)}`;
const cheapest = (kinds, costs) => Math.min(...kinds.map((kind) => costs.get(kind)?.usd ?? Number.POSITIVE_INFINITY));

/** The volume from which on some kinds cost less than others, as a text. */
function crossing(need, people, kinds, others) {
  const wins = (volume) => {
    const costs = costsAt(need, volume, people);
    return cheapest(kinds, costs) < cheapest(others, costs);
  };
  let [low, high] = [least, most];
  if (wins(low)) return `below ${perDay(low)}`;
  if (!wins(high)) return `above ${perDay(high)}`;
  while (high / low > 1 + width) {
    const middle = Math.round(Math.sqrt(low * high));
    if (wins(middle)) high = middle;
    else low = middle;
  }
  return perDay(high);
}

const table = (head, rows) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`);

const costs = table(
  ['need', 'requests a day', 'hosted open API', 'closed API', 'serverless', 'rented', 'own'],
  needs.flatMap((need) =>
    volumes.map((volume) => {
      const row = costsAt(need, volume, 'likely');
      return [need, perDay(volume), ...[...apis, ...machines, 'on-prem'].map((kind) => cell(row.get(kind)))];
    }),
  ),
);
const crossings = table(
  [
    'need',
    'machines beat APIs from',
    'rented ones are the cheapest of these from',
    'own hardware beats APIs from',
    'machines beat APIs, no people counted',
    'people at their low',
    'people at their high',
  ],
  needs.map((need) => [
    need,
    crossing(need, 'likely', machines, apis),
    crossing(need, 'likely', ['self-hosted-cloud'], [...apis, 'serverless-gpu']),
    crossing(need, 'likely', ['on-prem'], apis),
    ...['none', 'low', 'high'].map((people) => crossing(need, people, machines, apis)),
  ]),
);
const made = [...costs, '', ...crossings].join('\n');

if (process.argv.includes('--write')) {
  const was = readFileSync(file, 'utf8');
  const [from, to] = [was.indexOf(opening), was.indexOf(closing)];
  if (from < 0 || to < from) throw new Error(`${file} has no marks ${opening} and ${closing}`);
  writeFileSync(file, `${was.slice(0, from + opening.length)}\n${made}\n${was.slice(to)}`);
} else console.log(made);
