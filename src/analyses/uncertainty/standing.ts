import type { Plan } from '../../decide/plan.js';
import type { CaseAt } from './draws.js';
import type { UncertainInput } from './inputs.js';
import { isBeyond, type Straddle, straddlesOf } from './rules.js';
import { type Sample, valuesOfInput } from './sample.js';
import { type Simplicity, type Standing, winnersOf } from './winners.js';

/** Whether a plan may run with one input at a value and all others at their likely ones. */
export type StandsAt = (plan: number, input: number, value: number) => boolean;

/** How often rules are looked at again, where they turned down what was best. */
const rounds = 4;

/** Rules that depend on the ranges, for the plans that are best in some draw; draw -1 is that of the likely values. */
export function rulesIn(
  sample: Sample,
  plans: readonly Plan[],
  simplest: Simplicity,
  tieBand: number,
  inputs: readonly UncertainInput[],
  caseAt: CaseAt,
): { stands: Standing; standsAt: StandsAt; straddles: Straddle[] } {
  const known = new Map<number, { base: boolean; straddles: Straddle[] }>();
  const stands: Standing = (p, k) => {
    const rule = known.get(p);
    if (rule === undefined) return true;
    if (k < 0) return rule.base;
    const turned = rule.straddles.some((one) => isBeyond(one, valuesOfInput(sample, one.input)[k] as number));
    return turned !== rule.base;
  };
  for (let round = 0; round < rounds; round++) {
    const winners = new Set(winnersOf(sample, simplest, tieBand, stands));
    const news = [0, ...winners].filter((p, i, all) => p >= 0 && !known.has(p) && all.indexOf(p) === i);
    if (news.length === 0) break;
    const found = straddlesOf(plans, news, inputs, caseAt);
    for (const p of news)
      known.set(p, {
        base: found.base[p] as boolean,
        straddles: found.straddles.filter(({ plan }) => plan === p),
      });
  }
  const standsAt: StandsAt = (p, input, value) => {
    const rule = known.get(p);
    const turned = rule?.straddles.some((one) => one.input === input && isBeyond(one, value)) ?? false;
    return rule === undefined || turned !== rule.base;
  };
  return { stands, standsAt, straddles: [...known.values()].flatMap(({ straddles }) => straddles) };
}
