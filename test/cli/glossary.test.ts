import { expect, test } from 'vitest';
import { shippedTables } from '../support/load.js';
import { cliHere } from '../support/recording-io.js';

test('a word with its meaning, by a part of its name or else by what explains it', async () => {
  const { code, out } = await cliHere(['glossary', 'Cache']);
  expect(code).toBe(0);
  expect(out).toMatch(/^prefix, cache hit\n {4}the part of a prompt that repeats/);
  expect((await cliHere(['glossary', 'GPT-3.5'])).out).toMatch(/^quality\n/);
});

test('all words, of which none is a line of the table itself', async () => {
  const { out } = await cliHere(['glossary']);
  expect(out.match(/^\S/gm)?.length).toBeGreaterThan(20);
  expect(out).not.toMatch(/\||^word$|---/m);
});

test('a word that is none is refused with what lists them', async () => {
  const { code, err } = await cliHere(['glossary', 'zzz']);
  expect(code).toBe(2);
  expect(err).toContain('glossary lists them all');
});

test('a tier has its number and a model that many know, by the tables', async () => {
  const { out } = await cliHere(['glossary', 'tier']);
  const text = out.replace(/\s+/g, ' ');
  const { tiers, capabilityOf, names } = await shippedTables();
  expect(tiers).toHaveLength(4);
  for (const { name, fromIndex, known } of tiers) {
    const row = capabilityOf.get(known ?? '');
    expect(row?.tier).toBe(tiers.find((tier) => tier.name === name)?.tier);
    const called = names.find(({ id }) => id === known)?.name ?? '';
    expect(text).toContain(`${name} from ${fromIndex} (${called} is ${Math.round(row?.index ?? Number.NaN)})`);
  }
});
