import { readMeasurementsCsv } from '../calibration/measurements/csv.js';
import { readMeasurements } from '../calibration/measurements/read.js';
import { ownCalibrations } from '../calibration/own-calibration.js';
import { type Predictor, predictRow } from '../calibration/predict.js';
import type { Measurement } from '../capacity/measurement.js';
import { capacityAssumptions } from '../capacity/replica.js';
import type { PredictedRow } from '../report/capacity-answers.js';
import type { Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import { suggestion } from '../units/problem.js';
import { assumptionReader } from '../workload/known-names.js';
import { setUnder } from '../workload/set.js';
import type { CapacityOptions } from './capacity-question.js';
import { answer, haveErrors, report } from './command-entry.js';
import { fileProblem, type Io, shownName } from './io.js';
import { capacityParameters } from './names.js';
import { readTables, readWholeCatalog } from './read-tables.js';

/** Measurements are long files. */
const maxMeasurementBytes = 64 * 1024 * 1024;

/** Values of assumptions by name: the user's, else the tables' likely ones. */
export function assumptionsOf(
  { parameterOf }: Pick<Tables, 'parameterOf'>,
  assignments: readonly string[],
): { assume: (name: string) => number; set: Map<string, number>; problems: Problem[] } {
  const set = new Map<string, number>();
  const problems: Problem[] = [];
  for (const text of assignments) {
    const at = text.indexOf('=');
    const name = text.slice(0, at).trim();
    const row = parameterOf.get(name);
    if (row === undefined || !capacityParameters.includes(name)) {
      const why = row === undefined ? `unknown assumption ${name}` : `capacity does not use ${name}`;
      const hint = name === 'kvCacheBits' ? 'write --kv-cache fp8' : suggestion(name, capacityParameters, 'known');
      problems.push(fileProblem('unknown-assumption', '', `--set ${text}: ${why}`, hint));
      continue;
    }
    const read = assumptionReader(row)(text.slice(at + 1).trim());
    if (!read.ok) problems.push(fileProblem('bad-value', '', `--set ${text}: ${read.message}`));
    else set.set(name, read.value.likely);
  }
  const own = Object.fromEntries(set);
  const assume = (name: string): number => {
    const under = setUnder(name, own, { parameterOf });
    const value = under === null ? parameterOf.get(name)?.likely : own[under];
    if (value === undefined) throw new Error(`no parameter ${name} in the tables`);
    return value;
  };
  return { assume, set, problems };
}

/** Everything for predictions, with own measurements if given. */
export async function predictorOf(
  io: Io,
  tables: Tables,
  catalog: Tables,
  options: Pick<
    CapacityOptions,
    'calibrateWith' | 'set' | 'model' | 'accelerator' | 'count' | 'quantization' | 'engine'
  >,
): Promise<{ predictor: Predictor; assume: (name: string) => number; problems: Problem[] }> {
  const { assume, problems } = assumptionsOf(tables, options.set ?? []);
  const measured: Measurement[] = [];
  for (const file of options.calibrateWith ?? []) {
    const text = await io.readText(file, maxMeasurementBytes);
    if (text.problem !== null) {
      problems.push(text.problem);
      continue;
    }
    const { model, accelerator, count, quantization, engine } = options;
    const read = readMeasurements(text.text, file, {
      ...(model !== undefined && { model }),
      ...(accelerator !== undefined && { accelerator }),
      ...(count !== undefined && { count: Number(count) }),
      ...(quantization !== undefined && { quantization }),
      ...(engine !== undefined && { engine }),
    });
    measured.push(...read.measurements);
    problems.push(...read.problems);
  }
  // Files about one machine are fitted together.
  const { calibrations, problems: unusable } = ownCalibrations(
    measured,
    catalog,
    tables.efficiency,
    capacityAssumptions(assume),
    {
      priorSd: assume('ownMeasurementPriorSd'),
      scale: assume('ownMeasurementScatter'),
      degrees: assume('ownMeasurementDegrees'),
      leastSd: assume('ownMeasurementScatter'),
    },
  );
  const files = options.calibrateWith?.join(', ') ?? '';
  problems.push(...[...new Set(unusable)].map((message) => fileProblem('not-usable', files, message)));
  return { predictor: predictorWith(tables, catalog, assume, calibrations), assume, problems };
}

/** The same from tables and fitted own measurements. */
export const predictorWith = (
  { efficiency, residuals, bands }: Tables,
  catalog: Tables,
  assume: (name: string) => number,
  own: Predictor['own'],
): Predictor => ({
  ...{ catalog, efficiency, residuals, bands, own },
  assumed: capacityAssumptions(assume),
  memoryError: assume('memoryError'),
  longPrompts: {
    measuredUpTo: assume('firstTokenMeasuredUpTo'),
    widening: assume('firstTokenWidening'),
  },
});

/** Problems of rows that are said on stderr; each is in its row as well. */
const maxSaid = 100;

/**
 * `capacity --from rows.csv`: every row with its predictions. A row with too little data in the tables gets the reason
 * in `error`; the others are written, and the exit code is 2.
 */
export async function runCapacityRows(io: Io, options: CapacityOptions & { from: string }): Promise<void> {
  const [read, whole, text] = await Promise.all([
    readTables(io, options),
    readWholeCatalog(io, options),
    io.readText(options.from, maxMeasurementBytes),
  ]);
  const problems = [...read.problems, ...(text.problem === null ? [] : [text.problem])];
  if (read.tables === null || whole.tables === null || text.problem !== null)
    return answer(io, options, null, problems);
  const { predictor, problems: own } = await predictorOf(io, read.tables, whole.tables, options);
  const file = shownName(options.from);
  const { header, rows, problems: unread } = readMeasurementsCsv(text.text, file);
  problems.push(...own, ...unread);
  if (haveErrors(problems)) return answer(io, options, null, problems);
  const predicted = rows.map(({ cells, line, measurement, problems: faults }): PredictedRow => {
    const prediction = measurement === null ? faultText(faults) : predictRow(measurement, predictor);
    return { cells: header.map((_, at) => cells[at] ?? ''), line, prediction };
  });
  const { predictedCsv, predictedJson } = await import('../report/capacity-answers.js');
  const about = { snapshot: read.tables.snapshot.date };
  const shown = options.format === 'json' ? predictedJson(header, predicted, about) : predictedCsv(header, predicted);
  // The rows that could be predicted are written whatever is wrong with others.
  await answer(io, options, shown, problems);
  const said = rows.flatMap(({ line, measurement, problems: faults }, at): Problem[] => {
    const prediction = predicted[at]?.prediction;
    if (measurement === null || typeof prediction !== 'string') return faults;
    return [...faults, { ...fileProblem('not-predicted', file, prediction), line }];
  });
  // On stderr in any format: the rows on stdout hold the reasons too.
  if (haveErrors(said)) io.setExitCode(2);
  await report(io, { ...options, format: 'csv' }, said.slice(0, maxSaid));
  if (said.length > maxSaid && !options.quiet)
    io.err(`${said.length - maxSaid} more rows like these: see their error\n`);
}

const faultText = (faults: readonly Problem[]): string => faults.map(({ message }) => message).join('; ');
