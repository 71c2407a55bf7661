import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { cliBeside, type Ended, root } from './cli-process.js';
import { cliHere } from './recording-io.js';
import { newFolder, putIn } from './temporary-folder.js';

/** Sessions at a terminal: what is typed, and what is expected of it. How they are written: `test/fixtures/sessions/README.md`. */

type Names = Record<string, string>;
type Data = Record<string, unknown>;
const isMap = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether nothing is asked: a map without keys, also within one, but where a value `is` just that. */
export const asksNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (isMap(value) &&
    (Object.keys(value).length === 0 ||
      Object.entries(value).some(([key, each]) => key !== 'is' && isMap(each) && asksNothing(each))));

/** Nothing that is expected may be empty, as nothing would be asked then: `nothing` is what is to be empty. */
const expectation = z
  .unknown()
  .refine((value) => !asksNothing(value) && !(Array.isArray(value) && value.length === 0), 'an empty expectation');
const texts = z.record(z.string(), z.string());
const data = z
  .record(z.string(), expectation)
  .refine((values) => Object.keys(values).length > 0, 'an empty expectation');
const told = ['out', 'err', 'json', 'json lines', 'csv', 'codes', 'wrote'] as const;

/** What is done before, or what is typed and what comes of it. */
const stepSchema = z
  .strictObject({
    $: z.string(),
    sh: z.string(),
    files: texts,
    input: z.string(),
    in: z.string(),
    env: texts,
    'process of its own': z.literal(true),
    exit: z.number(),
    out: expectation,
    err: expectation,
    json: data,
    'json lines': data,
    csv: data,
    codes: z.array(z.string()).min(1),
    wrote: data,
    'no file': z.array(z.string()).min(1),
    /** What is printed is called so later on. */
    as: z.string(),
  })
  .partial()
  .refine(({ $, sh, files }) => $ !== undefined || sh !== undefined || files !== undefined, 'nothing is done')
  .refine(({ $, exit }) => ($ === undefined) === (exit === undefined), 'an exit code is that of a command line')
  .refine((step) => step.$ === undefined || told.some((key) => step[key] !== undefined), 'nothing is expected');
type Step = z.infer<typeof stepSchema>;

const caseSchema = z
  .looseObject({ title: z.string().min(1), files: texts.default({}), session: z.array(stepSchema).optional() })
  .transform(({ title, files, session, ...step }, context) => {
    if (session !== undefined && Object.keys(step).length > 0)
      context.addIssue({ code: 'custom', message: `${title}: a step beside its session` });
    const { data: single, error } = stepSchema.safeParse(step);
    const steps = session ?? (single === undefined ? [] : [single]);
    if (!steps.some(({ $ }) => $ !== undefined))
      context.addIssue({ code: 'custom', message: `${title}: ${error?.message ?? 'no command line'}` });
    return { title, files, steps };
  });

const documentSchema = z.strictObject({
  about: z.string(),
  names: texts.default({}),
  files: texts.default({}),
  sh: z.string().optional(),
  'every line ends with': z.string().default(''),
  cases: z
    .array(caseSchema)
    .min(1)
    .refine((cases) => new Set(cases.map(({ title }) => title)).size === cases.length, 'a title stands twice'),
});
type Session = { title: string; files: Names; steps: Step[]; ending: string; names: Names };

/** The sessions of a file. */
export function readSessions(text: string): Session[] {
  const { names, files, sh, 'every line ends with': ending, cases } = documentSchema.parse(parse(text));
  const first = sh === undefined ? [] : [{ sh }];
  return cases.map(({ title, files: own, steps }) => ({
    ...{ title, files: { ...files, ...own }, steps: [...first, ...steps], ending, names },
  }));
}

/** Words as a shell would pass them on. */
export const words = (line: string): string[] =>
  [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));

/** `$NAME` is what the file says that it stands for, in every text of a step. */
export function named<T>(value: T, names: Names): T {
  if (typeof value === 'string')
    return value.replaceAll(/\$([A-Z_]+)\b/g, (all, name: string) => names[name] ?? all) as T;
  if (Array.isArray(value)) return value.map((each) => named(each, names)) as T;
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [named(key, names), named(each, names)])) as T;
}

const pattern = (text: string): RegExp | null => {
  const [, source, flags] = /^\/([\s\S]+)\/([ims]*)$/.exec(text) ?? [];
  return source === undefined ? null : new RegExp(source, flags);
};

const textWishes = z
  .strictObject({
    is: z.string(),
    lacks: expectation,
    times: z.record(z.string(), z.number()),
    'in one line': expectation,
    widest: z.number(),
    'same as': z.string(),
    'other than': z.string(),
    'last line of': z.string(),
  })
  .partial();

