import { fteOf, peopleUsd, type Staff, setupUsd, staffingOf, turnsDown } from '../cost/people.js';
import type { Demand } from '../scenario/demand.js';
import { type Candidate, candidateCost, leastCost, unitsOfShare } from './candidate.js';
import type { Item } from './own-items.js';
import type { Search } from './placement.js';

/**
 * What plans with this kind cost at most, from what was found so far (`usd`): alone (everything on one candidate, or every
 * slice on its own where that are few enough), and with APIs for what it may not serve. Candidates that cost more at the
 * least matter to neither, nor those that leave a `rest` to others of the kind which costs so much at the least. `beside`: with
 * other kinds alone. `anyway`: for what rules about whole plans turn down, which only matters as what the kind could do
 * alone if they did not.
 */
export function kindBound(
  items: readonly Item[],
  { cut, tie, upper, ruled, belowCut, runnerUp, below, served }: Search,
  demand: Demand,
): {
  usd(rest?: number): number;
  beside(): number;
  anyway(): number;
  note(candidate: Candidate, people: number, ruledOut: boolean): void;
} {
  // Each slice is bounded for itself.
  if (below !== null) {
    const most = (): number => below.reduce((most, usd) => Math.max(most, usd), 0);
    return { usd: most, beside: () => 0, anyway: most, note() {} };
  }
  const all = demand.slices.map((_, s) => s);
  const mayBeAlone = all.every((s) => served[s] !== false && items.some(({ serves }) => serves[s] === true));
  const few = !ruled && all.length <= demand.rules.maxDeployments;
  /** Of every slice the candidate on which it alone costs least, people included. */
  const single: (Single | null)[] = all.map(() => null);
  let apart = Number.POSITIVE_INFINITY;
  let together = Number.POSITIVE_INFINITY;
  let mixed = Number.POSITIVE_INFINITY;
  let unruled = Number.POSITIVE_INFINITY;
  const beside = (): number => {
    const withinTie = Math.min(cut, mixed * tie);
    if (belowCut || (mixed === Number.POSITIVE_INFINITY && runnerUp === Number.POSITIVE_INFINITY)) return withinTie;
    return Math.max(withinTie, Math.min(mixed, runnerUp));
  };
  return {
    usd: (rest = 0) => (belowCut || !mayBeAlone ? beside() : Math.max(beside(), Math.min(together, apart) - rest)),
    beside,
    // What may run goes before what may not.
    anyway: () => (belowCut || !mayBeAlone || together < Number.POSITIVE_INFINITY ? 0 : unruled),
    note(candidate, people, ruledOut) {
      const served = all.filter((s) => !Number.isNaN(candidate.linear[s] as number));
      const atLeast = people + leastCost(candidate, served, demand);
      if (ruledOut) {
        if (served.length === all.length && atLeast < unruled)
          unruled = Math.min(unruled, aloneUsd(candidate, all, demand));
        return;
      }
      if (served.length === all.length) {
        if (atLeast < together * lower) together = Math.min(together, upper(candidate, false, together * lower));
        mixed = Math.min(mixed, together);
      } else if (atLeast < mixed * lower) mixed = Math.min(mixed, upper(candidate, true, mixed * lower));
      if (!few || !mayBeAlone) return;
      let better = false;
      for (const s of served) {
        const known = single[s]?.usd ?? Number.POSITIVE_INFINITY;
        if (people + leastCost(candidate, [s], demand) >= known) continue;
        const { machinesUsd, part } = partOn(candidate, [s], demand);
        const usd = machinesUsd + peopleUsd(staffingOf([part]), demand);
        if (usd >= known) continue;
        single[s] = { usd, machinesUsd, part };
        better = true;
      }
      if (better && single.every((one) => one !== null)) apart = Math.min(apart, apartUsd(single, demand));
    },
  };
}

type Part = { machinesUsd: number; part: Parameters<typeof staffingOf>[0][number] };

/** Slices on a candidate: USD a month without people, and what they ask of people. */
function partOn(candidate: Candidate, slices: readonly number[], demand: Demand): Part {
  const { provider, staff } = candidate;
  const units = unitsOfShare(candidate, slices, demand);
  return { machinesUsd: candidateCost(candidate, slices, demand), part: { provider, staff, units } };
}

function aloneUsd(candidate: Candidate, slices: readonly number[], demand: Demand): number {
  const { machinesUsd, part } = partOn(candidate, slices, demand);
  return machinesUsd + peopleUsd(staffingOf([part]), demand);
}

/** A bound is moved by one that is lower by a hundredth at least: each takes a plan to be priced. */
const lower = 0.99;

type Single = Part & { usd: number };

/** Every slice on its own: a plan that there is, with the people it takes as a whole. */
const apartUsd = (parts: readonly Single[], demand: Demand): number =>
  parts.reduce(
    (sum, { machinesUsd }) => sum + machinesUsd,
    peopleUsd(staffingOf(parts.map(({ part }) => part)), demand),
  );

/**
 * What slices that no model of our own may serve anywhere cost elsewhere at the least: every plan pays it. Infinite where
 * nothing serves some slice, so that there is no plan.
 */
export const besides = (items: readonly Item[], { elsewhere, onApis }: Search): number =>
  elsewhere.reduce((sum, usd, s) => {
    const isPaid = Number.isFinite(usd) && items.every(({ serves }) => serves[s] !== true);
    return isPaid || onApis[s] === true ? sum + usd : sum;
  }, 0);

/** People and set-up that any fleet of so many units needs, and with it others that are like it and empty. */
export function peopleFloor(staff: Staff, units: number, demand: Demand, fleets = 1): number {
  const all = Array.from({ length: fleets }, (_, i) => ({ provider: '', staff, units: i === 0 ? units : 0 }));
  return peopleUsd(staffingOf(all), demand);
}

/**
 * Whether a rule about whole plans turns down any plan with so many units, for its people, what others bill and what the units
 * cost up front (USD) alone.
 */
export function ruledOut(staff: Staff, units: number, besideUsd: number, demand: Demand, upfrontUsd = 0): boolean {
  const staffing = staffingOf([{ provider: '', staff, units }]);
  const people = { fte: fteOf(staffing, demand.assume), setupUsd: setupUsd(staffing, demand) / demand.months };
  return turnsDown(people, besideUsd, demand, upfrontUsd);
}
