import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { advisedIn } from '../../src/decide/core-choice.js';
import type { Decision } from '../../src/decide/decision.js';
import { findPlan, planNamed } from '../../src/decide/find-plan.js';
import { monthlyPlans, monthsOf } from '../../src/decide/months.js';
import { cheaperMisses, type Miss, nearMisses } from '../../src/decide/near-misses.js';
import { findOption, lookAt, notConsidered } from '../../src/decide/option-report.js';
import { choose } from '../../src/decide/several-choice.js';
import { askedRow } from '../../src/decide/shortlist.js';
import { billsOf, timelineOf, todaysBills } from '../../src/decide/timeline.js';
import type { Context } from '../../src/places/placement.js';
import { table } from '../../src/report/assess.js';
import { mayRun } from '../../src/rules/rule.js';
import { indexes } from '../../src/tables/columns.js';
import { ColumnCache, type TableName, type Tables } from '../../src/tables/tables.js';
import { readScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { cutsTold } from './cuts-told.js';
import { fewRows } from './few-rows.js';
import { shippedTables } from './load.js';
import { asOf, decide, namedPlan, readWritten, tablesWith, type Written } from './scenario.js';
import { asksNothing, dataHolds, named, textHolds, valueAt } from './sessions.js';
import { twoPrices } from './two-prices.js';

/** A scenario, what is asked of it, and what the answer has. How they are written: `test/fixtures/questions/README.md`. */

type Data = Record<string, unknown>;
type Row = Record<string, unknown>;
type Figures = Map<string, number>;
const isMap = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);
const cells = z.record(z.string(), z.unknown());
const usd = z.tuple([z.number(), z.number()]);

/** Which tables are asked: without a word all that are shipped. */
const tablesSchema = z
  .strictObject({
    /** Whatever the file says. */
    all: z.literal(true),
    few: z.array(z.string()),
    'two prices': z.strictObject({ closed: usd, open: usd, another: usd.optional() }),
    only: z.record(z.string(), z.record(z.string(), z.array(z.unknown()))),
    none: z.array(z.string()),
    where: z.array(z.strictObject({ table: z.string(), has: cells, becomes: cells })),
    beside: z.array(z.strictObject({ table: z.string(), has: cells, becomes: cells })),
    unknown: z.array(z.string()),
    surelyWritten: z.number(),
  })
  .partial();
type TablesAsked = z.infer<typeof tablesSchema>;

const answers = {
  decision: (asked: Asked) => decided(asked, true),
  'whole decision': (asked: Asked) => decided(asked, false),
  choice: ({ context }: Asked) => choiceOf(context()),
  plan: ({ of, context }: Asked) => planNamed(of, context()),
  'plan of that id': ({ of, context }: Asked) => planOfId(of ?? '', context()),
  cuts: ({ context }: Asked) => cutsTold(context()),
  months: ({ of, context }: Asked) => monthsOfId(of ?? '', context()),
  'near misses': ({ context }: Asked) => missesOf(nearMisses(context())),
  'cheaper misses': ({ context, below }: Asked) => missesOf(cheaperMisses(context(), below)),
  row: ({ of, context }: Asked) => askedRow(of ?? '', null, context()),
  option: verdictsOn,
  workload: ({ context }: Asked) => workloadOf(context()),
  redaction: ({ context }: Asked) => redactionOf(context()),
  'what has no effect': ({ read, context, tables }: Asked) =>
    notConsidered(read(), context().workload, tables).map(({ message }) => message),
  reading: ({ written, tables, set }: Asked) =>
    readScenario(JSON.stringify({ version: 1, ...written }), { file: 'test.json', tables, set }),
};
type Ask = keyof typeof answers;

/** One question, with what it takes over from the case and the file. */
type Asked = {
  written: Written;
  tables: Tables;
  set: string[];
  day: string;
  of: string | null;
  include: string[];
  /** USD a month. */
  below: number;
  read: () => ReturnType<typeof readWritten>;
  context: () => Context;
};

const question = {
  /** Blocks in place of those of the scenario. */
  with: cells,
  /** Fields of its first task. */
  task: cells,
  set: z.array(z.string()),
  day: z.string(),
  tables: tablesSchema,
  ask: z.enum(Object.keys(answers) as [Ask, ...Ask[]]),
  of: z.string().nullable(),
  include: z.array(z.string()),
  below: z.string(),
};
const questionSchema = z.strictObject(question).partial();
type Question = z.infer<typeof questionSchema>;

const holdsSchema = z
  .record(
    z.string(),
    z.unknown().refine((value) => !asksNothing(value), 'an empty expectation'),
  )
  .refine((holds) => Object.keys(holds).length > 0, 'an empty expectation');

