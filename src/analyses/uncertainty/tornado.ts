import type { TornadoRow } from '../../decide/decision.js';
import { kindsByTask } from '../../decide/kinds-by-task.js';
import type { Plan } from '../../decide/plan.js';
import { difference, rounded } from '../../decide/round.js';
import { type CaseAt, likelyOf } from './draws.js';
import type { UncertainInput } from './input.js';
import { type StandsAt, winnersOf } from './winners.js';

/** Percentiles of an input for its swing: the 10th and the 90th. */
export const swungTo = [0.1, 0.9] as const;

/** One input at its 10th and 90th percentile, others at likely values: USD a month of every plan. */
export type Swing = { input: number; values: readonly [number, number]; usd: readonly [Float64Array, Float64Array] };

/** What every plan costs as each input alone moves. */
export function swingsOf(
  plans: number,
  inputs: readonly UncertainInput[],
  caseAt: CaseAt,
  price: (context: ReturnType<CaseAt>, into: Float64Array) => void,
): Swing[] {
  const likely = likelyOf(inputs);
  const costsAt = (input: number, value: number): Float64Array => {
    const values = likely.slice();
    values[input] = value;
    const usd = new Float64Array(plans);
    price(caseAt(values), usd);
    return usd;
  };
  return inputs.map(({ quantile }, input) => {
    const [low, high] = swungTo;
    const values = [quantile(low), quantile(high)] as const;
    return { input, values, usd: [costsAt(input, values[0]), costsAt(input, values[1])] };
  });
}

/** The plans, the advised one among them, and when each may run. */
type Field = {
  plans: readonly Plan[];
  own: number;
  /** USD a month that each counts beyond its cost. */
  extraUsd: readonly number[];
  standsAt: StandsAt;
};

/** Effect of each input alone on the advised cost, and on the best deployment type. */
export function tornadoOf(
  inputs: readonly UncertainInput[],
  swings: readonly Swing[],
  worth: Float64Array,
  { plans, own, extraUsd, standsAt }: Field,
): TornadoRow[] {
  const kinds = kindsByTask(plans[own] as Plan);
  const rows = swings.map(({ input, values, usd }): TornadoRow => {
    const { path, unit, likely, origin } = inputs[input] as UncertainInput;
    const [low, high] = usd.map((costs) => costs[own] as number) as [number, number];
    const becomes = usd
      .map((costs, end) => {
        const one = {
          usd: costs.map((cost, p) => cost + (extraUsd[p] as number)),
          draws: 1,
          seen: new Int32Array(costs.length).fill(1),
        };
        return winnersOf(one, (p) => standsAt(p, input, values[end] as number)).winners[0] ?? -1;
      })
      .find((p) => p >= 0 && kindsByTask(plans[p] as Plan) !== kinds);
    return {
      parameter: path,
      unit,
      origin,
      low: rounded(values[0]),
      likely: rounded(likely),
      high: rounded(values[1]),
      costAtLow: finiteOrNull(low),
      costAtHigh: finiteOrNull(high),
      swing: finiteOrNull(Math.abs(difference(high, low))),
      flips: becomes !== undefined,
      becomes: becomes === undefined ? null : (plans[becomes] as Plan).id,
      worth: rounded(worth[input] as number),
    };
  });
  return rows
    .filter(({ swing, flips, worth: usd }) => swing !== 0 || flips || usd > 0)
    .sort((a, b) => (b.swing ?? Infinity) - (a.swing ?? Infinity) || (a.parameter < b.parameter ? -1 : 1));
}

const finiteOrNull = (usd: number): number | null => (Number.isFinite(usd) ? rounded(usd) : null);
