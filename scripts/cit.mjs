/**
 * Clean install and test: everything a change must pass, from nothing but Node and npm.
 * Streams what the steps print and ends, whatever happened, with the line `N passed, N failed`: the tests, and one
 * failed for each other step that failed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'deploy-advisor-cit-'));
const results = path.join(scratch, 'tests.json');
const tarball = path.join(scratch, `deploy-advisor-${readJson(path.join(root, 'package.json'))?.version}.tgz`);

const bin = (name) => [process.execPath, path.join(root, 'node_modules', name)];
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const tests = 'tests';

/** A step runs if all those it needs passed. */
const steps = [
  { name: 'install', command: [npm, 'ci', '--no-audit', '--no-fund'], needs: [] },
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
  { name: 'build', command: [process.execPath, 'scripts/build.mjs'], needs: ['install'] },
  {
    name: tests,
    command: [
      ...bin('vitest/vitest.mjs'),
      ...['run', '--coverage', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`],
    ],
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
];

const failed = new Set();
const notRun = new Set();
for (const { name, command, needs } of steps) {
  console.log(`\n== ${name}`);
  const missing = needs.find((step) => failed.has(step) || notRun.has(step));
  if (missing) {
    console.log(`not run, as it needs: ${missing}`);
    notRun.add(name);
    continue;
  }
  const [file, ...rest] = command;
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
  const { status, error } = spawnSync(file, rest, { cwd: root, stdio: 'inherit', env });
  if (error) console.log(String(error));
  if (status !== 0) failed.add(name);
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
