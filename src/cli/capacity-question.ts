import type { Load } from '../capacity/fleet-size.js';
import { measurementOf, readParallel } from '../capacity/measurement.js';
import type { Target } from '../capacity/queue/latency.js';
import { cacheBitsNamed } from '../capacity/run.js';
import { bitsInName, schemeNamed, schemesOfModel } from '../capacity/scheme.js';
import type { CapacityQuestion } from '../cost/capacity-cost.js';
import type { PriceDate } from '../report/sheets.js';
import type { AcceleratorRow, ModelRow, QuantizationRow } from '../tables/columns.js';
import { acceleratorsNamed, familiesNamed } from '../tables/query.js';
import type { Tables } from '../tables/tables.js';
import { type Reading, refuse, show } from '../units/amount.js';
import { daysBetween } from '../units/month.js';
import { type Problem, suggestion } from '../units/problem.js';
import { durationReader, readShare } from '../units/readers.js';
import { type Uncertain, uncertainReader } from '../units/uncertain.js';
import { readVolume } from '../units/volume.js';
import type { capacityCommand } from './catalog-commands.js';
import { flagOf, type Given } from './command-entry.js';
import { fileProblem, type Io, usageProblem } from './io.js';
import { nearNames } from './read-workload.js';

/** Arguments and options of `capacity`. `--input` and `--output` are tokens here; the output file is `-o`. */
export type CapacityOptions = Omit<Given<typeof capacityCommand>, 'to' | 'output'> & {
  outputTokens?: string;
  output?: string;
};

const inSeconds = durationReader('s', { aboveZero: true, forms: '50ms, 1s, 2 min' });

/** In seconds. A bare number is refused, as its unit differs from that in scenarios. */
const readLimit = (text: string): Reading<Uncertain> =>
  /^[\d.\s]*$/.test(text)
    ? refuse(`${show(text)} has no unit: write ${text.trim()}ms or ${text.trim()}s`)
    : inSeconds(text);

const number = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

const secondsOf: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };

/** Reads requests per second: `8/s`, `500/min`, `20k requests/day`, `12 rps`, or a bare number. */
export const readRate = uncertainReader({
  what: 'a rate of requests',
  forms: '8/s, 500/min or 20k/day; a bare number is requests a second',
  toUnit: ({ value, unit, dollars }) => {
    if (dollars) return null;
    if (unit === '') return value;
    const volume = readVolume(`1 ${unit}`);
    const period = volume.ok && volume.value.of === 'requests' ? secondsOf[volume.value.per ?? ''] : undefined;
    return period === undefined ? null : value / period;
  },
  unit: '',
  least: 0,
  aboveZero: true,
});

