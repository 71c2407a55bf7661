import { z } from 'zod';
import type { SweepRow } from './row.js';

const texts = z.array(z.string());
const orNull = <Value extends z.ZodType>(value: Value) => z.union([value, z.null()]);

const head = z.object({
  part: z.literal('deploy-advisor sweep'),
  sweep: z.object({
    schemaVersion: z.string(),
    tool: z.object({ name: z.string(), version: z.string() }),
    scenario: z.object({ name: z.string(), file: z.string(), sha256: z.string(), set: texts }),
    tables: z.object({ snapshot: z.string(), asOf: z.string(), sha256: z.string(), priceBook: orNull(z.string()) }),
    axes: z.array(z.object({ path: z.string(), values: texts.min(1) })).min(1),
  }),
  inputs: z.string(),
  shard: z.object({ index: z.number().int().min(1), of: z.number().int() }).refine(({ index, of }) => index <= of),
  format: orNull(z.string()),
});

const row = z.object({
  values: texts,
  status: z.enum(['recommended', 'infeasible', 'invalid']),
  plan: orNull(z.string()),
  label: orNull(z.string()),
  shape: orNull(z.string()),
  kinds: texts,
  kindsByTask: orNull(z.string()),
  monthlyCost: orNull(z.number()),
  firstMonthCost: orNull(z.number()),
  peakMonthCost: orNull(z.number()),
  upfrontCost: orNull(z.number()),
  fteNeeded: orNull(z.number()),
  reason: orNull(z.string()),
});

/** Whether a value is the head of a part. It is looked at alone: a copy would have its keys in another order. */
export const isHead = (value: unknown): boolean => head.safeParse(value).success;

/** Whether a value is the rows of cells over so many axes. */
export const areRows = (value: unknown, axes: number): value is SweepRow[] =>
  z.array(row).safeParse(value).success && (value as SweepRow[]).every(({ values }) => values.length === axes);
