import type { Staff } from '../cost/people.js';
import type { Demand } from '../scenario/demand.js';
import { type Candidate, candidateCost, unitsOfShare } from './candidate.js';
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

/**
 * What twins found so far leave of others: those that ask for no fewer people do not matter any more if they have a lower
 * score, or no higher one at a higher cost.
 */
export type TwinBar = {
  note(candidate: Candidate, score: number): void;
  /** Of options that ask for these people at the least: whether one with a score matters still, at so many USD a month. */
  leaves(people: People): (score: number, usd: number) => boolean;
};

type Found = People & { score: number; usd: number };

export function twinBar({ slices, usd: most, outranks, stands }: Twins, demand: Demand): TwinBar {
  // Another list as soon as one is found, so that who has looked at one sees that there is more.
  let found: readonly Found[] = [];
  const leaves: TwinBar['leaves'] = (people) => {
    let looked: readonly Found[] = [];
    let rivals: readonly Found[] = [];
    return (score, usd) => {
      if (usd > most) return false;
      if (looked !== found) {
        looked = found;
        rivals = found.filter((one) => asksNoMore(one, people));
      }
      for (let i = 0; i < rivals.length; i++) {
        const one = rivals[i] as Found;
        if (outranks(one.score, score) || (one.score >= score && one.usd < usd)) return false;
      }
      return true;
    };
  };
  return {
    note(candidate, score) {
      const { staff, provider } = candidate;
      const people = { staff, provider, units: unitsOfShare(candidate, slices, demand) };
      const usd = candidateCost(candidate, slices, demand);
      if (!leaves(people)(score, usd) || !stands(candidate)) return;
      // What this one is as good as in everything turns nothing down that it does not.
      const isLeft = (one: Found): boolean => one.score > score || one.usd < usd || !asksNoMore(people, one);
      found = [...found.filter(isLeft), { ...people, score, usd }];
    },
    leaves,
  };
}

export type People = { staff: Staff; provider: string; units: number };

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
