import type { OwnCalibration } from '../../calibration/own-calibration.js';
import { type MeasuredPoint, measuredBy } from '../../capacity/measurement.js';
import { capacityOn, type PricedCapacity, rankHardware } from '../../cost/capacity-cost.js';
import type { Tables } from '../../tables/tables.js';
import type { Problem } from '../../units/problem.js';
import { assumptionsOf, predictorOf, predictorWith, runCapacityRows } from '../capacity-predictor.js';
import { type CapacityOptions, formOf, readCapacityQuestion } from '../capacity-question.js';
import { priceDate } from '../catalog-answer.js';
import type { capacityCommand } from '../catalog-commands.js';
import type { Given } from '../command-entry.js';
import { answer, viewOf, warningOf } from '../command-entry.js';
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
