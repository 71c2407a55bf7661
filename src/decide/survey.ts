import { fteUsdPerMonth, turnsDown } from '../cost/people.js';
import {
  type Candidate,
  dropDominated,
  leastCost,
  leastUpfrontUsd,
  onceCost,
  unitsOfShare,
} from '../placements/candidate.js';
import { mayCrowdDesks } from '../placements/on-prem.js';
import type { Case, Placement, Search } from '../placements/placement.js';
import { placements } from '../placements/registry.js';
import type { Demand } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import { admission, type Considered } from './admission.js';
import { type Assignment, ownsOnce, planUsd, planUsdAndPeople } from './assignment.js';
import { askedBeforehand, type Beforehand, nothingAsked } from './beforehand.js';
import { mayRun } from './gates/gate.js';
import { gates } from './gates/registry.js';
import { planVerdicts } from './option-report.js';
import { overBudget } from './over-budget.js';
import { pricedAssignment } from './priced-assignment.js';
import type { WaysAsked } from './rules-alone.js';
import type { SearchRule } from './search.js';
import { failovers } from './slicings/failover.js';
import { overflows } from './slicings/overflow.js';

/** Every candidate that may matter, by kind, and what was counted on the way. */
export type Survey = {
  rule: SearchRule;
  /** Without those that another one stands for. */
  byKind: Map<Kind, Candidate[]>;
  undropped: Map<Kind, Candidate[]>;
  seenOf: Map<Kind, Considered>;
  considered: Considered;
  /** Of kinds asked beforehand, which slices some option may serve: false is certain. */
  served: ReadonlyMap<Kind, readonly boolean[]>;
  /** Candidates of two places: own capacity with an API above it, a provider with another behind it. */
  pairs: Candidate[];
};

/** What to look at: by default every kind of place, and the best of each whatever it costs. */
export type Scope = {
  among?: readonly Placement[];
  /** USD a month from which on plans do not matter, and with it what kinds could do alone. */
  below?: number;
  /** A rule left out. */
  ignore?: string;
  /** Ways to cut the tasks up that are looked at; absent: all. */
  ways?: WaysAsked;
};

