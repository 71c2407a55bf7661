import * as z from 'zod';
import { majorOf } from '../../decide/json-schema.js';
import { kinds } from '../../tables/kinds.js';
import { resultSchemaVersion } from '../../tables/published-schema.js';

/**
 * What a comparison needs of a result: of a decision, or of stored JSON of `assess`. Keys later than 2.0.0 may be
 * missing.
 */
const major = majorOf(resultSchemaVersion);
const usd = z.number().nullable();
const kind = z.enum(kinds);
const listed = z.looseObject({
  id: z.string(),
  kind,
  provider: z.string(),
  model: z.string(),
  mode: z.string().default('standard'),
  quantization: z.string().nullable().default(null),
  instance: z.string().nullable().default(null),
  purchase: z.string().nullable().default(null),
  names: z.looseObject({ model: z.string(), provider: z.string(), machine: z.string().nullable() }).optional(),
  feasible: z.boolean(),
  monthlyCost: usd,
});

export const decidedSchema = z.looseObject({
  schemaVersion: z.string().regex(new RegExp(String.raw`^${major}\.`), `is of another major version than ${major}`),
  scenario: z.looseObject({
    name: z.string(),
    file: z.string(),
    sha256: z.string(),
    /** Null: a result that does not say. */
    given: z
      .array(z.looseObject({ path: z.string(), value: z.string() }))
      .nullable()
      .default(null),
    assumed: z.array(z.looseObject({ path: z.string(), value: z.string() })),
  }),
  tables: z.looseObject({
    snapshot: z.string(),
    asOf: z.string(),
    ageDays: z.number(),
    sha256: z.string(),
    priceBook: z.string().nullable(),
  }),
  recommendation: z.looseObject({
    status: z.enum(['recommended', 'infeasible']),
    plan: z.string().nullable(),
    label: z.string().nullable(),
    kinds: z.array(kind),
    monthlyCost: usd,
    assignments: z.array(z.looseObject({ task: z.string(), option: z.string() })),
    cheapest: z.object({ plan: z.string(), monthlyCost: z.number() }).nullable(),
    shape: z.string().nullable(),
    margin: z.looseObject({ runnerUp: z.string(), percent: z.number() }).nullable(),
    probabilityBest: z.number().nullable(),
    totalCost: z.number().nullable().default(null),
  }),
  scorecard: z.array(z.looseObject({ kind, feasible: z.boolean(), monthlyCost: usd, option: z.string().nullable() })),
  pareto: z.array(z.looseObject({ plan: z.string(), label: z.string() })).default([]),
  basis: z
    .array(
      z.looseObject({
        table: z.string(),
        row: z.string(),
        figure: z.string(),
        value: z.number(),
        unit: z.string(),
        source: z.string(),
        date: z.string(),
        plans: z.array(z.string()),
      }),
    )
    .default([]),
  asked: z
    .array(z.looseObject({ id: z.string(), feasible: z.boolean(), monthlyCost: usd, label: z.string().nullable() }))
    .default([]),
  options: z.array(listed),
  warnings: z.array(z.looseObject({ code: z.string(), message: z.string() })),
});

type Loose = z.output<typeof decidedSchema>;

/** A decision as far as comparisons go. */
export type Decided = {
  [Key in 'scenario' | 'tables' | 'recommendation']: Known<Loose[Key]>;
} & {
  [Key in 'scorecard' | 'pareto' | 'basis' | 'asked' | 'options' | 'warnings']: readonly Known<Loose[Key][number]>[];
};

/** Without keys that are only passed through. */
type Known<T> = { [Key in keyof T as string extends Key ? never : Key]: T[Key] };