/** A text has each of the words and patterns, and none of those that it `lacks`. */
export function textHolds(text: string, wanted: unknown, where: string, called: Names): void {
  if (wanted === 'nothing') expect(text, where).toBe('');
  else if (Array.isArray(wanted)) for (const each of wanted) textHolds(text, each, where, called);
  else if (!isMap(wanted)) {
    const asked = pattern(String(wanted));
    if (asked === null) expect(text, where).toContain(String(wanted));
    else expect(text, where).toMatch(asked);
  } else {
    textWishes.parse(wanted);
    for (const each of [wanted.lacks ?? []].flat()) {
      const asked = pattern(String(each));
      if (asked === null) expect(text, where).not.toContain(String(each));
      else expect(text, where).not.toMatch(asked);
    }
    for (const [word, times] of Object.entries(wanted.times ?? {}))
      expect([word, text.split(word).length - 1], where).toEqual([word, times]);
    if ('is' in wanted) expect(text, where).toBe(wanted.is);
    if ('in one line' in wanted) textHolds(text.replaceAll(/\s+/g, ' '), wanted['in one line'], where, called);
    const former = (asked: string): string => {
      const output = called[String(wanted[asked])];
      if (output === undefined) throw new Error(`${where}: nothing is called ${wanted[asked]}`);
      return output;
    };
    if ('same as' in wanted) expect(text, where).toBe(former('same as'));
    if ('other than' in wanted) expect(text, where).not.toBe(former('other than'));
    if ('last line of' in wanted)
      expect(text.trimEnd().split('\n').at(-1), where).toBe(former('last line of').trimEnd().split('\n').at(-1));
    if ('widest' in wanted)
      expect(Math.max(...text.split('\n').map((line) => line.length)), where).toBeLessThanOrEqual(
        Number(wanted.widest),
      );
  }
}

/** What stands at a path: `a.b`, `a[0].b`, `a[].b` of all, `a[id=x].b` of the one. */
export function valueAt(value: unknown, place: string): unknown {
  if (place === '') return value;
  const [, step = '', inside, rest = ''] = /^([^.[]*)(?:\[([^\]]*)\])?\.?(.*)$/s.exec(place) ?? [];
  const here = step === '' ? value : (value as Data | null | undefined)?.[step];
  if (inside === undefined) return valueAt(here, rest);
  if (!Array.isArray(here)) return undefined;
  const list: unknown[] = here;
  if (inside === '') return list.flatMap((each) => valueAt(each, rest) ?? null);
  const [, key = '', is] = /^([\w.]+)=(.*)$/.exec(inside) ?? [];
  if (is === undefined) return valueAt(list[Number(inside)], rest);
  return valueAt(list.find((each) => String(valueAt(each, key)) === is) ?? null, rest);
}

/** What is equal to what is written; maps may have more keys, texts may be patterns, and `~1.5` is 1.5 to its decimals. */
export function matcher(wanted: unknown): unknown {
  if (Array.isArray(wanted)) return wanted.map(matcher);
  if (isMap(wanted))
    return expect.objectContaining(Object.fromEntries(Object.entries(wanted).map(([key, to]) => [key, matcher(to)])));
  if (typeof wanted !== 'string') return wanted;
  const [, near] = /^~(-?[\d.]+)$/.exec(wanted) ?? [];
  if (near !== undefined) return expect.closeTo(Number(near), near.split('.')[1]?.length ?? 0);
  const asked = pattern(wanted);
  return asked === null ? wanted : expect.stringMatching(asked);
}

type Compare = (actual: never, wanted: never, of: (place: string) => unknown) => void;
const figure = (wanted: string | number, of: (place: string) => unknown): number =>
  Number(typeof wanted === 'string' ? of(wanted) : wanted);
/** A figure, also as CSV has it; an empty cell is none. */
const figureAt = (actual: unknown): number =>
  typeof actual === 'number' || (typeof actual === 'string' && actual !== '') ? Number(actual) : Number.NaN;

/** How a value may be compared with another, or with what stands at another place of the same answer. */
const comparisons: Record<string, Compare> = {
  has: (actual: unknown[], wanted) =>
    expect(actual).toEqual(expect.arrayContaining([wanted].flat().map((each) => matcher(each)))),
  lacks: (actual: unknown[], wanted) => {
    for (const each of [wanted].flat()) expect(actual).not.toContainEqual(matcher(each));
    // Of a path that is nowhere nothing is said.
    if (actual.length > 0) expect(actual.every((each) => each === null)).toBe(false);
  },
  'as at': (actual, wanted, of) => {
    expect(of(wanted), `nothing is at ${wanted}`).toBeDefined();
    expect(actual).toEqual(of(wanted));
  },
  count: (actual: unknown[], wanted) => expect(actual).toHaveLength(wanted),
  above: (actual, wanted, of) => expect(figureAt(actual)).toBeGreaterThan(figure(wanted, of)),
  below: (actual, wanted, of) => expect(figureAt(actual)).toBeLessThan(figure(wanted, of)),
  'times as much as': (actual: number, wanted: Record<string, number>, of) => {
    for (const [place, times] of Object.entries(wanted))
      expect(Number(actual) / Number(of(place))).toBeCloseTo(times, 3);
  },
  'rising, at least': (actual: (string | number)[], wanted) => {
    // What is unknown stands last.
    const figures = actual.map((each) => (each === '' || each === null ? Number.POSITIVE_INFINITY : Number(each)));
    expect(figures.length).toBeGreaterThanOrEqual(wanted);
    expect(figures).toEqual([...figures].sort((one, other) => one - other));
  },
};

