import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const docs = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));
const isThere = (path: string): boolean => existsSync(new URL(path, root));

/** `src/cost/curve.ts`; in the design folders stand without `src/`. */
const path = /`((?:[\w-]+\/)+[\w-]+\.(?:ts|mjs|tsv))`/g;

test.each(docs)('%s names no file that there is not', (name) => {
  const named = [...readFileSync(new URL(name, root), 'utf8').matchAll(path)].map(([, file = '']) => file);
  expect(named.filter((file) => !isThere(file) && !isThere(`src/${file}`))).toEqual([]);
});

/** Constants of a module that keep what was made before: `const known = perObject(…)`. */
const memo =
  /^(?:export )?const (\w+)(?:: .+)? = (?:perObject|recent|memoized|remembering|madeOnce|onceForTables|new WeakMap)\b/gm;

test('the design lists everything that is kept beyond a call', () => {
  const source = new URL('src/', root);
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const kept = files.flatMap((name) =>
    [...readFileSync(new URL(name, source), 'utf8').matchAll(memo)].map(([, constant = '']) => constant),
  );
  const [, listed = ''] = readFileSync(new URL('docs/design.md', root), 'utf8').split('## What is kept');
  const names = [...(listed.split('\n## ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
  expect([...new Set([...kept, 'columnCache'])].sort()).toEqual([...new Set(names)].sort());
});

test('the design names many of them', () => {
  const text = readFileSync(new URL('docs/design.md', root), 'utf8');
  expect([...text.matchAll(path)].length).toBeGreaterThan(20);
});