const documentSchema = z.strictObject({
  about: z.string(),
  names: z.record(z.string(), z.string()).default({}),
  /** Worked out from those before. */
  figures: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  scenario: z.looseObject({ workload: cells, tasks: z.array(cells).min(1) }),
  ...questionSchema.shape,
  cases: z
    .array(
      z.strictObject({
        ...questionSchema.shape,
        title: z.string().min(1),
        each: z.record(z.string(), questionSchema).optional(),
        /** Of each of several answers. */
        'all hold': holdsSchema.optional(),
        holds: holdsSchema.optional(),
      }),
    )
    .min(1)
    .refine((cases) => cases.every((one) => one.holds || (one.each && one['all hold'])), 'nothing is expected')
    .refine((cases) => new Set(cases.map(({ title }) => title)).size === cases.length, 'a title stands twice'),
});
type Document = z.infer<typeof documentSchema>;
type Case = Document['cases'][number];

/** A file of questions. */
export const questionsIn = (text: string): Document => documentSchema.parse(parse(text, { merge: true }));

const folder = new URL('../fixtures/questions/', import.meta.url);
/** Every question of a folder, each a test. */
export function askAll(name: string): void {
  for (const file of readdirSync(new URL(`${name}/`, folder))) {
    const document = documentSchema.parse(
      parse(readFileSync(new URL(`${name}/${file}`, folder), 'utf8'), { merge: true }),
    );
    describe(document.about, () => {
      for (const one of document.cases) test(one.title, () => answered(one, document));
    });
  }
}

/** Asks all of a case, and holds the answers to what is expected. */
export async function answered(one: Case, { names, figures: written, scenario, ...document }: Document): Promise<void> {
  const [unknown] = /\$[A-Z]\w*/.exec(JSON.stringify(named([one, scenario], names))) ?? [];
  if (unknown !== undefined) throw new Error(`${unknown} stands for nothing`);
  const figures: Figures = new Map();
  for (const [name, text] of Object.entries(written)) figures.set(name, workedOut(String(text), figures));
  const { title, each, 'all hold': all, holds = {} } = named(one, names);
  const common: Question[] = [named(document, names), named(one, names)];
  const found: Data = {};
  for (const [key, more] of Object.entries(each ?? { '': {} }))
    found[key] = await answer([...common, named(more, names)], named(scenario, names) as Written, figures);
  checked(each === undefined ? found[''] : found, holds, title, figures);
  for (const [key, each] of Object.entries(found)) checked(each, all ?? {}, `${title}, ${key}`, figures);
}

/** What later questions say goes before what earlier ones do; blocks, fields and tables add up. */
async function answer(questions: readonly Question[], scenario: Written, figures: Figures): Promise<unknown> {
  const all = Object.assign({}, ...questions) as Question;
  const added = (key: 'with' | 'task' | 'tables') => Object.assign({}, ...questions.map((one) => one[key] ?? {}));
  const { tasks, ...blocks } = { ...scenario, ...added('with') };
  const [first, ...others] = tasks as Written['tasks'];
  const { ask = 'decision', set = [], day = asOf, of = null, include = [] } = all;
  const written = { ...blocks, tasks: [{ ...first, ...added('task') }, ...others] };
  const tables = tablesOnce(added('tables'), await shippedTables());
  const read = () => readWritten(written, tables, set);
  const context = () => ({ tables, workload: resolve(read(), tables, day) });
  const below = workedOut(all.below ?? '0', figures);
  return answers[ask]({ written, tables, set, day, of, include, below, read, context });
}

async function decided({ written, tables, set, day, include }: Asked, point: boolean): Promise<Decision & Data> {
  const decision = await decide(written, { tables, set, day, include, point });
  const report = (detail: 'full' | null) => table(decision, { color: false, width: 200, detail });
  return Object.defineProperties(decision as Decision & Data, {
    report: { get: () => report(null) },
    'full report': { get: () => report('full') },
  });
}

/** What each rule says of an option, and which turn it down. */
function verdictsOn({ of, context }: Asked) {
  const known = context();
  const option = findOption(of ?? '', known);
  if (option === null) throw new Error(`no option ${of}`);
  const { verdicts } = lookAt(option, known);
  return {
    gates: Object.fromEntries(verdicts.map(({ gate, verdict: { state, why } }) => [gate, { state, ...why() }])),
    turnedDown: verdicts.flatMap(({ gate, verdict }) => (mayRun(verdict) ? [] : [gate])),
  };
}

/** A plan with its months, or what is wrong with its id. */
function planOfId(id: string, context: Context) {
  const plan = findPlan(id, context);
  return typeof plan === 'string' ? plan : { ...plan, months: monthsOf(plan, context) };
}

