import type { OwnCalibration } from '../../calibration/own-calibration.js';
import {
  fitTerms,
  groupSizes,
  type HardwareSummary,
  hardwareSheet,
  holdsContext,
  summarizeHardware,
} from '../../capacity/hardware.js';
import { type MeasuredPoint, measuredBy } from '../../capacity/measurement.js';
import {
  hardwareSelection,
  modelSelection,
  modelSheet,
  type Place,
  selected,
  summarizeModel,
} from '../../capacity/models.js';
import { capacityOn, type PricedCapacity, rankHardware } from '../../cost/capacity-cost.js';
import { csvTable, jsonText } from '../../report/printable.js';
import type { PriceDate, RowOrigin } from '../../report/sheets.js';
import type { Confidence } from '../../tables/columns.js';
import type { Tables } from '../../tables/tables.js';
import { roundedTree } from '../../units/numeric.js';
import type { Problem } from '../../units/problem.js';
import { assumptionsOf, predictorOf, predictorWith, runCapacityRows } from '../capacity-predictor.js';
import {
  type CapacityOptions,
  contextOf,
  type Found,
  findAccelerator,
  findModel,
  formOf,
  misplaced,
  priceDate,
  readCapacityQuestion,
  unknownVendor,
} from '../capacity-question.js';
import type { capacityCommand, hardwareCommand, modelsCommand } from '../catalog-commands.js';
import { answer, flagOf, type Given, viewOf, warningOf } from '../command-entry.js';
import { fileProblem, type Io } from '../io.js';
import { publishedPoints, readTables, shippedCalibration } from '../read-tables.js';

export async function run(io: Io, given: Given<typeof capacityCommand>): Promise<void> {
  // `--output` are tokens here, as `--input` are; a file is `-o`.
  const { to, output, ...rest } = given;
  const options: CapacityOptions = {
    ...rest,
    ...(output !== undefined && { outputTokens: output }),
    ...(to !== undefined && { output: to }),
  };
  const { form, problems } = formOf(options);
  if (problems.length > 0 && form !== 'one' && form !== 'best') return answer(io, options, null, problems);
  if (form === 'accuracy') return accuracy(io, options);
  if (options.from !== undefined) {
    return runCapacityRows(io, { ...options, from: options.from });
  }
  return machine(io, options, problems);
}

async function accuracy(io: Io, options: CapacityOptions): Promise<void> {
  const report = await import('../../report/capacity-answers.js');
  const shown = shippedCalibration();
  const text =
    options.format === 'json' ? report.accuracyJson(shown) : report.accuracyTable(shown, options.detail ?? false);
  await answer(io, options, text, []);
}

async function machine(io: Io, options: CapacityOptions, misused: readonly Problem[]): Promise<void> {
  const { tables, problems } = await readTables(io, options);
  if (tables === null) return answer(io, options, null, [...misused, ...problems]);
  const { predictor, assume, problems: own } = await predictorOf(io, tables, tables, options);
  const { question, problems: unclear } = readCapacityQuestion(options, tables, assume);
  const all = [...misused, ...problems, ...own, ...unclear];
  if (question === null || misused.length > 0) return answer(io, options, null, all);
  const prices = priceDate(tables, io, options);
  const unused = unusedText(predictor.own, question.measured);
  if (unused !== null) all.push(warningOf('capacity', '', unused));
  if (options.best === true) {
    const report = await import('../../report/capacity-answers.js');
    const ranked = rankHardware(question, tables, predictor);
    if (ranked.length === 0) io.setExitCode(3);
    const forms = { json: report.rankedJson, csv: report.rankedCsv, table: report.rankedTable };
    const text = forms[(options.format ?? 'table') as keyof typeof forms];
    return answer(io, options, text({ prices, question, ranked }, options.detail ?? false), all);
  }
  const found = capacityOn(question, tables, predictor);
  if (typeof found === 'string') return answer(io, options, null, [...all, fileProblem('not-predicted', '', found)]);
  const report = await import('../../report/capacity.js');
  const measured = nearestPoints(await publishedPoints(tables), found, tables.snapshot.date);
  const shown = { prices, question, found, measured };
  const text =
    options.format === 'json' ? report.capacityJson(shown) : report.capacityTable(shown, viewOf(io, options).width);
  if (found.answer.unmet !== null) io.setExitCode(3);
  await answer(io, options, text, [...all, ...found.warnings.map((message) => warningOf('capacity', '', message))]);
}

const mostShown = 3;

