import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shippedTables } from '../support/load.js';

const textsIn = (folder: string, but: RegExp): string =>
  readdirSync(new URL(`../../${folder}/`, import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|csv|yaml)$/.test(name) && !but.test(name))
    .map((name) => readFileSync(new URL(`../../${folder}/${name}`, import.meta.url), 'utf8'))
    .join('\n');

/** What names are put together from: a deployment type or a provider follows. */
const beginnings = `availabilityApi egress fte leadTime lockIn opsBurden
  storageNetworkVolume`.split(/\s+/);

test('parameters say whether any figure takes them: the code or another table names those, and no other', async () => {
  const texts = `${textsIn('src', /^$/)}\n${textsIn('pricing/catalog', /(?:owning|latency|assumptions)\.csv$/)}`;
  const words = new Set(texts.match(/[A-Za-z][A-Za-z0-9]*/g));
  for (const beginning of beginnings) expect(words, beginning).toContain(beginning);
  const named = (name: string) => words.has(name) || beginnings.some((beginning) => name.startsWith(beginning));
  const { parameterOf } = await shippedTables();
  const parameters = [...parameterOf.values()];
  expect(parameters.filter(({ used }) => !used).length).toBeGreaterThan(0);
  expect(parameters.filter(({ name, used }) => used !== named(name)).map(({ name }) => name)).toEqual([]);
});