/** Reads the question on one machine, or (`--best`) on all, with all errors at once. */
export function readCapacityQuestion(
  options: CapacityOptions,
  tables: Tables,
  assume: (name: string) => number,
): { question: CapacityQuestion | null; problems: Problem[] } {
  const problems: Problem[] = [];
  const missing = (flag: string, what: string) => {
    problems.push(usageProblem(`${flag} is missing: ${what}`, 'see deploy-advisor capacity --help'));
    return null;
  };
  const found = <Row>({ row, problems: wrong }: Found<Row>): Row | null => {
    problems.push(...wrong);
    return row;
  };
  const read = <Value>(flag: string, reading: Reading<Value>): Value | null => {
    if (reading.ok) return reading.value;
    problems.push(fileProblem('bad-value', '', `${flag}: ${reading.message}`));
    return null;
  };
  const model =
    options.model === undefined ? missing('--model', 'which model runs') : found(findModel(tables, options.model));
  const accelerator =
    options.accelerator !== undefined
      ? found(findAccelerator(tables, options.accelerator))
      : options.best === true
        ? null
        : missing('--accelerator', 'what it runs on; --best ranks all');
  const inputTokens = number(options.input) ?? missing('--input', 'prompt tokens of a request');
  const outputTokens = number(options.outputTokens) ?? missing('--output', 'tokens written in a request');
  if (inputTokens === 0 && outputTokens === 0)
    problems.push(fileProblem('bad-value', '', 'a request of no tokens: --input and --output are both 0'));
  const contextTokens = number(options.context);
  const usual = (inputTokens ?? 0) + (outputTokens ?? 0);
  if (contextTokens !== null && contextTokens < usual) {
    const message = `--context ${contextTokens}: the longest request is shorter than the mean one, ${usual} tokens of prompt and answer`;
    problems.push(fileProblem('bad-value', '', message, `write ${usual} or more, or leave --context out`));
  }
  if (model !== null && model.layers === null)
    problems.push(fileProblem('not-predicted', '', `the layers are not known of the model "${model.family}"`));
  problems.push(...formatProblems(options, model, tables));
  const engine = options.engine ?? null;
  const engines = tables.engines.map((row) => row.engine);
  if (engine !== null && !engines.includes(engine))
    problems.push(
      fileProblem('unknown-engine', '', `no engine "${engine}" in the tables`, suggestion(engine, engines, 'known')),
    );
  const count = number(options.count) ?? 1;
  const parallel = options.parallel === undefined ? null : readParallel(options.parallel, count);
  for (const fault of parallel?.faults ?? []) problems.push(fileProblem('bad-value', '', `--parallel: ${fault}`));
  const [proposed, acceptance] = options.speculative?.split(':') ?? [];
  const accepted = acceptance === undefined ? null : read('--speculative', readShare(acceptance));
  const hit = options.prefixHit === undefined ? 0 : (read('--prefix-hit', readShare(options.prefixHit))?.likely ?? 0);
  if (options.rate !== undefined && options.users !== undefined)
    problems.push(usageProblem('--rate and --users are two ways to say the load', 'give one of them'));
  const load = loadOf(options, read);
  const target = (figure: Target['of'], key: 'ttftP95' | 'tpotP95' | 'totalP95'): Target[] => {
    const text = options[key];
    const value = text === undefined ? null : read(flagOf(key), readLimit(text));
    return value === null ? [] : [{ of: figure, at: 'p95', limitS: value.likely }];
  };
  const targets = [...target('ttft', 'ttftP95'), ...target('tpot', 'tpotP95'), ...target('request', 'totalP95')];
  if (model === null || inputTokens === null || outputTokens === null || problems.length > 0)
    return { question: null, problems };
  if (accelerator === null && options.best !== true) return { question: null, problems };
  return {
    question: {
      measured: measurementOf({
        modelFamily: model.family,
        accelerator: accelerator?.accelerator ?? '',
        acceleratorCount: count,
        quantization: options.quantization ?? '',
        engine,
        promptTokens: inputTokens,
        outputTokens,
        concurrency: 1,
        prefixHitRate: hit === 0 ? null : hit,
        kvCacheDtype: options.kvCache ?? null,
        maxNumSeqs: number(options.maxNumSeqs),
        parallel: parallel?.parallel ?? null,
      }),
      contextTokens,
      spread:
        options.fixedLengths === true
          ? { input: 0, output: 0 }
          : { input: assume('inputLengthSpread'), output: assume('outputLengthSpread') },
      load,
      speculation: accepted && {
        tokens: Number(proposed),
        acceptance: accepted.likely,
        draftCost: assume('speculativeDraftCost'),
      },
      targets,
      rule: { highestLoad: assume('highestLoad'), spare: assume('spareReplicas'), spareShare: assume('spareShare') },
    },
    problems,
  };
}

