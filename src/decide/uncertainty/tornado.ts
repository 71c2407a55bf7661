import type { CaseAt } from './draws.js';
import { likelyOf } from './draws.js';
import type { UncertainInput } from './inputs.js';

/** Shares of an input's draws between which it is swung: its 10th and 90th percentiles. */
export const swungTo = [0.1, 0.9] as const;

/** One input at its 10th and 90th percentile, all others at their likely values: what every plan costs there, in USD a month. */
export type Swing = { input: number; values: readonly [number, number]; usd: readonly [Float64Array, Float64Array] };

/** What every plan costs as each input alone moves. */
export function swingsOf(
  plans: number,
  inputs: readonly UncertainInput[],
  caseAt: CaseAt,
  price: (of: ReturnType<CaseAt>, into: Float64Array) => void,
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
