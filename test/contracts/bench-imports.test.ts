import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Benches bundle parts of the sources by name, which no compiler reads. */
const named = readdirSync('bench').flatMap((file) =>
  [...readFileSync(`bench/${file}`, 'utf8').matchAll(/export \{ ([\w, ]+) \} from '\.\/(src\/[\w/-]+)\.js'/g)].flatMap(
    ([, names = '', source]) => names.split(', ').map((name) => ({ file, name, source })),
  ),
);

test('what benches take from the sources is there', () => {
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter(({ name, source }) => {
    const text = readFileSync(`${source}.ts`, 'utf8');
    const declared = `^export (?:async )?(?:function\\*?|const) ${name}\\b`;
    const passedOn = `^export \\{[^}]*\\b${name}\\b[^}]*\\}`;
    return !new RegExp(`${declared}|${passedOn}`, 'm').test(text);
  });
  expect(missing).toEqual([]);
});
