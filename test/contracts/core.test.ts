import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { root } from '../support/cli-process.js';

const folder = path.join(root, 'src/core');
const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));
const naming = (pattern: RegExp): string[] => files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

test('the core imports nothing of node', () => {
  expect(files.length).toBeGreaterThan(15);
  expect(naming(/(?:\bfrom|\bimport)\s*\(?\s*['"](?:node:|fs|path|os|worker_threads)/)).toEqual([]);
});

test('the core runs in a browser: a bundle of it has no import left', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ['decide.ts', 'least-adjusted.ts'].map((name) => path.join(folder, name)),
    outdir: 'bundles',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
  });
  expect(outputFiles).toHaveLength(2);
  for (const { imports } of Object.values(metafile.outputs)) expect(imports).toEqual([]);
  for (const { text } of outputFiles) expect(text).not.toMatch(/\brequire\(|\bnode:/);
});

const state = /^(?:export )?(?:let|var) |^(?:export )?const .*= new (?:Map|Set|WeakMap|WeakSet)(?:<.*>)?\(\)/m;

test('the core keeps nothing between decisions', () => {
  expect(naming(state)).toEqual([]);
  for (const planted of [
    'let last = 0;',
    'const known = new Map<string, number>();',
    'export const a = new WeakMap();',
  ])
    expect(planted).toMatch(state);
});
