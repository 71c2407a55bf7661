import { readMeasurements } from '../capacity/measurements/read.js';
import { type OwnCalibration, ownCalibrations } from '../capacity/own-calibration.js';
import type { Predictor } from '../capacity/predict-rows.js';
import { capacityAssumptions } from '../capacity/replica.js';
import { suggestion } from '../scenario/suggest.js';
import type { Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import { parameterReader } from '../units/read-parameter.js';
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
    if (row === undefined) {
      problems.push(
        fileProblem(
          'unknown-assumption',
          '',
          `--set ${text}: the tables have no parameter ${name}`,
          suggestion(name, [...parameterOf.keys()], 'known'),
        ),
      );
      continue;
    }
    const read = parameterReader(row.unit, { least: 0 })(text.slice(at + 1).trim());
    if (!read.ok) problems.push(fileProblem('bad-value', '', `--set ${text}: ${read.message}`));
    else set.set(name, read.value.likely);
  }
  const assume = (name: string): number => {
    const value = set.get(name) ?? parameterOf.get(name)?.likely;
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
  const own: OwnCalibration[] = [];
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
    const found = ownCalibrations(read.measurements, catalog, tables.efficiency, assumed, {
      priorSd: assume('ownMeasurementPriorSd'),
      scale: assume('ownMeasurementScatter'),
      degrees: assume('ownMeasurementDegrees'),
      leastSd: assume('ownMeasurementScatter'),
    });
    own.push(...found.calibrations);
    problems.push(...read.problems, ...found.problems.map((message) => fileProblem('not-usable', file, message)));
  }
  const predictor = { catalog, efficiency: tables.efficiency, bands: tables.bands, assumed, own };
  return { predictor, assume, problems };
}
