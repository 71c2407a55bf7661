import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shippedTables } from '../support/load.js';

test('a tier has its number and a model that many know, by the tables', async () => {
  const text = readFileSync(new URL('../../docs/glossary.md', import.meta.url), 'utf8');
  const { tiers, capabilityOf, names } = await shippedTables();
  expect(tiers).toHaveLength(4);
  for (const { name, fromIndex, known } of tiers) {
    const row = capabilityOf.get(known ?? '');
    expect(row?.tier).toBe(tiers.find((tier) => tier.name === name)?.tier);
    const called = names.find(({ id }) => id === known)?.name ?? '';
    expect(text).toContain(`${name} from ${fromIndex} (${called} is ${Math.round(row?.index ?? Number.NaN)})`);
  }
});
