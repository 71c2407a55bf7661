import { bandOf } from '../capacity/bands.js';
import { type Doubt, doubtsWith } from '../capacity/doubts.js';
import { efficiencyOf } from '../capacity/efficiency.js';
import type { Measurement } from '../capacity/measurement.js';
import { heldBytes } from '../capacity/memory.js';
import { type CapacityAssumptions, predictRun, type Run, type SetUp, setUp } from '../capacity/run.js';
import { type Catalog, runOf } from '../capacity/run-of.js';
import type { BandRow, EfficiencyRow } from '../tables/rows.js';
import { fixedWords, wordsBeside } from '../units/format.js';
import { settingOf } from './calibrate.js';
import { wrongNumber } from './measurements/wrong-number.js';
import { predictedOf } from './observations.js';
import type { OwnCalibration } from './own-calibration.js';

/** What is predicted of one row. Tokens a second of the system (of one stream where the row is of one), milliseconds. */
export type RowPrediction = {
  outputTokensPerS: number | null;
  totalTokensPerS: number | null;
  prefillTokensPerS: number | null;
  ttftMsP50: number | null;
  tpotMsP50: number | null;
  /** 80 % band of `outputTokensPerS`. */
  low: number | null;
  high: number | null;
  limitedBy: string;
  doubts: Doubt[];
};

/** What predictions are made of: the catalog, fitted factors and bands, assumptions, and measurements of one's own. */
export type Predictor = {
  catalog: Catalog;
  efficiency: readonly EfficiencyRow[];
  bands: readonly BandRow[];
  assumed: CapacityAssumptions;
  own: readonly OwnCalibration[];
};

const msPerS = 1000;
const bytesPerGb = 1e9;

/**
 * Why weights that are larger than the memory of all cards leave nothing to predict: the rest of them would be read from a
 * computer's own memory. What is left beside smaller ones is estimated, and published runs have had a little more.
 */
function tooLarge({ weightBytes }: SetUp, { accelerator, count }: Run): string | null {
  const held = heldBytes(accelerator, count);
  if (weightBytes <= held) return null;
  const [weights, cards] = wordsBeside(held / bytesPerGb, weightBytes / bytesPerGb, fixedWords(1));
  return `does not fit: the weights take ${weights} GB, the cards have ${cards} GB`;
}

/** Predicts a row from its inputs alone; a text says why not: what the tables do not know, what does not fit, wrong numbers. */
export function predictRow(
  row: Measurement,
  { catalog, efficiency, bands, assumed, own }: Predictor,
): RowPrediction | string {
  const wrong = wrongNumber(row);
  if (wrong !== null) return wrong;
  const of = runOf(row, catalog, assumed.slowScheme);
  if (typeof of === 'string') return of;
  const mine = own.find(({ model, accelerator }) => model === row.modelFamily && accelerator === row.accelerator);
  const run = mine === undefined ? of.run : { ...of.run, correction: mine.correction };
  const factors = efficiencyOf(efficiency, settingOf(run));
  const [machine, prediction] = [setUp(run, factors, assumed), predictRun(run, factors, assumed)];
  if (machine === null || prediction === null) return `the tables have no layers for the model "${row.modelFamily}"`;
  const larger = tooLarge(machine, run);
  if (larger !== null) return larger;
  const writes = row.outputTokens > 0;
  const reads = row.promptTokens > 0;
  const metric = row.concurrency === 1 && row.requestRateRps === null ? 'single' : 'system';
  const ofSystem = writes ? predictedOf(metric, prediction, of) : null;
  const perUser = row.metricScope === 'per-user' && prediction.batch > 1;
  const output = ofSystem === null ? null : perUser ? ofSystem / prediction.batch : ofSystem;
  const doubts = doubtsWith(of.doubts, prediction.memoryShare);
  const band = mine?.band ?? bandOf(metric, doubts, bands);
  const { ttftS, tpotS, requestsPerS, prefillTokensPerS, limitedBy } = prediction;
  return {
    outputTokensPerS: output,
    totalTokensPerS: writes && reads ? requestsPerS * (run.tokens.fresh + run.tokens.before + run.tokens.output) : null,
    prefillTokensPerS: reads ? prefillTokensPerS : null,
    ttftMsP50: ttftS === null || !reads ? null : ttftS * msPerS,
    tpotMsP50: writes ? tpotS * msPerS : null,
    low: output === null || band === null ? null : output * band.low,
    high: output === null || band === null ? null : output * band.high,
    limitedBy,
    doubts,
  };
}
