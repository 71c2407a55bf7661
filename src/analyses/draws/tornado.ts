import type { TornadoRow } from '../../decide/decision.js';
import { difference, rounded } from '../../decide/round.js';
import { likelyOf } from '../uncertainty/draws.js';
import { swungTo } from '../uncertainty/tornado.js';
import type { Drawable } from './drawable.js';
import { costing } from './sample.js';

/** The advised row, what tells deployment types apart, and ids of plans. */
type Told = {
  own: number;
  typesOf: (row: number) => string;
  idOf: (row: number) => string;
  standsAt: (row: number, input: number, value: number) => boolean;
};

/** What each input alone does to the cost of the advice, and whether another deployment type is best there. */
export function tornadoOf(
  drawable: Drawable,
  worth: Float64Array,
  { own, typesOf, idOf, standsAt }: Told,
): TornadoRow[] {
  const { inputs } = drawable;
  const { costsAt, felt } = costing(drawable);
  const likely = likelyOf(inputs);
  const types = typesOf(own);
  const rows = inputs.flatMap(({ path, unit, origin, quantile, likely: middle }, input): TornadoRow[] => {
    if (!felt.has(input) && origin !== 'user') return [];
    const ends = swungTo.map((share) => {
      const value = quantile(share);
      const values = likely.slice();
      values[input] = value;
      const { usd, adjustedUsd } = costsAt(values);
      let best = -1;
      for (let row = 0; row < adjustedUsd.length; row++) {
        const isLess = (adjustedUsd[row] as number) < (adjustedUsd[best] ?? Number.POSITIVE_INFINITY);
        if (isLess && standsAt(row, input, value)) best = row;
      }
      return { value, usd: usd[own] as number, best };
    });
    const [low, high] = ends as [(typeof ends)[number], (typeof ends)[number]];
    const becomes = ends.find(({ best }) => best >= 0 && typesOf(best) !== types);
    return [
      {
        parameter: path,
        unit,
        origin,
        low: rounded(low.value),
        likely: rounded(middle),
        high: rounded(high.value),
        costAtLow: finiteOrNull(low.usd),
        costAtHigh: finiteOrNull(high.usd),
        swing: finiteOrNull(Math.abs(difference(high.usd, low.usd))),
        flips: becomes !== undefined,
        becomes: becomes === undefined ? null : idOf(becomes.best),
        worth: rounded(worth[input] as number),
      },
    ];
  });
  return rows
    .filter(({ swing, flips, worth: usd }) => swing !== 0 || flips || usd > 0)
    .sort((a, b) => (b.swing ?? Infinity) - (a.swing ?? Infinity) || (a.parameter < b.parameter ? -1 : 1));
}

const finiteOrNull = (usd: number): number | null => (Number.isFinite(usd) ? rounded(usd) : null);
