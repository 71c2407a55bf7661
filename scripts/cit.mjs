/**
 * Clean install and test: everything a change must pass, from nothing but Node and npm.
 * Prints what the steps print, what each took and the slowest test files, and ends, whatever happened, with the line
 * `N passed, N failed`: the tests, and one failed for each other step that failed.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'deploy-advisor-cit-'));
const results = path.join(scratch, 'tests.json');
const tarball = path.join(scratch, `deploy-advisor-${readJson(path.join(root, 'package.json'))?.version}.tgz`);

const bin = (name) => [process.execPath, path.join(root, 'node_modules', name)];
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const tests = 'tests';

/**
 * A step runs if all those it needs passed. One that is `alone` has every core, and its output as it comes; the others run
 * side by side, and what each prints comes in one piece when it ends.
 */
const steps = [
  { name: 'install', command: [npm, 'ci', '--no-audit', '--no-fund'], needs: [], alone: true },
  { name: 'build', command: [process.execPath, 'scripts/build.mjs'], needs: ['install'] },
  {
    name: 'format and lint',
    command: [...bin('@biomejs/biome/bin/biome'), 'check', '--colors=off'],
    needs: ['install'],
  },
  { name: 'types', command: [...bin('typescript/bin/tsc'), '--noEmit'], needs: ['install'] },
  {
    name: 'types of scripts',
    command: [...bin('typescript/bin/tsc'), '-p', 'tsconfig.scripts.json'],
    needs: ['install'],
  },
  { name: 'unused code', command: [...bin('knip/bin/knip.js'), '--no-progress'], needs: ['install'] },
  { name: 'pack', command: [npm, 'pack', '--ignore-scripts', '--pack-destination', scratch], needs: ['build'] },
  { name: 'package', command: [...bin('publint/src/cli.js'), 'run', tarball, '--strict'], needs: ['pack'] },
  {
    name: 'package types',
    command: [...bin('@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'esm-only', '--no-color'],
    needs: ['pack'],
  },
  {
    name: tests,
    command: [
      ...bin('vitest/vitest.mjs'),
      ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`],
    ],
    needs: ['install'],
    alone: true,
  },
];

const passed = new Set();
const failed = new Set();
const notRun = new Set();
const took = [];

const isOver = (name) => passed.has(name) || failed.has(name) || notRun.has(name);

/** Runs a step to its end. */
async function run({ name, command, needs, alone = false }) {
  const missing = needs.find((step) => !passed.has(step));
  if (missing) {
    console.log(`\n== ${name}\nnot run, as it needs: ${missing}`);
    notRun.add(name);
    return;
  }
  if (alone) console.log(`\n== ${name}`);
  const begun = Date.now();
  const { status, printed } = await ended(command, alone);
  const seconds = Math.round((Date.now() - begun) / 1000);
  took.push(`${name} ${seconds} s`);
  if (!alone) process.stdout.write(`\n== ${name}, ${seconds} s\n${printed}`);
  (status === 0 ? passed : failed).add(name);
}

/** The status a command ends with and, unless it goes to the terminal at once, all it prints. */
function ended([file, ...rest], streams) {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
  return new Promise((resolve) => {
    const child = spawn(file, rest, { cwd: root, env, stdio: streams ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    const printed = [];
    child.stdout?.on('data', (chunk) => printed.push(chunk));
    child.stderr?.on('data', (chunk) => printed.push(chunk));
    const end = (status) => resolve({ status, printed: Buffer.concat(printed).toString() });
    child.on('error', (error) => {
      printed.push(Buffer.from(`${error}\n`));
      if (streams) console.log(String(error));
      end(null);
    });
    child.on('close', end);
  });
}

/** Runs steps side by side, as many at once as there are cores, each once those it needs are over. */
async function runTogether(list) {
  const waiting = [...list];
  const running = new Set();
  while (waiting.length + running.size > 0) {
    const next = waiting.findIndex(({ needs }) => needs.every(isOver));
    if (next >= 0 && running.size < availableParallelism()) {
      const [step] = waiting.splice(next, 1);
      const ending = run(step).finally(() => running.delete(ending));
      running.add(ending);
    } else await Promise.race(running);
  }
}

const begun = Date.now();
for (let from = 0; from < steps.length; ) {
  const to = steps.findIndex(({ alone }, at) => at >= from && alone);
  await runTogether(steps.slice(from, to < 0 ? undefined : to));
  if (to < 0) break;
  await run(steps[to]);
  from = to + 1;
}

const counts = readJson(results);
const brokenFiles = (counts?.testResults ?? []).filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((each) => each.status === 'failed'),
);
// The failures of a test run are its tests and the files that do not load; one that fails without either counts as one.
const failedTests = (counts?.numFailedTests ?? 0) + brokenFiles.length;
if (failedTests > 0) failed.delete(tests);
rmSync(scratch, { recursive: true, force: true });
const sum = failed.size + failedTests;
const slowest = (counts?.testResults ?? [])
  .map(({ name, startTime, endTime }) => ({ name: path.relative(root, name), seconds: (endTime - startTime) / 1000 }))
  .sort((a, b) => b.seconds - a.seconds)
  .slice(0, 15)
  .map(({ name, seconds }) => `${seconds.toFixed(0).padStart(4)} s  ${name}`);
if (slowest.length > 0) console.log(`\n== slowest test files\n${slowest.join('\n')}`);
console.log(`\ntook ${Math.round((Date.now() - begun) / 1000)} s: ${took.join(', ')}`);
if (failed.size > 0) console.log(`\nfailed: ${[...failed].join(', ')}`);
console.log(`\n${counts?.numPassedTests ?? 0} passed, ${sum} failed`);
process.exitCode = sum > 0 ? 1 : 0;

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
