import * as z from 'zod';
import { majorOf } from '../../decide/json-schema.js';
import { kinds } from '../../tables/column.js';
import { firstLine } from '../../units/amount.js';
import { jsonMistakeAt, type Problem } from '../../units/problem.js';
import { resultSchemaVersion } from '../../units/schema.js';
import { placesIn, problemAt } from '../../workload/source.js';

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

const decidedSchema = z.looseObject({
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
  [Key in 'scorecard' | 'basis' | 'asked' | 'options' | 'warnings']: readonly Known<Loose[Key][number]>[];
};

/** Without keys that are only passed through. */
type Known<T> = { [Key in keyof T as string extends Key ? never : Key]: T[Key] };

/** Whether a text is the JSON of results: scenarios have no key of these names, except perhaps a task. */
export const looksLikeResult = (text: string): boolean =>
  text.trimStart().startsWith('{') && /"(?:schemaVersion|recommendation)"\s*:/.test(text);

/**
 * Reads the JSON or JSON Lines of `assess`, or of `check`: every decision in it. All errors come at once.
 *
 * @param file its name, for messages
 */
export function readResults(text: string, file: string): ReadResults {
  const whole = parsed(text);
  if (whole.ok) return checked(entriesIn(whole.value), file, text);
  const lines = text
    .split('\n')
    .map((line, index) => ({ line, index }))
    .filter(({ line }) => line.trim() !== '');
  const values = lines.map(({ line }) => parsed(line));
  const refused = (problem: Problem): ReadResults => ({ decided: [], unread: [], entries: 0, problems: [problem] });
  if (lines.length < 2 || !values[0]?.ok) return refused(notJson(whole.message, text, file));
  const torn = values.findIndex(({ ok }) => !ok);
  if (torn >= 0) return refused(notJson('this line is not JSON', lines[torn]?.line ?? '', file, lines[torn]?.index));
  return checked(
    values.flatMap((value) => (value.ok ? entriesIn(value.value) : [])),
    file,
    text,
  );
}

/** Decisions, and the number of entries, some without one, as their scenarios were unreadable. */
type ReadResults = {
  decided: Decided[];
  /** Files of those scenarios. */
  unread: string[];
  entries: number;
  problems: Problem[];
};

type Parsed = { ok: true; value: unknown } | { ok: false; message: string };

function parsed(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}

/** A decision as it stands, or the files of a scenario that could not be read. */
type Entry = { value: unknown } | { unread: string[] };

/** Entries of a document: itself, or the decisions of a check or of one of its lines. */
function entriesIn(document: unknown): Entry[] {
  const { results, decision, errors, recommendation, file } = (document ?? {}) as Record<string, unknown>;
  if (Array.isArray(results)) return results.flatMap(entriesIn);
  const isUnread =
    decision === null || (decision === undefined && Array.isArray(errors) && recommendation === undefined);
  if (!isUnread) return [{ value: decision ?? document }];
  const told: { file?: unknown }[] = Array.isArray(errors) ? errors : [];
  const named = file === undefined ? told.map((error) => error?.file) : [file];
  return [{ unread: [...new Set(named.filter((each) => typeof each === 'string'))] }];
}

function checked(entries: readonly Entry[], file: string, text: string): ReadResults {
  const about = (message: string, path = ''): Problem =>
    problemAt(file, placesIn(file, text)(0), {
      code: 'not-a-result',
      path,
      message,
      suggestion: 'write it with assess --format json, or check --format json',
    });
  const problems: Problem[] = [];
  const decided = entries.flatMap((entry, index): Decided[] => {
    if ('unread' in entry) return [];
    const read = decidedSchema.safeParse(entry.value);
    if (read.success) return [read.data as Decided];
    const at = entries.length === 1 ? '' : `entry ${index + 1}: `;
    for (const { path, message } of read.error.issues.slice(0, 5))
      problems.push(
        about(`${at}no result of assess: \`${path.join('.') || 'the document'}\` ${message}`, path.join('.')),
      );
    return [];
  });
  if (decided.length + problems.length === 0) problems.push(about('there is no decision in it'));
  const unread = entries.flatMap((entry) => ('unread' in entry ? entry.unread : []));
  return { decided, unread, entries: entries.length, problems };
}

function notJson(message: string, text: string, file: string, line?: number): Problem {
  const position = line === undefined ? jsonMistakeAt(text) : 0;
  const place = placesIn(file, text)(Math.min(position, text.length));
  const about = { code: 'not-json', message: `not JSON: ${firstLine(message.replace(/\s+/g, ' '))}` };
  return problemAt(file, line === undefined ? place : { ...place, line: line + 1 }, about);
}
