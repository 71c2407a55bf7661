/**
 * Start-up as ratios over an empty Node process, in fresh processes, interleaved so that a busy machine hits all alike;
 * then the decision alone, in one warm process, with the options it considers a second.
 *
 *     npm run bench [-- --runs 40]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values } = parseArgs({ options: { runs: { type: 'string', default: '30' } } });

const main = 'dist/cli/main.js';
const scenarios = existsSync('scenarios') ? readdirSync('scenarios').filter((name) => name.endsWith('.yaml')) : [];
const bySize = scenarios.map((name) => `scenarios/${name}`).sort((a, b) => statSync(b).size - statSync(a).size);
const largest = bySize[0];

/** `bar` is the highest ratio allowed, `aim` the one worked for. */
const cases = [
  { name: 'node -e 0', args: ['-e', '0'], bar: null, aim: null },
  { name: '--version', args: [main, '--version'], bar: 1.2, aim: 1.1 },
  { name: '--help', args: [main, '--help'], bar: null, aim: null },
  ...(largest
    ? [
        { name: `assess --point ${largest}`, args: [main, 'assess', '--point', largest], bar: 3, aim: 2 },
        { name: `assess ${largest}`, args: [main, 'assess', largest], bar: 6, aim: 4 },
      ]
    : []),
];

const millis = cases.map(() => []);
for (let run = -2; run < Number(values.runs); run++) {
  for (const [index, { args, name }] of cases.entries()) {
    const start = process.hrtime.bigint();
    const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const took = Number(process.hrtime.bigint() - start) / 1e6;
    // 3 is "nothing fits": a result as well.
    if (status !== 0 && status !== 3) throw new Error(`${name} ended with ${status}: ${stderr}`);
    if (run >= 0) millis[index].push(took);
  }
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const base = median(millis[0]);
let over = 0;
for (const [index, { name, bar, aim }] of cases.entries()) {
  const ratio = median(millis[index]) / base;
  const verdict = bar === null ? '' : ratio > bar ? `OVER the bar of ${bar}` : `bar ${bar}, aim ${aim}`;
  if (bar !== null && ratio > bar) over++;
  console.log(
    `${name.padEnd(52)} ${median(millis[index]).toFixed(1).padStart(7)} ms  x ${ratio.toFixed(2)}  ${verdict}`,
  );
}

const { assess, loadProse, loadShippedTables, readScenario, tool } = await import(
  new URL('../dist/lib/index.js', import.meta.url).href
);
const tables = await loadShippedTables();
const prose = await loadProse();
console.log(`\nthe decision, warm, one core${' '.repeat(28)}median    over node -e 0   options/s`);
for (const file of [
  ...new Set([scenarios.includes('support-chatbot.yaml') && 'scenarios/support-chatbot.yaml', largest]),
].filter(Boolean)) {
  const { scenario } = readScenario(readFileSync(file, 'utf8'), { file, tables });
  const options = { asOf: tables.snapshot.date, point: true, prose, tool };
  const times = [];
  let considered = 0;
  for (let run = -5; run < 15; run++) {
    const start = performance.now();
    considered = assess(scenario, tables, options).considered.total;
    if (run >= 0) times.push(performance.now() - start);
  }
  const took = median(times);
  const rate = `${((considered / took) * 1e-3).toFixed(1)} million`;
  console.log(
    `${file.padEnd(52)} ${took.toFixed(1).padStart(7)} ms  x ${(took / base).toFixed(2)}  ${rate.padStart(20)}`,
  );
}
console.log();
spawnSync(process.execPath, ['bench/decision.mjs', '--runs', '3'], { stdio: 'inherit' });
process.exitCode = over > 0 ? 1 : 0;
