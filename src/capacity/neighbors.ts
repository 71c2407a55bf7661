import type { ResidualRow } from '../tables/rows.js';
import { perObject } from '../units/memo.js';

/** How far what a publisher measured of decode is from the prediction. */
export type Residual = Omit<ResidualRow, 'row' | 'confidence'>;

/** The prediction to correct: model, card, engine and requests in flight. */
export type NeighborQuery = {
  family: string;
  accelerator: string;
  engineGroup: string;
  servingClass: string;
  batch: number;
};

/**
 * Weights of published measurements: spread of batches (standard deviation of the logarithm), weight of the formulas in
 * publishers, and the largest error (logarithm) that is believed.
 */
export type NeighborSettings = {
  publishedBatchSpread: number;
  publishedFormulaWeight: number;
  publishedLargestError: number;
};

/** How published measurements near a prediction correct it. */
export type Neighbors = {
  /** Factor on the time of decode; 1: there are none. */
  decode: number;
  /** Publishers, each by how near the nearest of its measurements is, 0 to 1. */
  weight: number;
  /** Root mean square of the publishers' differences from the corrected prediction (logarithm). */
  scatter: number;
  /** Whether they are of the same kind of card, not of others of its class. */
  sameCard: boolean;
};

const none: Neighbors = { decode: 1, weight: 0, scatter: 0, sameCard: false };

const byModel = perObject((table: readonly Residual[]) => {
  const rows = new Map<string, Residual[]>();
  for (const row of table) {
    const key = `${row.modelFamily} ${row.engineGroup} ${row.servingClass}`;
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  return rows;
});

/** Rows of a model and an engine group on a class of machines. */
const rowsOf = (table: readonly Residual[], { family, engineGroup, servingClass }: NeighborQuery): Residual[] =>
  byModel(table).get(`${family} ${engineGroup} ${servingClass}`) ?? [];

/** Measurements on the same card, or else on others of its class. */
export function nearRows<Row extends Residual>(table: readonly Row[], query: NeighborQuery): Row[] {
  const alike = rowsOf(table, query) as Row[];
  const own = alike.filter(({ accelerator }) => accelerator === query.accelerator);
  return own.length > 0 ? own : alike;
}

/**
 * Corrects decode by measurements of the same model and engine group on the same kind of card, or else on others of its
 * class. By publisher, so that many rows of one are one opinion:
 *
 * match = exp(-1/2 (difference of ln batch / spread)^2)      best = the largest match of a publisher
 * logarithm of the factor = sum of best x mean error by match / (sum of best + weight of the formulas)
 */
export function neighborsOf(
  table: readonly Residual[],
  query: NeighborQuery,
  {
    publishedBatchSpread: spread,
    publishedFormulaWeight: formulaWeight,
    publishedLargestError: largest,
  }: NeighborSettings,
): Neighbors {
  const near = nearRows(table, query);
  if (near.length === 0) return none;
  const publishers = new Map<string, { best: number; sum: number; errors: number }>();
  for (const { publisher, batch, logError } of near) {
    const match = Math.exp(-0.5 * (Math.log(batch / query.batch) / spread) ** 2);
    const one = publishers.get(publisher) ?? { best: 0, sum: 0, errors: 0 };
    publishers.set(publisher, {
      best: Math.max(one.best, match),
      sum: one.sum + match,
      errors: one.errors + match * Math.max(-largest, Math.min(largest, logError)),
    });
  }
  let [weight, errors] = [0, 0];
  for (const { best, sum, errors: own } of publishers.values()) {
    weight += best;
    errors += (best * own) / sum;
  }
  const correction = errors / (weight + formulaWeight);
  let squares = 0;
  for (const { best, sum, errors: own } of publishers.values()) squares += best * (own / sum - correction) ** 2;
  return {
    decode: Math.exp(correction),
    weight,
    scatter: Math.sqrt(squares / weight),
    sameCard: near[0]?.accelerator === query.accelerator,
  };
}

/** Half a publisher near by is enough to say that measurements agree. */
const enough = 0.5;
/** Standard deviations on either side that hold 80 % of a normal distribution. */
const eightyPercent = 1.2816;

/** Whether publishers are within the band of a corrected prediction. */
export const agree = ({ weight, scatter }: Neighbors, { low, high }: { low: number; high: number }): boolean =>
  weight >= enough && eightyPercent * scatter <= Math.log(high / low) / 2;