export function dataHolds(data: unknown, wanted: Data, where: string): void {
  const of = (place: string): unknown => valueAt(data, place);
  for (const [place, value] of Object.entries(wanted)) {
    const asked = isMap(value) ? Object.entries(value) : [];
    if (!asked.some(([key]) => key in comparisons)) {
      expect({ [place]: of(place) }, where).toEqual({ [place]: matcher(value) });
      continue;
    }
    for (const [key, to] of asked) {
      const compare = comparisons[key];
      if (compare === undefined) throw new Error(`${where}, ${place}: ${key} beside a comparison`);
      compare(of(place) as never, to as never, of);
    }
  }
}

const linesOf = (out: string): unknown[] =>
  out
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => (line === '' ? null : JSON.parse(line)));

/** What only a mistake in the program would print: stacks, and values that are none. */
const slip = /^ +at .+:\d+:\d+\)?$|\bNaN\b|(?<!received )\bundefined\b|\[object |^internal error/m;

async function runStep(step: Step, folder: string, ending: string, called: Names): Promise<void> {
  const put = putIn(folder);
  for (const [name, text] of Object.entries(step.files ?? {})) put(name, text);
  if (step.sh !== undefined) {
    const { status, stderr } = spawnSync('sh', ['-ec', step.sh], { cwd: folder, encoding: 'utf8' });
    expect([step.sh, status, stderr]).toEqual([step.sh, 0, expect.anything()]);
  }
  if (step.$ === undefined) return;
  const cwd = path.join(folder, step.in ?? '.');
  const { input = '', env = {} } = step;
  const run = (more: string): Promise<Ended> =>
    (step['process of its own'] ? cliBeside : cliHere)(words(`${step.$} ${more} ${ending}`), { cwd, input, env });
  const where = `$ deploy-advisor ${step.$}`;
  const { code, out, err } = await run('');
  expect({ line: step.$, exit: code, said: code === step.exit ? '' : out + err }).toEqual({
    ...{ line: step.$, exit: step.exit, said: '' },
  });
  if (code !== 70) expect(out + err, where).not.toMatch(slip);
  const isRead = step.json ?? step['json lines'] ?? step.csv;
  if (step.out !== undefined || isRead === undefined) textHolds(out, step.out ?? 'nothing', `${where}, stdout`, called);
  if (step.as !== undefined) called[step.as] = out;
  textHolds(err, step.err ?? step.codes ?? 'nothing', `${where}, stderr`, called);
  if (step.json !== undefined) dataHolds(JSON.parse(out), step.json, where);
  if (step['json lines'] !== undefined) dataHolds(linesOf(out), step['json lines'], where);
  if (step.csv !== undefined) dataHolds(parseCsv(out, { columns: true }), step.csv, where);
  if (step.codes !== undefined) {
    for (const each of step.codes) expect(err, where).toContain(`error  ${each}`);
    const asJson = await run('--format json');
    expect({ code: asJson.code, err: asJson.err }, where).toEqual({ code, err: '' });
    const { errors } = JSON.parse(asJson.out) as { errors: { code: string }[] };
    expect(
      errors.map((error) => error.code),
      where,
    ).toEqual(step.codes);
  }
  for (const [name, wanted] of Object.entries(step.wrote ?? {})) {
    textHolds(readFileSync(path.join(folder, name), 'utf8'), wanted, `${where}, ${name}`, called);
  }
  for (const name of step['no file'] ?? []) expect([name, existsSync(path.join(folder, name))]).toEqual([name, false]);
}

/** Plays a session in a folder of its own that has what is committed. */
export async function play({ files, steps, ending, names }: Session): Promise<void> {
  const folder = realpathSync(newFolder());
  for (const name of ['docs', 'pricing', 'scenarios', 'schema', 'test'])
    symlinkSync(path.join(root, name), path.join(folder, name));
  const known = { ...names, FOLDER: folder };
  const called: Names = {};
  await runStep({ files: named(files, known) }, folder, '', called);
  for (const step of steps) await runStep(named(step, known), folder, ending, called);
}