/** A plan month by month: which may be the dearest, what each is billed, and how it is paid beside today's way. */
function monthsOfId(id: string, context: Context) {
  const plan = namedPlan(id, context);
  const { oneOffs, ...timeline } = timelineOf(plan, context);
  return {
    ...{ monthlyUsd: plan.monthlyUsd, upfrontUsd: plan.upfrontUsd, ...monthsOf(plan, context), ...timeline },
    ...{ looked: monthlyPlans(plan, context).map(({ month }) => month), bills: billsOf(plan, context) },
    ...{ today: todaysBills(context), oneOffs: { ...oneOffs, renewalUsd: Object.fromEntries(oneOffs.renewalUsd) } },
  };
}

/** The choice, and what is advised without all else. */
function choiceOf(context: Context) {
  const choice = choose(context);
  return { ...choice, advisedAlone: advisedIn(context)?.id ?? null };
}

/** What one rule keeps out: of which task, by which rule, and where it would turn. */
const missesOf = (misses: readonly Miss[]) =>
  misses.map(({ looked: { option, plan, verdicts }, task, gate }) => {
    const verdict = verdicts.find((one) => one.gate === gate && one.task === task)?.verdict;
    return { miss: [option.id, task, gate].join(' '), usd: plan?.monthlyUsd, turnsAt: verdict?.why().turnsAt };
  });

/** Sets as lists. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, part) => (part instanceof Set ? [...part] : part)));

/** A workload, with its parts and the first of them. */
function workloadOf({ workload }: Context) {
  const taskParts = plain(workload.taskParts) as Data[];
  return { ...workload, taskParts, first: taskParts[0] };
}

/** What redaction of the first task needs, and where that is written. */
function redactionOf({ workload }: Context) {
  const redaction = workload.taskParts[0]?.divisible?.sensitive?.redaction;
  if (redaction == null) throw new Error('no redaction');
  const { written, ...needs } = plain(redaction.needs) as Data;
  return { needs, written };
}

const hasCells = (row: Row, has: Row): boolean => Object.entries(has).every(([cell, value]) => row[cell] === value);

/** Refuses a change of a table that names no cell of it, or finds no row. */
function mustChange(name: string, rows: readonly Row[], found: readonly Row[], cells: readonly string[]): void {
  const absent = cells.filter((cell) => rows[0] !== undefined && !(cell in rows[0]));
  if (absent.length > 0) throw new Error(`${name} has no ${absent.join(', ')}`);
  if (found.length === 0) throw new Error(`no row of ${name} is as asked`);
}

/** The shipped tables, or a part of them, or with other cells; rows by what names them are those of the tables then. */
function tablesAsked(asked: TablesAsked, shipped: Tables): Tables {
  const { all = false, few, only = {}, none = [], where = [], beside = [], unknown = [], surelyWritten } = asked;
  const usdOf = asked['two prices'];
  const prices = usdOf && { ...usdOf, ...(usdOf.another && { another: usdOf.another }) };
  let known = few === undefined || all ? shipped : fewRows(shipped, few);
  if (prices !== undefined && !all) known = twoPrices(shipped, prices as Parameters<typeof twoPrices>[1]);
  const put = (name: string, change: (rows: Row[]) => Row[]): void => {
    const rows = known[name as TableName] as unknown as Row[] | undefined;
    if (rows === undefined) throw new Error(`no table ${name}`);
    const then = change(rows);
    // What may not be bought may be rented, and stays known.
    const changed = Object.entries(indexes).filter(([, [table]]) => table === name && name !== 'accelerators');
    known = tablesWith(known, {
      ...{ [name]: then, ...(name === 'providers' && { columnCache: new ColumnCache() }) },
      ...Object.fromEntries(changed.map(([index, [, cell]]) => [index, new Map(then.map((row) => [row[cell], row]))])),
    });
  };
  for (const name of none) put(name, () => []);
  for (const [name, has] of Object.entries(only))
    put(name, (rows) => {
      const kept = rows.filter((row) => Object.entries(has).every(([cell, values]) => values.includes(row[cell])));
      mustChange(name, rows, kept, Object.keys(has));
      return kept;
    });
  for (const { table: name, has, becomes } of where)
    put(name, (rows) => {
      const found = rows.filter((row) => hasCells(row, has));
      mustChange(name, rows, found, Object.keys({ ...has, ...becomes }));
      return rows.map((row) => (hasCells(row, has) ? { ...row, ...becomes } : row));
    });
  for (const { table: name, has, becomes } of beside)
    put(name, (rows) => {
      const found = rows.filter((row) => hasCells(row, has));
      mustChange(name, rows, found, Object.keys({ ...has, ...becomes }));
      return rows.flatMap((row) => (hasCells(row, has) ? [row, { ...row, ...becomes }] : [row]));
    });
  for (const name of unknown) if (!known.parameterOf.has(name)) throw new Error(`no parameter ${name}`);
  if (unknown.length > 0) {
    const parameterOf = new Map([...known.parameterOf].filter(([parameter]) => !unknown.includes(parameter)));
    known = tablesWith(known, { parameterOf });
  }
  return surelyWritten === undefined ? known : tablesWith(known, { surelyWritten });
}