/** Formats of weights and cache that cannot be predicted. */
function formatProblems(
  { quantization, kvCache }: CapacityOptions,
  model: ModelRow | null,
  { quantization: table }: Tables,
): Problem[] {
  const named = (appliesTo: string) => [
    ...new Set(table.filter((row) => row.appliesTo === appliesTo).map(({ scheme }) => scheme)),
  ];
  const unknown = (flag: string, name: string, known: readonly string[]) => {
    const message = `${flag}: unknown format "${name}", and its name does not say how many bits it has`;
    return [fileProblem('unknown-format', '', message, suggestion(name, known, 'known'))];
  };
  const guessed = model !== null && quantization !== undefined && !schemeNamed(quantization, model, table).known;
  const reserved = guessed
    ? table.find(({ scheme, onlyNativeDtype }) => scheme === quantization && onlyNativeDtype)
    : undefined;
  if (reserved !== undefined) return [notReleasedIn(reserved, model as ModelRow, table)];
  return [
    ...(guessed && bitsInName(quantization) === null ? unknown('--quantization', quantization, named('weights')) : []),
    ...(kvCache !== undefined && cacheBitsNamed(kvCache, table) === null
      ? unknown(
          '--kv-cache',
          kvCache,
          named('kv-cache').map((scheme) => scheme.replace(/^kv-/, '')),
        )
      : []),
  ];
}

/** A scheme only for models released in it; others need another scheme. */
function notReleasedIn(
  { scheme, onlyNativeDtype }: QuantizationRow,
  model: ModelRow,
  table: readonly QuantizationRow[],
): Problem {
  const others = schemesOfModel(table, model, 'weights').map((row) => row.scheme);
  const alike = others.filter((name) => name.startsWith(`${onlyNativeDtype}-`));
  const message = `--quantization: "${scheme}" is of models released in ${onlyNativeDtype}; ${model.family} was released in ${model.nativeDtype ?? 'another format'}`;
  const hint = alike.length > 0 ? `did you mean ${alike.join(', ')}?` : suggestion(scheme, others, 'known');
  return fileProblem('unknown-format', '', message, hint);
}

function loadOf(
  { rate, users }: CapacityOptions,
  read: <Value>(flag: string, reading: Reading<Value>) => Value | null,
): Load | null {
  if (users !== undefined) return { is: 'users', users: Number(users) };
  if (rate === undefined) return null;
  const perSecond = read('--rate', readRate(rate));
  return perSecond && { is: 'rate', ratePerS: perSecond.likely };
}

/** The form of `capacity`: one machine, all, the rows of a file, or accuracy. */
type CapacityForm = 'one' | 'best' | 'from' | 'accuracy';

const titles = { one: 'one machine', best: '--best', from: '--from', accuracy: '--accuracy' } as const;
/** The form's own options, as users write them. */
const asking = ['from', 'best', 'accuracy'] as const;

/** Options by the forms that read them. */
const readBy: readonly [readonly CapacityForm[], ...(keyof CapacityOptions)[]][] = [
  [['one', 'best'], 'model'],
  [['one'], 'accelerator', 'count'],
  [['one', 'best'], 'quantization', 'engine', 'input', 'outputTokens', 'rate', 'users'],
  [['one', 'best'], 'ttftP95', 'tpotP95', 'totalP95', 'kvCache'],
  [['one'], 'parallel'],
  [['one', 'best'], 'maxNumSeqs', 'prefixHit', 'speculative', 'context', 'fixedLengths'],
  [['best', 'accuracy'], 'detail'],
  [['one', 'best', 'from'], 'calibrateWith', 'set', 'pricing'],
];
/** Options on the measurements of `--calibrate-with`, in every form that has it. */
const calibrating: readonly (keyof CapacityOptions)[] = ['model', 'accelerator', 'count', 'quantization', 'engine'];

/** The requested form, and options that do not go with it. */
export function formOf(options: CapacityOptions): { form: CapacityForm; problems: Problem[] } {
  const asked = asking.filter((name) => options[name] !== undefined);
  const form = asked[0] ?? 'one';
  if (asked.length > 1) {
    const message = `${asked.map((name) => titles[name]).join(' and ')} are different questions`;
    return { form, problems: [usageProblem(message, 'ask one of them')] };
  }
  const calibrates = options.calibrateWith !== undefined && form !== 'accuracy';
  const flags = readBy.flatMap(([forms, ...keys]) =>
    keys
      .filter(
        (key) => options[key] !== undefined && !forms.includes(form) && !(calibrates && calibrating.includes(key)),
      )
      .map((key) => (key === 'outputTokens' ? '--output' : flagOf(key))),
  );
  const problems = misplaced(flags, `says nothing together with ${titles[form]}`);
  if (options.format === 'csv' && (form === 'one' || form === 'accuracy'))
    problems.push(usageProblem(`${titles[form]} is no table of rows`, 'write --format json'));
  return { form, problems };
}

