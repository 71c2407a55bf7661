/**
 * Break-even of two cost curves, all in one warm process and one run: hard pairs against a plain one, and exact crossings
 * against an evaluation at every whole request a day.
 *
 *     node bench/breakeven.mjs [--runs 15]
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fromSources } from './engine.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });

const { add, at, crossings, durationCurve, growthOf, hourlyLoad, sizedOverflow, winnerOf } = await fromSources(`
  export { crossings } from './src/cost/crossings.js';
  export { add, at } from './src/cost/curve.js';
  export { sizedOverflow } from './src/cost/overflow.js';
  export { winnerOf } from './src/cost/winner.js';
  export { durationCurve, growthOf, hourlyLoad } from './src/workload/load.js';`);

const hoursPerMonth = 730;
const row = readFileSync('pricing/catalog/assumptions.csv', 'utf8').match(/^breakEvenEvaluations,[^,]*,([^,]*)/m);
const budget = Number(row[1]);

const week = Float64Array.from({ length: 168 }, (_, hour) => 1 + 0.9 * Math.sin(hour / 7) * Math.cos(hour / 53));
const weekly = durationCurve(week, hoursPerMonth);
const flat = durationCurve(Float64Array.of(1), hoursPerMonth);
const still = Float64Array.of(1);
const growing = growthOf(0.03, 24);

/** A line through what a curve costs at two volumes, `share` of a step above it. */
function through(curve, from, to, above = 0) {
  const perUnit = (at(curve, to) - at(curve, from)) / (to - from);
  return { fixed: at(curve, from) - perUnit * from + above, perUnit, terms: [] };
}
const curve = (...terms) => ({ fixed: 0, perUnit: 0, terms });
const sizing = (growth, more = {}) => ({
  min: 1,
  spare: 1,
  spareShare: 0,
  plus: 0,
  base: null,
  growth,
  peakGrowth: Math.max(...growth),
  ...more,
});
const follows = (step, load, growth, more = {}) =>
  curve({ is: 'replicas', usd: 3, load, capacity: Float64Array.of(0, step), ...sizing(growth, more) });
const peak = (step, growth) =>
  curve({
    is: 'peak',
    usd: 1000 / hoursPerMonth,
    multiple: Float64Array.of(1),
    hours: hoursPerMonth,
    capacity: Float64Array.of(0, step),
    ...sizing(growth, { spare: 0 }),
  });
const withBase = (step, growth) =>
  curve({
    is: 'replicas',
    usd: 3,
    load: hourlyLoad(week, hoursPerMonth),
    capacity: Float64Array.of(0, step),
    ...sizing(growth, { base: week.map((_, hour) => 40 * (hour % 24)) }),
  });
const above = (growth) => curve({ is: 'above', usd: 0.02, base: 20_000, load: weekly, growth });
const api = { fixed: 0, perUnit: 0.6, terms: [] };
const idle = curve({ is: 'smooth', up: (v) => v, down: (v) => 0.5 * v * (1 - Math.exp(-v / 5000)) });
const overflow = (growth) =>
  sizedOverflow({
    load: weekly,
    growth,
    unitRequestsPerDay: 5000,
    unitUsdPerMonth: 2200,
    usdPerRequest: 0.03,
    min: 0,
    spare: 1,
  }).curve;

