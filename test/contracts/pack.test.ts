import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { commands } from '../../src/cli/command-line.js';
import { root } from '../support/cli-process.js';
import { long } from '../support/sample.js';
import { newFolder } from '../support/temporary-folder.js';

const folder = newFolder();
const consumer = path.join(folder, 'consumer');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const { version } = manifest;
const npm = (cwd: string, ...args: string[]): string =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
let packed: { path: string }[] = [];
const sizes = { size: 0, unpackedSize: 0 };

beforeAll(() => {
  mkdirSync(consumer);
  // No scripts: dist/ is built already, and building it again would pull it from under other tests.
  [{ files: packed, size: sizes.size, unpackedSize: sizes.unpackedSize }] = JSON.parse(
    npm(root, 'pack', '--ignore-scripts', '--json', '--pack-destination', folder),
  );
  writeFileSync(
    path.join(consumer, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  );
  npm(consumer, 'install', '--prefer-offline', '--no-audit', '--no-fund', `../deploy-advisor-${version}.tgz`);
  // npm takes as long as the machine lets it.
}, 60_000);

test('the tarball has what runs, what is reviewed and the licenses, and nothing else', () => {
  const paths = packed.map((file) => file.path);
  for (const needed of [
    'LICENSE',
    'dist/cli/main.js',
    'dist/lib/index.js',
    'dist/types/index.d.ts',
    'dist/THIRD-PARTY-LICENSES.txt',
    'skills/deploy-advisor/SKILL.md',
  ]) {
    expect(paths).toContain(needed);
  }
  const allowed =
    /^(?:dist|pricing|schema|scenarios|skills|docs)\/|^(?:package\.json|LICENSE|README\.md|CHANGELOG\.md|CONTRIBUTING\.md)$/;
  expect(paths.filter((name) => !allowed.test(name))).toEqual([]);
});

test('the tarball has every page that its README names', () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const named = [...readme.matchAll(/(?<![\w/.-])(?:docs\/[\w-]+|[A-Z]+)\.md\b/g)].map(([name]) => name);
  expect(new Set(named).size).toBeGreaterThan(7);
  const paths = packed.map((file) => file.path);
  expect(named.filter((name) => !paths.includes(name))).toEqual([]);
});

test('it is no larger than it was, by much: megabytes packed, and on disk', () => {
  expect(sizes.size / 1e6).toBeLessThan(9);
  expect(sizes.unpackedSize / 1e6).toBeLessThan(32);
});

test('the manifest says under which terms and on which Node it runs, and the notices name what is bundled', () => {
  expect(manifest).toMatchObject({
    license: 'MIT',
    engines: { node: '>=20.12' },
    bin: { 'deploy-advisor': 'dist/cli/main.js' },
  });
  const installed = path.join(consumer, 'node_modules/deploy-advisor');
  const notices = readFileSync(path.join(installed, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const [name, exact] of Object.entries(manifest.dependencies as Record<string, string>)) {
    expect(notices).toContain(`${name} ${exact} (`);
    const { license } = JSON.parse(readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8'));
    expect(['MIT', 'ISC', 'Apache-2.0'], name).toContain(license);
  }
  // Each with its text.
  const texts = notices.split(/^-{80}$/m);
  expect(texts.length).toBeGreaterThan(20);
  expect(texts.filter((text) => text.trim().split('\n').length < 5)).toEqual([]);
});

const helped = commands.filter(({ words: [word] }) => long || word === 'mcp' || word === 'export');
test.each(helped.map(({ words }) => words.join(' ')))('the installed command helps with %s', (words) => {
  const bin = path.join(consumer, 'node_modules/.bin/deploy-advisor');
  const out = execFileSync(bin, [...words.split(' '), '--help'], { encoding: 'utf8', cwd: folder });
  expect(out).toMatch(/^Usage: deploy-advisor /);
});

test('the command line is read byte by byte, so all of it is ASCII, and what it matches is not', () => {
  const bin = path.join(consumer, 'node_modules/.bin/deploy-advisor');
  const dist = path.join(consumer, 'node_modules/deploy-advisor/dist/cli');
  for (const name of readdirSync(dist))
    expect(readFileSync(path.join(dist, name), 'utf8'), name).toMatch(/^\p{ASCII}*$/u);
  const scenario = path.join(folder, 'euros.yaml');
  writeFileSync(scenario, 'workload: {volume: 100}\ntasks: [{type: faq-chat}]\nbudget: {monthly: "500 €"}\n');
  const { status, stderr } = spawnSync(bin, ['assess', scenario, '--point'], { encoding: 'utf8', cwd: folder });
  expect(status).toBe(2);
  expect(stderr).toContain('amounts are in US dollars: convert to USD first');
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