/** Looks at kinds of place, cheap kinds first: what they cost bounds what others may cost. */
export function survey(asked: Case, { among = placements, below, ignore }: Scope = {}): Survey {
  // Kinds of place share what they have in common, also where nothing is shared with other cases.
  const of: Case = { ...asked, memo: asked.memo ?? new Map() };
  const { demand } = of;
  const considered: Considered = { total: 0, feasible: 0, rejectedBy: new Map() };
  const rule: SearchRule = {
    maxDeployments: demand.rules.maxDeployments,
    budget: demand.assume('searchBoundBudget'),
    tieBand: demand.assume('tieBand'),
    runnerUp: true,
    ruled: hasPlanRules(demand),
    allows: allowedIn(of),
  };
  const byKind = new Map<Kind, Candidate[]>();
  const undropped = new Map<Kind, Candidate[]>();
  const seenOf = new Map<Kind, Considered>();
  const apis: Candidate[] = [];
  const machines: Candidate[] = [];
  const upper = upperBound(apis, machines, of, rule);
  const tie = 1 + rule.tieBand;
  const unwanted = new Set(demand.rules.exclude);
  const mayPair = rule.maxDeployments >= 2 && among === placements;
  const all = demand.slices.map((_, s) => s);
  const elsewhere = new Float64Array(all.length).fill(Number.POSITIVE_INFINITY);
  let cut = below ?? Number.POSITIVE_INFINITY;
  const moves = (): boolean => demand.growth.length > 1 && apis.some(({ months }) => (months?.() ?? null) !== null);
  /** The cheapest plan met of every kind: of different kinds each, as APIs count alone. */
  const met: number[] = [];
  const always = { belowCut: below !== undefined, elsewhere, ruled: rule.ruled };
  const rules = () => ({
    runnerUp: met.sort((a, b) => a - b)[1] ?? Number.POSITIVE_INFINITY,
    tie,
    ...always,
  });
  const ruledBy = () => ({
    ...always,
    leavesPeaks: mayPair && !unwanted.has('overflow') && apis.length > 0,
    ...(ignore !== undefined && { ignore }),
  });
  /** Asked when the kinds that are quick to look at are known. */
  let beforehand: Beforehand | null = null;
  // Quick kinds come first: what they cost bounds what others may cost.
  let left = among.toSorted((a, b) => a.effort - b.effort);
  for (let [first] = left; first !== undefined; [first] = left) {
    let cheapest = Number.POSITIVE_INFINITY;
    const noting: Search['upper'] = (candidate, rest, under) => {
      const usd = upper(candidate, rest, under);
      if (!perToken || !rest) cheapest = Math.min(cheapest, usd);
      return usd;
    };
    const [best = Number.POSITIVE_INFINITY] = met.sort((a, b) => a - b);
    cut = Math.min(cut, best * tie);
    if (first.serves !== undefined && beforehand === null) {
      // Where nothing found so far serves every task, or the rules about whole plans let none of it through, nothing bounds what
      // machines may cost: what none of them serves in time at least tells what is billed beside them, or that there is no plan.
      // Nor does anything bound what a kind costs alone that takes too long to start for some task, whatever it costs.
      const unbounded = cut === Number.POSITIVE_INFINITY && (all.length > 1 || isTimed(of));
      const inTime = ({ sleeps }: Placement) => unbounded || (sleeps === true && below === undefined && isTimed(of));
      beforehand = askedBeforehand(left, apis, machines, { ...ruledBy(), inTime }, of);
      // Before what any plan takes is looked at, there is none to bound the others.
      const { needed } = beforehand;
      left = left.toSorted((a, b) => Number(needed.has(b.kind)) - Number(needed.has(a.kind)));
    }
    const [{ kind, candidates, perToken }, ...rest] = left as [Placement, ...Placement[]];
    left = rest;
    const { isLost, isUnserved, served, onApis } = beforehand ?? nothingAsked;
    if (isLost || (isUnserved && below !== undefined)) break;
    // What there is to choose from is counted all the same.
    if (isUnserved) cut = 0;
    const { search, considered: seen } = admission(of, {
      ...rules(),
      ...ruledBy(),
      served: served.get(kind) ?? [],
      onApis,
      cut,
      upper: noting,
      moving: moves(),
    });
    const found = candidates(of, search);
    undropped.set(kind, found);
    byKind.set(kind, dropDominated(found));
    (perToken ? apis : machines).push(...(byKind.get(kind) ?? []));
    for (const { linear } of perToken ? found : []) {
      for (const s of all) if ((linear[s] as number) < (elsewhere[s] as number)) elsewhere[s] = linear[s] as number;
    }
    seenOf.set(kind, seen);
    considered.total += seen.total;
    considered.feasible += seen.feasible;
    for (const [gate, count] of seen.rejectedBy)
      considered.rejectedBy.set(gate, (considered.rejectedBy.get(gate) ?? 0) + count);
    // Single options are a quick upper bound of what a plan must cost to matter.
    for (const candidate of byKind.get(kind) ?? []) cut = Math.min(cut, noting(candidate, false, cut) * tie);
    met.push(cheapest);
  }
  // Ties go by the order in which kinds are shown.
  const inOrder = new Map(among.map(({ kind }) => [kind, byKind.get(kind) ?? []]));
  const fleets = [...inOrder.values()].flat().filter(({ fleet }) => fleet !== null);
  const pairs =
    !mayPair || beforehand?.isLost
      ? []
      : [
          ...(unwanted.has('overflow') ? [] : overflows(fleets, apis, demand)),
          ...(unwanted.has('failover') ? [] : failovers(of, { ...rules(), cut, upper })),
        ];
  return { rule, byKind: inOrder, undropped, seenOf, considered, served: beforehand?.served ?? new Map(), pairs };
}

