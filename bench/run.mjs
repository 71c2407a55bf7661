/**
 * Wall time of fresh processes as ratios over an empty Node, interleaved so that a busy machine hits all alike, each with the
 * code that earlier processes compiled and without; then the parts of one decision (`decision.mjs`) and many through one process
 * (`batch.mjs`).
 *
 * Eight tasks in full take minutes a process: `--large` asks for them, too.
 *
 *     npm run bench [-- --runs 30] [--large]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '15' }, large: { type: 'boolean', default: false } },
});

const main = 'dist/cli/main.js';
const small = 'scenarios/support-chatbot.yaml';
const several = 'scenarios/ecommerce-assistant.yaml';
const large = 'scenarios/enterprise-suite.yaml';
const nothingFits = 'test/fixtures/fuzz/scenarios/accepted.nothing-fits-of-eight-tasks.yaml';
const caches = mkdtempSync(path.join(tmpdir(), 'bench-'));
process.on('exit', () => rmSync(caches, { recursive: true }));

/** Whether code of earlier processes is used: `first` is a process that finds none and keeps its own. */
const environments = {
  kept: { XDG_CACHE_HOME: caches, DEPLOY_ADVISOR_NO_CACHE: '' },
  first: { XDG_CACHE_HOME: path.join(caches, 'first'), DEPLOY_ADVISOR_NO_CACHE: '' },
  off: { DEPLOY_ADVISOR_NO_CACHE: '1' },
};
const byCost = ['--set', 'preferences.objective=cost'];
/** `bar` is the highest ratio allowed, `aim` the one worked for: of the first way named. */
const commands = [
  { args: ['--version'], codes: ['off'], bar: 1.2, aim: 1.1 },
  { args: ['--help'], codes: ['kept', 'off'] },
  { args: ['assess', '--point', ...byCost, small], codes: ['kept', 'first', 'off'], bar: 5, aim: 3.5 },
  { args: ['assess', '--point', small], codes: ['kept', 'off'], bar: 5, aim: 3.5 },
  { args: ['assess', small], codes: ['kept', 'off'], bar: 30, aim: 15 },
  { args: ['breakeven', small], codes: ['kept', 'off'], bar: 8, aim: 5 },
  { args: ['assess', '--point', several], codes: ['kept', 'off'], bar: 25, aim: 12 },
  { args: ['assess', several], codes: ['kept', 'off'], bar: 120, aim: 60 },
  { args: ['assess', '--point', large], codes: ['kept', 'off'], bar: 60, aim: 30 },
  ...(values.large ? [{ args: ['assess', large], codes: ['kept'], bar: 250, aim: 120 }] : []),
  { args: ['assess', '--point', nothingFits], codes: ['kept'] },
];
const empty = { name: 'node -e 0', args: ['-e', '0'], code: 'off', bar: null, aim: null, millis: [] };
const cases = [
  empty,
  ...commands.flatMap(({ args, codes, bar = null, aim = null }) =>
    codes.map((code, at) => {
      const goal = at === 0 ? { bar, aim } : { bar: null, aim: null };
      return { name: args.join(' '), args: [main, ...args], code, ...goal, millis: [] };
    }),
  ),
];

function timeOf({ name, args, code }) {
  if (code === 'first') rmSync(environments.first.XDG_CACHE_HOME, { recursive: true, force: true });
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environments[code] },
  });
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  // 3 is "nothing fits": a result as well.
  if (status !== 0 && status !== 3) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return took;
}

// The first run of each is a warm-up, but counts for what takes seconds, which is run three times in all.
const slowMs = 3000;
const slowRuns = 3;
for (const one of cases) {
  const took = timeOf(one);
  if (took >= slowMs) one.millis.push(took);
}
const slow = new Set(cases.filter(({ millis }) => millis.length > 0));
for (let run = 0; run < Number(values.runs); run++)
  for (const one of cases) if (!slow.has(one) || one.millis.length < slowRuns) one.millis.push(timeOf(one));

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const base = median(empty.millis);
let over = 0;
console.log(`${'fresh processes'.padEnd(48)} compiled code   median   over node -e 0   runs`);
for (const { name, code, bar, aim, millis } of cases) {
  const ratio = median(millis) / base;
  const isOver = bar !== null && ratio > bar;
  if (isOver) over++;
  const verdict = bar === null ? '' : isOver ? `OVER the bar of ${bar}` : `bar ${bar}, aim ${aim}`;
  console.log(
    `${name.padEnd(48)} ${code.padEnd(13)} ${median(millis).toFixed(0).padStart(6)} ms   x ${ratio.toFixed(2).padStart(7)}   ${String(millis.length).padStart(9)}   ${verdict}`,
  );
}

for (const [file, ...args] of [['bench/decision.mjs'], ['bench/batch.mjs', '--count', '100']]) {
  console.log();
  const { status } = spawnSync(process.execPath, [file, ...args], { stdio: 'inherit' });
  if (status !== 0) over++;
}
process.exitCode = over > 0 ? 1 : 0;