/** What a name stands for, or null and what is wrong with it. */
export type Found<Row> = { row: Row | null; problems: readonly Problem[] };

/** Default sequence length in tokens for fits and caches. */
const usualContext = 8_192;

/** The requested length; else the default, or the longest of `model` if shorter. */
export function contextOf(text: string | undefined, model: ModelRow | null = null): number {
  return text === undefined ? Math.min(usualContext, model?.maxContext ?? usualContext) : Number(text);
}

/** The model with open weights of that name, at the date of the tables. */
export const findModel = (tables: Tables, name: string): Found<ModelRow> =>
  theOnly('model', name, familiesNamed(tables, name), tables.modelOf, () =>
    noSuch('model', name, whyNoModel(tables, name), nearNames(name, [...tables.modelOf.keys()])),
  );

/** The accelerator of that name, at the date of the tables. */
export const findAccelerator = (tables: Tables, name: string): Found<AcceleratorRow> =>
  theOnly('accelerator', name, acceleratorsNamed(tables, name), tables.acceleratorOf, () => {
    const known = [...tables.acceleratorOf.keys()];
    const near = nearNames(name, known) ?? nearNames(name, known.map(chip));
    return noSuch('accelerator', name, ` in the tables of ${tables.snapshot.date}`, near);
  });

/** The row of the one name that was found. */
function theOnly<Row>(
  what: string,
  asked: string,
  [found = '', ...others]: readonly string[],
  rows: ReadonlyMap<string, Row>,
  none: () => Problem,
): Found<Row> {
  const row = rows.get(found);
  if (row !== undefined && others.length === 0) return { row, problems: [] };
  const hint = `write one of ${[found, ...others].join(', ')}`;
  const ambiguous = () => fileProblem(`ambiguous-${what}`, '', `"${asked}" is not one ${what}`, hint);
  return { row: null, problems: [row === undefined ? none() : ambiguous()] };
}

/** Without the form and memory that an id goes on with. */
const chip = (accelerator: string): string => accelerator.split('-')[0] ?? accelerator;

/** An unknown maker, ignoring case, with the known ones. */
export function unknownVendor(asked: string | undefined, rows: readonly { vendor: string }[]): Problem[] {
  const name = asked?.toLowerCase();
  const known = [...new Set(rows.map(({ vendor }) => vendor))].sort();
  return name === undefined || known.includes(name) ? [] : [noSuch('vendor', name, '', nearNames(name, known))];
}

/** Options that say nothing together with a name, or without one. */
export const misplaced = (options: readonly string[], why: string): Problem[] =>
  options.map((option) => fileProblem('option-does-not-apply', '', `${option} ${why}`));

function whyNoModel(tables: Tables, name: string): string {
  const { date } = tables.snapshot;
  const row = tables.yardstickOf.get(name.trim().toLowerCase());
  if (row === undefined) return ` in the tables of ${date}`;
  if (row.released !== null && row.released.slice(0, 7) > date.slice(0, 7))
    return `: it was released in ${row.released.slice(0, 7)}, after the snapshot of ${date}`;
  return row.openWeights ? ` in the tables of ${date}` : ': its weights are not open: pricing show has its prices';
}

const noSuch = (what: string, asked: string, why: string, near: string | null): Problem =>
  fileProblem(`no-such-${what}`, '', `unknown ${what} "${asked}"${why}`, near);

/** The date of the prices and their age on the given day, by default today. */
export function priceDate(
  { snapshot }: Pick<Tables, 'snapshot'>,
  io: Io,
  { asOf = io.today() }: { asOf?: string },
): PriceDate {
  return { snapshot: snapshot.date, asOf, ageDays: daysBetween(snapshot.date, asOf) };
}
