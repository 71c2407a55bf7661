/**
 * The prediction of queues against the simulation of them, in full: every machine, mix and chunk of the study, one
 * replica and fleets a router keeps even; then what an evaluation costs on one core.
 *
 *     node bench/queueing.mjs [--requests 100000] [--points]
 */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, points: { type: 'boolean', default: false } },
});
const requests = Number(values.requests);

const outfile = 'dist/bench-queueing.mjs';
await build({
  stdin: {
    contents: `
      export * from './test/simulation/compare.js';
      export * from './test/simulation/machines.js';
      export { latencyAt } from './src/capacity/queue/latency.js';
      export { largestRate } from './src/capacity/queue/latency.js';
      export { saturationRate } from './src/capacity/queue/saturation.js';`,
    resolveDir: '.',
  },
  bundle: true,
  loader: { '.tsv': 'text' },
  format: 'esm',
  platform: 'node',
  outfile,
  logLevel: 'warning',
});
const { caseOf, compare, errorOf, largestRate, latencyAt, machines, mixes, saturationRate, ...rest } = await import(
  new URL(`../${outfile}`, import.meta.url).href
);
const { serverOf, trafficOf, within, withinOrNear } = rest;
rmSync(outfile);

const allMixes = Object.keys(mixes);
const each = (names, more = {}) => names.flatMap((machine) => allMixes.map((mix) => caseOf({ machine, mix, ...more })));
const sets = [
  ['four and small', each(['four', 'small'])],
  ['large and experts', each(['large', 'experts'])],
  ['chunk of 512', each(['four', 'small'], { chunkTokens: 512 })],
  ['chunk of 8192', each(['four', 'small'], { chunkTokens: 8192 })],
];
const figures = [
  ['TTFT p50', { of: 'ttft', at: 'p50' }],
  ['TTFT p95', { of: 'ttft', at: 'p95' }],
  ['TPOT mean', { of: 'tpot', at: 'mean' }],
  ['TPOT p95', { of: 'tpot', at: 'p95' }],
  ['request p50', { of: 'request', at: 'p50' }],
  ['request p95', { of: 'request', at: 'p95' }],
];
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const table = (name, points) => {
  const errors = points.map((point) => Math.abs(errorOf(point))).sort((a, b) => a - b);
  const count = (meets) => String(points.filter(meets).length).padStart(4);
  console.log(
    `${name.padEnd(14)} ${count(within(0.15))} ${count(within(0.2))} ${count(withinOrNear(0.15))} of ${points.length}`,
    ` median ${percent(errors[errors.length >> 1])}  worst ${percent(errors.at(-1))}`,
  );
  if (values.points) {
    for (const point of points.filter((one) => !within(0.15)(one))) {
      const near = withinOrNear(0.15)(point) ? 'near' : 'MISS';
      console.log(`  ${near} ${point.name} at ${point.load}: ${percent(errorOf(point))}`);
    }
  }
};

console.log('saturation rate against an endless backlog');
for (const [name, cases] of sets) {
  const errors = cases.map((of) => saturationRate(serverOf(of.machine), trafficOf(of.mix)) / of.ratePerS - 1);
  const sorted = errors.map(Math.abs).sort((a, b) => a - b);
  console.log(`${name.padEnd(18)} median ${percent(sorted[sorted.length >> 1])}  worst ${percent(sorted.at(-1))}`);
}
for (const [name, cases] of sets) {
  console.log(`\n${name}, one replica, loads 0.3 to 0.9: within 15 %, 20 %, 15 % or 0.05 of load`);
  const points = compare(cases, [0.3, 0.45, 0.6, 0.75, 0.9], requests);
  for (const [label, figure] of figures) table(label, points(figure));
}
for (const replicas of [2, 4, 16]) {
  console.log(`\n${replicas} replicas kept even, four and small, loads 0.5 to 0.9`);
  const points = compare(sets[0][1], [0.5, 0.6, 0.75, 0.9], requests, replicas);
  for (const [label, figure] of figures) table(label, points(figure));
}

console.log('\ncost on one core');
const { machine, mix, ratePerS } = sets[0][1][0];
const [server, traffic] = [serverOf(machine), trafficOf(mix)];
const targets = [
  { of: 'ttft', at: 'p95', limitS: 0.2 },
  { of: 'tpot', at: 'p95', limitS: 0.03 },
];
/** @type {[string, number, (run: number) => unknown][]} */
const calls = [
  ['saturationRate', 100_000, () => saturationRate(server, traffic)],
  ['latencyAt', 10_000, (run) => latencyAt(server, traffic, ratePerS * (0.2 + 0.7e-4 * run), 1)],
  ['latencyAt x 16', 10_000, (run) => latencyAt(server, traffic, 16 * ratePerS * (0.2 + 0.7e-4 * run), 16)],
  ['largestRate', 1000, () => largestRate(server, traffic, targets, 1)],
];
for (const [name, runs, call] of calls) {
  for (let run = 0; run < 500; run++) call(run);
  const start = process.cpuUsage();
  for (let run = 0; run < runs; run++) call(run);
  const { user, system } = process.cpuUsage(start);
  console.log(`${name.padEnd(16)} ${((user + system) / runs).toFixed(1).padStart(8)} us`);
}
