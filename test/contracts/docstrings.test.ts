import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const sources = ['src', 'test'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
);

/** A docstring, and the next one right behind it: the first has lost what it is of. */
const orphan = /\*\/\n[ \t]*\/\*\*/;

test('every docstring stands before what it describes', () => {
  expect(sources.length).toBeGreaterThan(500);
  expect(sources.filter((name) => orphan.test(readFileSync(new URL(name, root), 'utf8')))).toEqual([]);
});