const billion = { from: 1, to: 1e9 };
const stairs = follows(1000, flat, still, { min: 0, spare: 0 });
const turns = { from: 1, to: 10_000_000 };
const everything = (growth) => add([follows(997, weekly, growth), peak(3000, growth), above(growth), idle]);
/** `a`, `b`, the range, and the highest ratio over the plain pair; null: it is what the others are measured by. */
const pairs = [
  ['plain: a fleet of 168 hours against an API', follows(40_000, weekly, still), api, billion],
  ['the same with 24 months of growth', follows(40_000, weekly, growing), api, billion],
  ['20,000 turns: flat stairs and a line', stairs, through(stairs, 1000, 9_999_000, 600), turns],
  ['20,000 turns: sized once', peak(1000, still), { fixed: 500.5, perUnit: 1, terms: [] }, turns],
  ['20,000 turns: sized once, 24 months', peak(1000, growing), through(peak(1000, growing), 1, 1e7, 300), turns],
  ['parallel, 168 hours', follows(997, weekly, still), through(follows(997, weekly, still), 1, 1e9), billion],
  ['parallel, 24 months', follows(997, weekly, growing), through(follows(997, weekly, growing), 1, 1e9), billion],
  [
    'parallel, few units, 24 months',
    follows(9.97e6, weekly, growing),
    through(follows(9.97e6, weekly, growing), 1, 1e9),
    billion,
  ],
  [
    'parallel, spares by share, 24 months',
    follows(997, weekly, growing, { spareShare: 0.1 }),
    through(follows(997, weekly, growing, { spareShare: 0.1 }), 1, 1e9),
    billion,
  ],
  ['two fleets, parallel, 24 months', follows(997, weekly, growing), follows(997.001, weekly, growing), billion],
  ['two tasks on a fleet, 24 months', withBase(997, growing), through(withBase(997, growing), 1, 1e9), billion],
  ['above a capacity, parallel, 24 months', above(growing), through(above(growing), 1e6, 1e9), billion],
  ['idle time-outs', idle, through(idle, 1, 1e9), billion],
  ['sized overflow against its API, 24 months', overflow(growing), { fixed: 3000, perUnit: 0.7, terms: [] }, billion],
  ['sized overflow, parallel, 24 months', overflow(growing), through(overflow(growing), 1, 1e9), billion],
  ['all terms, 168 hours', everything(still), through(everything(still), 1, 1e9), billion],
  ['all terms, 24 months', everything(growing), through(everything(growing), 1, 1e9), billion],
];

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
function took(call) {
  const start = performance.now();
  call();
  return performance.now() - start;
}

const runs = Number(values.runs);
const millis = pairs.map(() => []);
const found = [];
for (let run = -3; run < runs; run++) {
  for (const [index, [, a, b, range]] of pairs.entries()) {
    const time = took(() => {
      found[index] = crossings(a, b, range, budget);
    });
    // The first runs only warm the code.
    if (run >= 0) millis[index].push(time);
  }
}
const bar = 150;
let over = 0;
const plain = median(millis[0]);
console.log(`${''.padEnd(46)}     median    over plain   evaluations  crossings  alternates`);
for (const [index, [name]] of pairs.entries()) {
  const time = median(millis[index]);
  const { crossings: listed, alternates, evaluations } = found[index];
  const verdict = time > bar ? `  OVER the bar of ${bar} ms` : '';
  if (time > bar) over++;
  console.log(
    `${name.padEnd(46)} ${time.toFixed(2).padStart(7)} ms  x ${(time / plain).toFixed(1).padStart(8)} ${String(evaluations).padStart(13)} ${String(listed.length).padStart(10)} ${String(alternates.length).padStart(11)}${verdict}`,
  );
}

console.log(
  `\nexact crossings against every whole request a day, up to 20,000${' '.repeat(10)}exact     each     ratio`,
);
for (const [name, a, b] of pairs) {
  const range = { from: 1, to: 20_000 };
  const [exact, each] = [[], []];
  for (let run = -1; run < 3; run++) {
    exact.push(took(() => crossings(a, b, range, budget)));
    const walk = () => {
      let winner = winnerOf(at(a, range.from), at(b, range.from));
      for (let v = range.from + 1; v <= range.to; v++) winner = winnerOf(at(a, v), at(b, v));
      return winner;
    };
    each.push(took(walk));
  }
  const [quick, slow] = [median(exact), median(each)];
  console.log(
    `${name.padEnd(62)} ${quick.toFixed(2).padStart(8)} ms ${slow.toFixed(0).padStart(6)} ms  x ${(slow / quick).toFixed(0)}`,
  );
}
process.exitCode = over > 0 ? 1 : 0;
