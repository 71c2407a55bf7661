import type { Staff } from '../cost/people.js';
import type { Demand } from '../scenario/demand.js';
import { type Candidate, unitsOfShare } from './candidate.js';
import type { Option } from './option.js';

/**
 * Options that take these slices for at most this much (USD a month) in place of another one, none of them dropped for being
 * beaten on cost. They count by people first, then by a score.
 */
export type Twins = {
  slices: readonly number[];
  usd: number;
  /** Whether an option may matter at all beside the one in place. */
  better(option: Option): boolean;
  score(option: Option): number;
  outranks(score: number, other: number): boolean;
  /** Whether the plan with it in place may be advised. */
  stands(candidate: Candidate): boolean;
};

/** What twins found so far leave of others: those of a lower score that ask for no fewer people do not matter any more. */
export type TwinBar = {
  note(candidate: Candidate, score: number): void;
  /** Whether a score is too low for an option with these people, of so many units at the least. */
  isBelow(score: number, staff: Staff, provider: string, units: number): boolean;
};

export function twinBar({ slices, outranks, stands }: Twins, demand: Demand): TwinBar {
  const found: { score: number; staff: Staff; provider: string; units: number }[] = [];
  return {
    note(candidate, score) {
      const { staff, provider } = candidate;
      const units = unitsOfShare(candidate, slices, demand);
      const isAhead = found.every((one) => outranks(score, one.score) || !asksNoMore(one, { staff, provider, units }));
      if (isAhead && stands(candidate)) found.push({ score, staff, provider, units });
    },
    isBelow: (score, staff, provider, units) =>
      found.some((one) => outranks(one.score, score) && asksNoMore(one, { staff, provider, units })),
  };
}

type People = { staff: Staff; provider: string; units: number };

/** Whether one asks for no more people than the other in any plan: the same set-up, roles and integrations, and no more GPUs. */
function asksNoMore(one: People, other: People): boolean {
  const [x, y] = [one.staff, other.staff];
  return (
    x.setup === y.setup &&
    x.fleet === y.fleet &&
    x.api === y.api &&
    (!x.api || one.provider === other.provider) &&
    x.role?.name === y.role?.name &&
    (x.role?.fte ?? 0) <= (y.role?.fte ?? 0) &&
    (x.role?.perUnit !== true || one.units <= other.units) &&
    one.units * x.gpusPerUnit <= other.units * y.gpusPerUnit
  );
}

/** Models of one's own as twins: their scores by their place in the list, and the places of those that matter, best first. */
export type Ranked = { scores: readonly number[]; order: readonly number[] };

export function ranked(items: readonly { option: Option }[], { score, better }: Twins): Ranked {
  const scores = items.map(({ option }) => score(option));
  const order = [...items.keys()]
    // What is shared by all volumes has every model.
    .filter((i) => better((items[i] as { option: Option }).option))
    .sort((a, b) => (scores[b] as number) - (scores[a] as number));
  return { scores, order };
}
