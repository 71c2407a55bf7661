import type { Context } from '../../places/placement.js';
import { valuesOfInput } from '../uncertainty/draws.js';
import type { UncertainInput } from '../uncertainty/input.js';
import { isBeyond, type Straddle, straddlesOf } from '../uncertainty/rules.js';
import type { RowSample } from './sample.js';

/** Whether a row keeps the rules in a draw; draw -1 is that of the likely values. */
export type Stands = (row: number, draw: number) => boolean;

/** The row that counts for least in every draw of those that may; -1: none may. */
export function winnersOf({ adjustedUsd, draws }: RowSample, stands: Stands): Int32Array {
  const winners = new Int32Array(draws).fill(-1);
  const rows = adjustedUsd.length / draws;
  for (let k = 0; k < draws; k++) {
    let least = Number.POSITIVE_INFINITY;
    for (let row = 0; row < rows; row++) {
      const usd = adjustedUsd[row * draws + k] as number;
      if (usd < least && stands(row, k)) {
        least = usd;
        winners[k] = row;
      }
    }
  }
  return winners;
}

/** How often rules are looked at again, where they turned down what was best. */
const rounds = 8;

type Rule = { base: boolean; straddles: Straddle[] };
type Planned = (row: number) => Parameters<typeof straddlesOf>[0][number];

/** The best of every draw, and rules that ranges of the user lie on both sides of, for the advice and whatever is best in some draw. */
export function standing(
  sample: RowSample,
  own: number,
  inputs: readonly UncertainInput[],
  mayRun: (row: number) => boolean,
  planOf: Planned,
  caseAt: (values: ArrayLike<number>) => Context,
): {
  winners: Int32Array;
  stands: Stands;
  standsAt: (row: number, input: number, value: number) => boolean;
  straddles: { row: number; straddle: Straddle }[];
} {
  const known = new Map<number, Rule>();
  const hasRanges = inputs.some(({ origin }) => origin === 'user');
  const ruleOf = (row: number): Rule => {
    if (!hasRanges) return { base: mayRun(row), straddles: [] };
    const { base, straddles } = straddlesOf([planOf(row)], [0], inputs, caseAt);
    return { base: base[0] as boolean, straddles };
  };
  const stands: Stands = (row, k) => {
    const rule = known.get(row);
    if (rule === undefined || k < 0) return rule?.base ?? true;
    const turned = rule.straddles.some((one) => isBeyond(one, valuesOfInput(sample, one.input)[k] as number));
    return turned !== rule.base;
  };
  known.set(own, ruleOf(own));
  let winners = winnersOf(sample, stands);
  for (let round = 0; round < rounds; round++) {
    const news = [...new Set(winners)].filter((row) => row >= 0 && !known.has(row));
    for (const row of news) known.set(row, ruleOf(row));
    if (news.length === 0) break;
    winners = winnersOf(sample, stands);
  }
  return {
    winners,
    stands,
    standsAt(row, input, value) {
      const rule = known.get(row);
      const turned = rule?.straddles.some((one) => one.input === input && isBeyond(one, value)) ?? false;
      return rule === undefined || turned !== rule.base;
    },
    straddles: [...known].flatMap(([row, rule]) => rule.straddles.map((straddle) => ({ row, straddle }))),
  };
}
