import { readMeasurements } from '../calibration/measurements/read.js';
import { ownCalibrations } from '../calibration/own-calibration.js';
import type { Predictor } from '../calibration/predict.js';
import type { Measurement } from '../capacity/measurement.js';
import { capacityAssumptions } from '../capacity/replica.js';
import type { Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import { suggestion } from '../units/suggest.js';
import { assumptionReader } from '../workload/known-names.js';
import { setUnder } from '../workload/set.js';
import { fileProblem } from './file-problem.js';
import type { Io } from './io.js';

/** What the flags of `capacity` say of predictions. */
export type PredictorOptions = {
  calibrateWith?: string[];
  set?: string[];
  model?: string;
  accelerator?: string;
  count?: string;
  quantization?: string;
  engine?: string;
};

/** Measurements are long files. */
export const maxMeasurementBytes = 64 * 1024 * 1024;

/** Assumptions that answers of `capacity` depend on. */
export const capacityParameters: readonly string[] = [
  ...['activationGbPerGpu', 'runtimeGbPerGpu', 'pagedKvOverhead', 'tiedEmbeddingUpToB', 'slowSchemeFactor'],
  ...['inputLengthSpread', 'outputLengthSpread', 'highestLoad', 'spareReplicas', 'spareShare'],
  ...['ownMeasurementPriorSd', 'ownMeasurementScatter', 'ownMeasurementDegrees'],
];

/** Values of assumptions by name: the tables' likely ones, but for those the user set. */
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
      const why = row === undefined ? `the tables have no parameter ${name}` : `capacity does not use ${name}`;
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

/** Everything predictions are made of, with measurements of one's own where some are given. */
export async function predictorOf(
  io: Io,
  tables: Tables,
  catalog: Tables,
  options: PredictorOptions,
): Promise<{ predictor: Predictor; assume: (name: string) => number; problems: Problem[] }> {
  const { assume, problems } = assumptionsOf(tables, options.set ?? []);
  const assumed = capacityAssumptions(assume);
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
  const { calibrations, problems: unusable } = ownCalibrations(measured, catalog, tables.efficiency, assumed, {
    priorSd: assume('ownMeasurementPriorSd'),
    scale: assume('ownMeasurementScatter'),
    degrees: assume('ownMeasurementDegrees'),
    leastSd: assume('ownMeasurementScatter'),
  });
  const files = options.calibrateWith?.join(', ') ?? '';
  problems.push(...[...new Set(unusable)].map((message) => fileProblem('not-usable', files, message)));
  const predictor = { catalog, efficiency: tables.efficiency, bands: tables.bands, assumed, own: calibrations };
  return { predictor, assume, problems };
}
