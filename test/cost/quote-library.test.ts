import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Tables } from '../../src/tables/tables.js';
import disagreements from '../fixtures/quote/disagreements-2026-11-10.json' with { type: 'json' };
import { shipped } from '../support/load.js';
import {
  type Band,
  differences,
  inLibrary,
  type KnownPair,
  ourQuote,
  type Rates,
  same,
  type Tokens,
} from '../support/quote-library.js';

type Disagreement = { provider: string; model: string; library: string; right: string; why: string; bands: Band[] };

const day = '2026-11-10';
/** Providers that the library does not know. */
const others =
  'alibaba berget crusoe deepinfra evroc friendli inception infomaniak meta scaleway ' +
  'siliconflow stackit stepfun thinkingmachines upstage xiaomi';

describe(`prices of ${day} against a public price library`, () => {
  const listed = disagreements as Disagreement[];
  let tables: Tables;
  let pairs: KnownPair[];
  beforeAll(async () => {
    ({ tables } = await shipped(day));
    pairs = tables.api.map((row) => inLibrary(row, day)).filter((pair) => pair !== null);
  });

  /** How much more we charge for a call than the library, by the listed prices. */
  function listedExcessUsd({ row, thresholds }: KnownPair, { input, cached, write, output }: Tokens): number {
    const entry = listed.find(({ provider, model }) => provider === row.provider && model === row.modelId);
    const above = thresholds.filter((threshold) => input > threshold).at(-1) ?? 0;
    const band = entry?.bands.find((each) => each.above === above);
    if (!band) return 0;
    const counts: Rates = { input: input - cached - write, cached, write, output };
    const excess = (part: keyof Rates) => ((band.ours[part] ?? 0) - (band.theirs[part] ?? 0)) * counts[part];
    return (excess('input') + excess('cached') + excess('write') + excess('output')) / 1e6;
  }

  test('many rows are known to both', () => {
    expect(pairs.length).toBe(284);
    const known = new Set(pairs.map(({ row }) => row.provider));
    expect(known.size).toBe(22);
    const unknown = new Set(tables.api.map(({ provider }) => provider).filter((provider) => !known.has(provider)));
    expect([...unknown].sort()).toEqual(others.split(' '));
  });

  test('they differ exactly where the list says, price by price', () => {
    const found = pairs
      .map((pair) => ({
        provider: pair.row.provider,
        model: pair.row.modelId,
        library: pair.name,
        bands: differences(tables, pair),
      }))
      .filter(({ bands }) => bands.length > 0);
    expect(found).toEqual(listed.map(({ right, why, ...entry }) => entry));
  });

  test('each difference says who is right and why', () => {
    for (const { right, why, model } of listed) {
      expect(['ours', 'theirs', 'neither', 'unclear'], model).toContain(right);
      expect(why.length, model).toBeGreaterThan(30);
    }
  });

  test('2,000 random calls cost what the library says, to 1e-9, but for the listed prices', () => {
    const providers = [...new Set(pairs.map(({ row }) => row.provider))];
    const call = fc
      .constantFrom(...providers)
      .chain((provider) => fc.constantFrom(...pairs.filter(({ row }) => row.provider === provider)))
      .chain((pair) => {
        const edge = fc.constantFrom(...pair.thresholds.flatMap((threshold) => [threshold, threshold + 1]));
        const prompt = fc.oneof(
          { weight: 1, arbitrary: edge },
          { weight: 4, arbitrary: fc.integer({ min: 0, max: 1_100_000 }) },
        );
        return fc.record({
          pair: fc.constant(pair),
          prompt,
          cached: fc.double({ min: 0, max: 1, noNaN: true }),
          write: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
          output: fc.integer({ min: 0, max: 128_000 }),
        });
      });
    let calls = 0;
    let exact = 0;
    const seen = new Set<string>();
    fc.assert(
      fc.property(call, ({ pair, prompt, output, ...shares }) => {
        const cached = Math.floor(prompt * shares.cached);
        const write = Math.floor((prompt - cached) * shares.write);
        const tokens = { input: prompt, cached, write, output };
        const excess = listedExcessUsd(pair, tokens);
        const ours = ourQuote(tables, pair.row, tokens).total;
        expect(same(ours, pair.price(tokens) + excess), `${pair.name} ${JSON.stringify(tokens)}: ${ours}`).toBe(true);
        calls++;
        if (excess === 0) exact++;
        seen.add(pair.row.provider);
      }),
      { numRuns: 2000, seed: 20260821 },
    );
    expect(calls).toBe(2000);
    expect(seen.size).toBe(providers.length);
    // Most calls touch no listed price at all: there the two sides say the same number.
    expect(exact).toBeGreaterThan(1700);
  });
});
