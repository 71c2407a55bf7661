import { isUnpriced } from '../../cost/curve.js';
import { planOf } from '../../decide/plan.js';
import { partsUnder } from '../uncertainty/costs.js';
import { casesOf, drawn } from '../uncertainty/draws.js';
import { uncertainInputs } from '../uncertainty/inputs.js';
import { percentilesOf } from '../uncertainty/sample.js';
import type { BandsOf } from './backtest.js';
import { predictedBill } from './compare.js';

/**
 * Bands of predicted bills: each month of the plan priced on the same draws of everything uncertain, ranges of the scenario,
 * of prices of one's own and of the tables. Draws in which the plan cannot run are left out; null where nothing is uncertain.
 */
export const drawnBands =
  (seed: number): BandsOf =>
  (read, plan, context, calendar) => {
    const inputs = uncertainInputs(read.scenario, [plan], context, seed);
    if (inputs.length === 0) return () => null;
    const draws = context.workload.assume('drawCountWithoutRanges');
    const caseAt = casesOf(read, context, inputs);
    const bills = new Map(
      calendar.months.map((month) => [month, new Float64Array(draws).fill(Number.POSITIVE_INFINITY)]),
    );
    const values = new Float64Array(inputs.length);
    for (let draw = 0; draw < draws; draw++) {
      const then = caseAt(drawn(inputs, draw, values));
      const parts = partsUnder(plan, then);
      const priced = parts === null ? null : planOf(parts, then);
      if (priced === null || isUnpriced(priced)) continue;
      for (const [month, usd] of bills) {
        const bill = predictedBill(priced, then, calendar, month);
        if (bill !== null) usd[draw] = bill.usd;
      }
    }
    const bands = new Map([...bills].map(([month, usd]) => [month, percentilesOf(usd)]));
    return (month) => bands.get(month) ?? null;
  };
