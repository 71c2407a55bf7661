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

test('the design names many of them', () => {
  const text = readFileSync(new URL('docs/design.md', root), 'utf8');
  expect([...text.matchAll(path)].length).toBeGreaterThan(30);
});
