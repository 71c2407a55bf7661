import * as z from 'zod';
import { themes } from './guide.js';

const text = z.string().min(1).max(500);
const name = z.string().regex(/^[A-Za-z][\w-]*$/, 'a name has letters, digits, _ and -');
const condition = z.string().min(1).max(500);
const places = z.array(text).min(1);
const value = z.union([z.number(), z.boolean(), z.string()]);
const cases = z.array(z.strictObject({ value: text, when: condition.optional() })).min(1);

const input = z.strictObject({
  is: z.union([z.enum(['number', 'flag']), z.array(text).min(2)], 'write number, flag or a list of words'),
  unit: text.optional(),
  default: value.optional(),
  from: z.union([condition, cases], 'write a fact, a condition, or a list of {value, when}').optional(),
});
const rule = z.strictObject({
  id: name,
  when: condition,
  about: z.enum(themes),
  factor: text.optional(),
  gate: places.optional(),
  vote: places.optional(),
  adds: name.optional(),
  says: text,
});
const branch = z.strictObject({ what: text, places });
const verdict = z.strictObject({
  name: text,
  when: condition.optional(),
  places: places.optional(),
  branches: z.array(branch).min(2).optional(),
  points: name.optional(),
  says: text.optional(),
  about: z.enum(themes).optional(),
});

/** A guide as it is written. */
export const GuideFile = z.strictObject({
  id: name,
  source_file: text,
  title: text,
  per_task: z.boolean().default(false),
  sets: z.record(name, places).default({}),
  inputs: z.record(name, input),
  scores: z
    .record(name, z.strictObject({ as: z.enum(['count', 'share']), zero_when: condition.optional() }))
    .default({}),
  rules: z.array(rule).min(1),
  verdicts: z.array(verdict).default([]),
  default: places,
  notes: z.array(z.strictObject({ id: text, when: condition.optional(), says: text })).default([]),
  stages: z
    .array(
      z.strictObject({
        from_month: z.number(),
        to_month: z.number().optional(),
        when: condition.optional(),
        says: text,
      }),
    )
    .default([]),
  ratings: z.array(z.strictObject({ place: text, burden: text, lock_in: text.optional() })).default([]),
  borders: z
    .array(
      z.strictObject({
        topic: name,
        input: name,
        at: z.union([z.number(), z.tuple([z.number(), z.number()])], 'write a number, or two of them in brackets'),
      }),
    )
    .default([]),
  stances: z.array(z.strictObject({ topic: name, given: z.record(name, value), says: text.optional() })).default([]),
  checks: z
    .array(
      z.strictObject({
        says: text,
        formula: name,
        inputs: z.record(name, z.number()),
        unit: text,
        value: z.number(),
        tolerance_pct: z.number().default(0),
      }),
    )
    .default([]),
});
export type GuideText = z.output<typeof GuideFile>;

/** What all guides share. */
export const SharedFile = z.strictObject({
  days_per_month: z.number().positive(),
  task_classes: cases,
  derived: z.record(name, condition),
  topics: z.array(z.strictObject({ id: name, title: text, unit: text.optional() })).min(1),
});

/** Every key there is, for suggestions. */
export const guideKeys: readonly string[] = [GuideFile, SharedFile, input, rule, verdict, branch].flatMap(({ shape }) =>
  Object.keys(shape),
);
