import { expect, test } from 'vitest';
import { z } from 'zod';
import { schemeSupport } from '../../src/capacity/scheme.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { sequences } from '../support/models.js';

const cases = casesIn('fits', {
  fits: {
    family: z.string(),
    scheme: z.string(),
    accelerator: z.string(),
    gpus: z.number(),
    fits: z.boolean(),
    why: z.string(),
  },
  support: { why: z.string(), runsOn: z.string(), architecture: z.string(), support: z.string() },
});

/** A short chat must fit beside the weights. */
const context = 2048;

test.each(cases.fits)(
  '$family in $scheme on $accelerator x $gpus: $fits ($why)',
  async ({ family, scheme, accelerator, gpus, fits }) => {
    expect(sequences(await shippedTables(), [family, scheme, accelerator, gpus], context) >= 1).toBe(fits);
  },
);

test('the context decides: 8B in 16 bits on 24 GiB holds a long chat, not a book', async () => {
  const tables = await shippedTables();
  // 0.9 x 24 GiB less 2 GB and 1.1 GB of activations leave 4.03 GB; 131,072 x 1.04 bytes a token: 29,600 tokens.
  expect(sequences(tables, ['llama-3.1-8b', 'bf16', 'l4-24gb', 1], 29_000)).toBe(1);
  expect(sequences(tables, ['llama-3.1-8b', 'bf16', 'l4-24gb', 1], 30_500)).toBe(0);
});

test('28 heads are not cut in eight', async () => {
  const tables = await shippedTables();
  expect(sequences(tables, ['qwen2.5-7b', 'bf16', 'h100-sxm-80gb', 4], context)).toBeGreaterThan(0);
  expect(sequences(tables, ['qwen2.5-7b', 'bf16', 'h100-sxm-80gb', 8], context)).toBe(0);
});

test.each(cases.support)('$why: $runsOn on $architecture is $support', async ({ runsOn, architecture, support }) => {
  expect(schemeSupport(runsOn, architecture, (await shippedTables()).architectures)).toBe(support);
});
