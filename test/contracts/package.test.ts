import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/cli-process.js';

const json = (name: string) => JSON.parse(readFileSync(path.join(root, name), 'utf8'));
const manifest = json('package.json');

test('every version is exact, so that a clone today and next year install the same', () => {
  const versions = Object.values<string>({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.length).toBeGreaterThan(10);
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('the lock file names no registry and agrees with package.json', () => {
  const lock = json('package-lock.json');
  expect(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
  const { name, version, dependencies, devDependencies } = lock.packages[''];
  expect({ name, version, dependencies, devDependencies }).toEqual({
    ...{ name: manifest.name, version: manifest.version },
    ...{ dependencies: manifest.dependencies, devDependencies: manifest.devDependencies },
  });
});

test('one command runs everything', () => {
  const run = path.join(root, '.ci/run');
  expect(readFileSync(run, 'utf8')).toContain('npm run cit');
  expect(statSync(run).mode & 0o111).toBe(0o111);
  expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(['quickstart', 'cit', 'bench', 'test']));
});

test('the library loads without printing, and names its public functions', () => {
  const script = "console.log(JSON.stringify(Object.keys(await import('deploy-advisor'))))";
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' });
  expect(JSON.parse(out)).toEqual(expect.arrayContaining(['assess', 'loadShippedTables', 'readScenario']));
});