/** Published measurements of the model on the card by then, nearest in engine, cards and batches. */
function nearestPoints(
  points: readonly MeasuredPoint[],
  { accelerator, model, engine, count, maxSequences }: PricedCapacity,
  snapshot: string,
): MeasuredPoint[] {
  const off = (value: number | null, from: number) => Math.abs(Math.log((value ?? from) / from));
  const far = (point: MeasuredPoint) =>
    (point.engine === engine ? 0 : 10) +
    off(point.acceleratorCount, count) +
    Math.min(off(point.concurrency, 1), off(point.concurrency, maxSequences));
  return measuredBy(points, snapshot, (each) => each.family === model && each.accelerator === accelerator)
    .map((point) => ({ point, far: far(point) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, mostShown)
    .map(({ point }) => point);
}

/** Measurements irrelevant to the question; null: some are relevant, or none given. */
function unusedText(
  own: readonly OwnCalibration[],
  { modelFamily, accelerator }: { modelFamily: string; accelerator: string },
): string | null {
  const used = own.some((each) => each.model === modelFamily && [each.accelerator, ''].includes(accelerator));
  if (own.length === 0 || used) return null;
  const of = own.map((each) => `${each.model} on ${each.accelerator}`).join(', ');
  return `the measurements given are of ${of}: they change nothing here`;
}

/** A model on a machine, mean tokens of requests, and load; texts as on the command line. */
export type CapacityRequest = {
  /** Open model, by family or another name. */
  model: string;
  accelerator: string;
  /** Cards of one replica (default 1). */
  count?: number;
  /** Scheme of the weights (default: as released). */
  quantization?: string;
  engine?: string;
  inputTokens: number;
  outputTokens: number;
  /** The load as `8/s` or `20k/day`, or `users` with one request in flight each. */
  rate?: string;
  users?: number;
  /** Targets with their units: `1s`, `50ms`, `20s`. */
  ttftP95?: string;
  tpotP95?: string;
  totalP95?: string;
};

/** A machine's load, latency and rent. Without a prediction, `problems` say why. */
export function predictCapacity(
  tables: Tables,
  { inputTokens, outputTokens, count, users, ...texts }: CapacityRequest,
): { capacity: PricedCapacity | null; problems: Problem[] } {
  const { assume } = assumptionsOf(tables, []);
  const options: CapacityOptions = {
    ...texts,
    ...{ input: String(inputTokens), outputTokens: String(outputTokens) },
    ...(count !== undefined && { count: String(count) }),
    ...(users !== undefined && { users: String(users) }),
  };
  const { question, problems } = readCapacityQuestion(options, tables, assume);
  if (question === null) return { capacity: null, problems };
  const found = capacityOn(question, tables, predictorWith(tables, tables, assume, []));
  if (typeof found !== 'string') return { capacity: found, problems };
  return { capacity: null, problems: [...problems, fileProblem('not-predicted', '', found)] };
}

type Options = Given<typeof modelsCommand | typeof hardwareCommand>;
type Asked = { options: Options; detail: boolean; tables: Tables; prices: PriceDate; told: Told };
/** What is said of a row of the catalog, with where the row comes from. */
type Told = <Row extends object>(table: 'models' | 'accelerators', row: Filed, said: Row) => Row & RowOrigin;
type Filed = { row: number; confidence: Confidence };
/** The answer as fields of JSON and in other formats, with errors and warnings. */
type Answer = { json?: object; table?: () => string; csv?: () => string; problems: Problem[] };

/** A catalog command: all rows, a line each, or with a name the sheet of one. */
const command =
  (list: (asked: Asked) => Promise<Answer>, sheet: (asked: Asked, name: string) => Promise<Answer>) =>
  async (io: Io, options: Options): Promise<void> => {
    const { tables, prose, problems } = await readTables(io, options);
    if (tables === null) return answer(io, options, null, problems);
    const proseOf = await prose();
    const told: Told = (table, { row, confidence }, said) => ({ ...said, confidence, ...proseOf({ table, row }) });
    const prices = priceDate(tables, io, options);
    const asked = { options, detail: options.detail ?? false, tables, prices, told };
    const {
      json,
      table,
      csv,
      problems: own,
    } = options.name === undefined ? await list(asked) : await sheet(asked, options.name);
    const jsonOf = json && (() => jsonText(roundedTree({ schemaVersion: '1.0.0', prices, ...json })));
    const text = { json: jsonOf, table, csv }[options.format ?? 'table'];
    await answer(io, options, text?.() ?? null, [...problems, ...own]);
  };

/** Flags without effect for a name. */
function listOnly(options: Options, names: readonly (keyof Options)[]): Problem[] {
  const given = names.filter((name) => options[name] !== undefined).map(flagOf);
  const csv = options.format === 'csv' ? ['--format csv'] : [];
  return misplaced([...given, ...csv], 'is for the list, without a name');
}

/** `models [name]`. */
export const runModels = command(
  async ({ options, detail, tables, prices, told }) => {
    const contextTokens = contextOf(options.context);
    const { row: place, problems: unfit } = placeOf(options.fits, tables);
    const problems = [
      ...unfit,
      ...unknownVendor(options.vendor, tables.models),
      ...misplaced(options.accelerator === undefined ? [] : ['--accelerator'], 'needs the name of a model'),
    ];
    if (problems.length > 0) return { problems };
    const terms = fitTerms(tables, contextTokens);
    const all = tables.models.map((row) => told('models', row, summarizeModel(row, tables, terms, place)));
    const unclear = place === null ? [] : all.filter(({ layers }) => layers === null);
    const { fits: _, ...anywhere } = options;
    const json = {
      contextTokens,
      fitsOn: place && `${place.most}x ${place.accelerator.accelerator}`,
      unknownFits: selected(unclear, modelSelection, anywhere).map(({ family }) => family),
      models: selected(all, modelSelection, options),
    };
    const { modelCells, modelListTable } = await import('../../report/models.js');
    const table = () => modelListTable({ prices, ...json }, detail);
    return { json, table, csv: () => csvTable(modelCells, json.models), problems: [] };
  },
  async ({ options, detail, tables, prices, told }, name) => {
    const { row: model, problems: unknown } = findModel(tables, name);
    const contextTokens = contextOf(options.context, model);
    const on = options.accelerator === undefined ? null : findAccelerator(tables, options.accelerator);
    const isTooLong = model !== null && !holdsContext(model, contextTokens);
    const tooLong = `--context ${contextTokens}: ${model?.family} holds at most ${model?.maxContext} tokens`;
    const problems = [
      ...unknown,
      ...(on?.problems ?? []),
      ...(isTooLong ? [fileProblem('context-too-long', '', tooLong)] : []),
      ...listOnly(options, ['vendor', 'maxParams', 'minIndex', 'fits', 'sort']),
    ];
    if (model === null || problems.length > 0) return { problems };
    const machines = on?.row ? [on.row] : tables.accelerators;
    const terms = fitTerms(tables, contextTokens);
    const whole = {
      ...told('models', model, summarizeModel(model, tables, terms, null)),
      ...modelSheet(model, tables, terms, machines, await publishedPoints(tables)),
    };
    const { modelSheetTable } = await import('../../report/models.js');
    const json = { contextTokens, fitsOn: null, unknownFits: [], models: [whole] };
    return { json, table: () => modelSheetTable(prices, contextTokens, whole, detail), problems: [] };
  },
);

/** `accelerator` or `accelerator:count`, a count of cards that can be joined. */
function placeOf(text: string | undefined, tables: Tables): Found<Place> {
  if (text === undefined) return { row: null, problems: [] };
  const [name = '', count = '1'] = text.split(':');
  const { row: accelerator, problems } = findAccelerator(tables, name);
  if (accelerator === null) return { row: null, problems };
  const most = Number(count);
  if (groupSizes(accelerator).includes(most)) return { row: { accelerator, most }, problems: [] };
  const message = `--fits: ${accelerator.accelerator} has no link to others, so a model has one of them`;
  const problem = fileProblem('no-such-count', '', message, `write ${accelerator.accelerator}`);
  return { row: null, problems: [problem] };
}

/** `hardware [name]`. */
export const runHardware = command(
  async ({ options, detail, tables, prices, told }) => {
    const problems = [
      ...unknownVendor(options.vendor, tables.accelerators),
      ...misplaced(options.context === undefined ? [] : ['--context'], 'needs the name of an accelerator'),
    ];
    if (problems.length > 0) return { problems };
    const all = tables.accelerators.map((row) => told('accelerators', row, summarizeHardware(row, tables)));
    const hardware = selected(all, hardwareSelection, options);
    const { hardwareCells, hardwareListTable } = await import('../../report/hardware.js');
    return {
      json: { hardware },
      table: () => hardwareListTable(prices, hardware, detail),
      csv: () => csvTable(hardwareCells, hardware),
      problems: hindsight(hardware, tables),
    };
  },
  async ({ options, detail, tables, prices, told }, name) => {
    const { row, problems: unknown } = findAccelerator(tables, name);
    const problems = [...unknown, ...listOnly(options, ['vendor', 'kind', 'minMemory', 'rentable', 'sort'])];
    if (row === null || problems.length > 0) return { problems };
    const contextTokens = contextOf(options.context);
    const terms = fitTerms(tables, contextTokens);
    const whole = {
      ...told('accelerators', row, summarizeHardware(row, tables)),
      ...hardwareSheet(row, tables, terms, await publishedPoints(tables)),
    };
    const { hardwareSheetTable } = await import('../../report/hardware.js');
    const table = () => hardwareSheetTable(prices, contextTokens, whole, detail);
    return { json: { contextTokens, hardware: [whole] }, table, problems: hindsight([whole], tables) };
  },
);

/** List prices have dates of their own, which may be later than the snapshot's. */
function hindsight(shown: readonly HardwareSummary[], { snapshot }: Tables): Problem[] {
  const later = shown.filter((row) => row.listPriceIsLaterThanSnapshot).length;
  if (later === 0) return [];
  const message = `${later} of the list prices shown are of a later month than the snapshot of ${snapshot.date}`;
  return [warningOf('hindsight-price', '', message)];
}