/** Prices quick plans: everything on one candidate, or what it may not serve on the APIs or the machines that suit it best. */
function upperBound(
  apis: readonly Candidate[],
  machines: readonly Candidate[],
  of: Case,
  rule: SearchRule,
): Search['upper'] {
  const { demand } = of;
  const all = demand.slices.map((_, s) => s);
  const rests = new Map<string, Assignment | null>();
  const costOn = (candidate: Candidate, slices: readonly number[]) =>
    slices.reduce((sum, s) => sum + (candidate.linear[s] as number), 0);
  const least = (slices: readonly number[]): Candidate | null =>
    apis.reduce<Candidate | null>((best, api) => {
      const usd = costOn(api, slices);
      return Number.isNaN(usd) || (best !== null && costOn(best, slices) <= usd) ? best : api;
    }, null);
  /** Each slice on the API that suits it best; null where some may be served by none. */
  const apartOn = (slices: readonly number[]): Assignment | null => {
    const apart = new Map<Candidate, number[]>();
    for (const s of slices) {
      const api = least([s]);
      if (api === null) return null;
      apart.set(api, [...(apart.get(api) ?? []), s]);
    }
    return apart.size < rule.maxDeployments ? [...apart].map(([candidate, own]) => ({ candidate, slices: own })) : null;
  };
  const restOf = (slices: readonly number[]): Assignment | null => {
    const one = least(slices);
    const apart = apartOn(slices);
    const plans: Assignment[] = one === null ? [] : [[{ candidate: one, slices: [...slices] }]];
    if (apart !== null) plans.push(apart);
    // Machines take people: they are the rest of a plan only where no API is.
    if (plans.length === 0) {
      for (const candidate of machines)
        if (slices.every((s) => !Number.isNaN(candidate.linear[s] as number)))
          plans.push([{ candidate, slices: [...slices] }]);
    }
    const [cheapest] = plans.map((plan) => ({ plan, usd: planUsd(plan, demand) })).sort((a, b) => a.usd - b.usd);
    return cheapest?.plan ?? null;
  };
  return (candidate, rest, below) => {
    const mine = all.filter((s) => !Number.isNaN(candidate.linear[s] as number));
    const others = all.filter((s) => Number.isNaN(candidate.linear[s] as number));
    if (others.length > 0 && (!rest || rule.maxDeployments < 2)) return Number.POSITIVE_INFINITY;
    // Both lists grow from kind to kind.
    const key = [apis.length, machines.length, ...others].join();
    let served = rests.get(key);
    if (served === undefined) {
      served = others.length === 0 ? [] : restOf(others);
      rests.set(key, served);
    }
    if (served === null) return Number.POSITIVE_INFINITY;
    const elsewhere = served.reduce((sum, one) => sum + costOn(one.candidate, one.slices), 0);
    if (elsewhere + leastCost(candidate, mine, demand) >= below) return Number.POSITIVE_INFINITY;
    const assignment = [{ candidate, slices: mine }, ...served];
    const { usd, turnedDown } = quickly(assignment, demand);
    return usd < below && !turnedDown && rule.allows(assignment) ? usd : Number.POSITIVE_INFINITY;
  };
}

/**
 * What a plan costs, and whether its people, its bill of a mean month or what is paid up front are over a limit: the dearest
 * month is no cheaper.
 */
function quickly(assignment: Assignment, demand: Demand): { usd: number; turnedDown: boolean } {
  const { usd, fte, setupUsd } = planUsdAndPeople(assignment, demand);
  const onceUsd = assignment.reduce((sum, { candidate, slices }) => sum + onceCost(candidate, slices, demand), 0);
  const billedUsd = usd - onceUsd - fteUsdPerMonth(fte, demand) - setupUsd;
  const upfront = ({ candidate, slices }: Assignment[number]) =>
    leastUpfrontUsd(candidate, unitsOfShare(candidate, slices, demand));
  const upfrontUsd = assignment.reduce((sum, one) => sum + upfront(one), 0);
  return { usd, turnedDown: turnsDown({ fte, setupUsd }, billedUsd, demand, upfrontUsd) };
}

/** Whether some task asks for a latency. */
const isTimed = (of: Case): boolean =>
  gates.some(({ level, asks }) => level === 'service' && of.demand.slices.some((slice) => asks?.(slice, of) ?? true));

/** Whether any rule about a whole plan can turn one down. */
const hasPlanRules = (demand: Demand): boolean => hasLimits(demand) || mayCrowdDesks(demand);

const hasLimits = ({ team, rules, existing }: Demand): boolean =>
  (team.given && !team.mayHire) ||
  rules.budgetMonthlyUsd !== null ||
  rules.budgetUpfrontUsd !== null ||
  (rules.maxFte ?? null) !== null ||
  existing.length > 0;

function allowedIn(of: Case): (assignment: Assignment) => boolean {
  const { demand } = of;
  if (!hasPlanRules(demand)) return () => true;
  const isOverBudget = overBudget(of);
  return (assignment) => {
    if (!ownsOnce(assignment) || isOverBudget(assignment)) return false;
    const plan = pricedAssignment(assignment, of);
    if (plan === null || plan.fte > (demand.rules.maxFte ?? Number.POSITIVE_INFINITY)) return false;
    return planVerdicts(plan, of).every(({ verdict }) => mayRun(verdict));
  };
}
