import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../support/cli-process.js';

const folder = mkdtempSync(path.join(tmpdir(), 'deploy-advisor-pack-'));
const consumer = path.join(folder, 'consumer');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const npm = (cwd: string, ...args: string[]): string =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
let packed: { path: string }[] = [];

beforeAll(() => {
  mkdirSync(consumer);
  // No scripts: dist/ is built already, and building it again would pull it from under other tests.
  [{ files: packed }] = JSON.parse(npm(root, 'pack', '--ignore-scripts', '--json', '--pack-destination', folder));
  writeFileSync(
    path.join(consumer, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  );
  npm(consumer, 'install', '--prefer-offline', '--no-audit', '--no-fund', `../deploy-advisor-${version}.tgz`);
  // npm takes as long as the machine lets it.
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the tarball has what runs, what is reviewed and the licenses, and nothing else', () => {
  const paths = packed.map((file) => file.path);
  for (const needed of [
    'LICENSE',
    'dist/cli/main.js',
    'dist/lib/index.js',
    'dist/types/index.d.ts',
    'dist/THIRD-PARTY-LICENSES.txt',
  ]) {
    expect(paths).toContain(needed);
  }
  const allowed =
    /^(?:dist|pricing|schema|scenarios|docs)\/|^(?:package\.json|LICENSE|README\.md|CHANGELOG\.md|CONTRIBUTING\.md)$/;
  expect(paths.filter((name) => !allowed.test(name))).toEqual([]);
});

test('the tarball has every page that its README names', () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const named = [...readme.matchAll(/(?<![\w/.-])(?:docs\/[\w-]+|[A-Z]+)\.md\b/g)].map(([name]) => name);
  expect(new Set(named).size).toBeGreaterThan(7);
  const paths = packed.map((file) => file.path);
  expect(named.filter((name) => !paths.includes(name))).toEqual([]);
});

test('the installed command answers', () => {
  const bin = path.join(consumer, 'node_modules/.bin/deploy-advisor');
  expect(execFileSync(bin, ['--version'], { encoding: 'utf8' })).toBe(`${version}\n`);
  expect(execFileSync(bin, ['schema', 'scenario'], { encoding: 'utf8', cwd: folder })).toContain('"$schema"');
});

test('the installed command assesses an installed scenario', () => {
  const bin = path.join(consumer, 'node_modules/.bin/deploy-advisor');
  const scenario = path.join(consumer, 'node_modules/deploy-advisor/scenarios/support-chatbot.yaml');
  const out = execFileSync(bin, ['assess', scenario, '--point', '--format', 'json'], { encoding: 'utf8', cwd: folder });
  expect(JSON.parse(out).recommendation.status).toBe('recommended');
});

test('a consumer in strict TypeScript has types, and wrong use does not compile', () => {
  const start = "import { type Decision, readScenario } from 'deploy-advisor';\n";
  const uses = {
    'right.ts': `export const read = readScenario('version: 1', { file: 'x' }).problems[0]?.message.trim();
export const cost = (d: Decision): number | null => d.recommendation.monthlyCost;`,
    'wrong.ts': `export const read = readScenario(1, { file: 'x' });`,
  };
  for (const [name, source] of Object.entries(uses)) writeFileSync(path.join(consumer, name), start + source);
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const flags = '--noEmit --strict --module nodenext --target es2023 --types --skipLibCheck false'.split(' ');
  const { stdout } = spawnSync(process.execPath, [tsc, ...flags, ...Object.keys(uses)], {
    cwd: consumer,
    encoding: 'utf8',
  });
  const told = stdout.split('\n').filter((line) => line.includes('error TS'));
  expect(told).toEqual([expect.stringMatching(/^wrong\.ts.* error TS2345: /)]);
});