const made = new Map<string, Tables>();
/** The same tables for the same question, so that what is made of their rows is made once. */
function tablesOnce(asked: TablesAsked, shipped: Tables): Tables {
  const key = JSON.stringify(asked);
  const known = made.get(key) ?? tablesAsked(asked, shipped);
  made.set(key, known);
  return known;
}

/** What is worked out: numbers, names of figures, and in braces what stands at a place of the answer. */
function workedOut(text: string, figures: Figures, of: (place: string) => unknown = () => undefined): number {
  const numbers = text
    .replaceAll(/\{([^}]+)\}/g, (_, place: string) => String(of(place)))
    .replaceAll(/[a-z][a-z ]*[a-z]|[a-z]/gi, (name) => (/^e$/.test(name) ? name : String(figures.get(name) ?? name)));
  if (!/^[-+*/()\d.e\s]+$/.test(numbers)) throw new Error(`${text} cannot be worked out: ${numbers}`);
  return Number(new Function(`return (${numbers});`)());
}

/** What a value may be held to beside what sessions know. */
const limits: Record<string, (actual: number, wanted: number) => void> = {
  'at least': (actual, wanted) => expect(actual).toBeGreaterThanOrEqual(wanted),
  'at most': (actual, wanted) => expect(actual).toBeLessThanOrEqual(wanted),
  above: (actual, wanted) => expect(actual).toBeGreaterThan(wanted),
  below: (actual, wanted) => expect(actual).toBeLessThan(wanted),
};

/** A field that is there has nothing (or is not there either), or of a list that is there nothing is so. */
function isAbsent(place: string, of: (place: string) => unknown, where: string, isField = true): void {
  const [, parent = '', key] = /^(.*?)\.?(?:([^.[\]]+)|\[[^\]]*\])$/s.exec(place) ?? [];
  if (key === undefined) expect(of(parent), where).toBeInstanceOf(Array);
  else if (isField) expect(of(parent), where).toHaveProperty(key);
  else expect(of(parent), where).toBeInstanceOf(Object);
  expect({ [place]: of(place) ?? null }, where).toEqual({ [place]: null });
}

function checked(found: unknown, holds: Data, title: string, figures: Figures): void {
  const of = (place: string): unknown => valueAt(found, place);
  const isFigure = (value: unknown): value is string => typeof value === 'string' && value.startsWith('= ');
  const figure = (value: unknown): number => {
    const there = typeof value === 'string' ? of(value) : value;
    return typeof there === 'number' ? there : workedOut(String(value).replace(/^= /, ''), figures, of);
  };
  for (const [place, wanted] of Object.entries(holds)) {
    const where = `${title}, ${place}`;
    if (wanted === 'absent') isAbsent(place, of, where);
    else if (wanted === 'nowhere') isAbsent(place, of, where, false);
    else if (isFigure(wanted)) {
      const to = figure(wanted);
      const off = Math.abs(Number(of(place) ?? Number.NaN) - to) / Math.max(Math.abs(to), 1e-3);
      expect(off, `${where}: ${of(place)} for ${to}`).toBeLessThan(1e-9);
    } else if (isMap(wanted) && Object.keys(wanted).every((key) => key in limits)) {
      for (const [key, to] of Object.entries(wanted)) limits[key]?.(Number(of(place) ?? Number.NaN), figure(to));
    } else if (isMap(wanted) && ('every' in wanted || 'is' in wanted) && Object.keys(wanted).length > 1) {
      throw new Error(`${where}: is or every stands alone`);
    } else if (isMap(wanted) && 'every' in wanted) {
      expect(of(place), where).not.toEqual([]);
      expect([...new Set(of(place) as unknown[])], where).toEqual([wanted.every]);
    } else if (isMap(wanted) && 'is' in wanted) expect({ [place]: of(place) }, where).toEqual({ [place]: wanted.is });
    else if (/report$/.test(place) || (isMap(wanted) && !('as at' in wanted) && typeof of(place) === 'string'))
      textHolds(String(of(place)), wanted, where, {});
    else dataHolds(found, { [place]: wanted }, where);
  }
}
