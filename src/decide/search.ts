import { withSpare } from '../cost/curve.js';
import { turnsDown } from '../cost/people.js';
import {
  type Candidate,
  candidateCost,
  deploymentsOf,
  leastUpfrontUsd,
  onceCost,
  unitsOfShare,
} from '../placements/candidate.js';
import type { Demand, Slice } from '../scenario/demand.js';
import { certainlyBelow } from '../units/last-digits.js';
import { type Assignment, kindsOfAssignment } from './assignment.js';
import { type Group, groupsOf } from './search-groups.js';
import { isFree, linesBelow, linesUnder, peaksOver, slicesByCost, slopes, type Under } from './search-lines.js';
import { type Asking, type People, peopleOf } from './search-people.js';
import { SearchQueue } from './search-queue.js';

export type Found = { assignment: Assignment; usd: number; kinds: string };

export type SearchResult = {
  /** The cheapest plan; null where there is none. */
  best: Found | null;
  /** The cheapest plan met of every combination of kinds (per task), cheapest first: the second is exact too. */
  ofKinds: Found[];
  /** What was met that costs at most (1 + tie band) x the best, allowed or not, for the choice among near equals. */
  near: Found[];
  /** Bounds computed, and how far the best may be from the optimum: 0 when the search was complete. */
  bounds: number;
  gap: number;
};

export type SearchRule = {
  maxDeployments: number;
  budget: number;
  tieBand: number;
  /** USD a month above which plans do not matter: they are left out. */
  below?: number;
  /** Whether the cheapest plan of other kinds is wanted too. */
  runnerUp: boolean;
  /** Whether whole-plan rules (team and budget) can turn a plan down, and whether they let one through. */
  ruled: boolean;
  allows(assignment: Assignment): boolean;
};

/**
 * What some slices cost on a candidate, of that what is billed month by month, the units at the busiest hour, and what is paid
 * for them at the least before they work.
 */
type Share = { usd: number; billedUsd: number; units: number; upfrontUsd: number };

/** Slices on a candidate: their number says which they are, for what is remembered of them. */
type Part = { c: number; slices: number[]; key: number | string };

/** A whole-plan rule takes as long to ask as this many bounds take to compute. */
const boundsPerRule = 100;
const nothing: Share = { usd: 0, billedUsd: 0, units: 0, upfrontUsd: 0 };
/** Sets of groups that are followed down to a first plan each, and rounds in which the best plan's options are exchanged. */
const dives = 48;
const exchanges = 4;
/** Up to so many slices a number tells which of them are chosen. */
const exactBits = 52;

/**
 * The cheapest assignment of slices to candidates with at most `maxDeployments` of them, by branch and bound over sets of
 * deployments, best bound first: sets of groups of candidates at first, of which the group that differs most is split in
 * two until all are single candidates; then the slices are spread over these, largest first.
 *
 * A set costs at least its people and, for every slope of the lines under a fleet's staircase, the starts of its lines, for
 * every slice the least figure of any, and for every deployment the least by which something it serves is dearer there: each
 * serves at least one slice. With slices spread, what a fleet costs with those it has counts as far as it is more.
 *
 * Team and budget turn down a set as soon as its people, its bill or what is paid up front exceed them.
 *
 * The limit is the best plan of other kinds than the best, once one is met, so that the runner-up is exact too: where none
 * was to start from, sets are walked through once more. As the least bound comes first, the best is proven before near
 * equals and runner-up are; where the bounds run out, the least that is open tells how far off the best may be.
 */
export function searchPlans(candidates: readonly Candidate[], demand: Demand, rule: SearchRule): SearchResult {
  const count = demand.slices.length;
  const whole = linesBelow(candidates, demand);
  const order = slicesByCost(candidates, whole, count);
  if (order === null) return { best: null, ofKinds: [], near: [], bounds: 0, gap: 0 };

  const under = linesUnder(candidates, whole, demand);
  const people = peopleOf(candidates, demand);
  const places = Uint8Array.from(candidates, deploymentsOf);
  const peaks = rule.ruled ? peaksOver(candidates, demand) : null;
  const leaves = candidates.map(({ fleet, staff, second: other }, c) => {
    // Beside an overflow a fleet may be as small as one likes.
    const units = fleet === null || other?.role === 'overflow' ? 0 : withSpare(fleet.min, fleet);
    return {
      staffing: people.staffing[c] as number,
      under: under[c] as Under,
      units,
      gpus: units * staff.gpusPerUnit,
      upfront: leastUpfrontUsd(candidates[c] as Candidate, units),
      peaks: peaks && (peaks[c] as Float64Array),
      once: fleet !== null && (fleet.onceUsdPerHour > 0 || (fleet.beyondOwned?.onceUsdPerHour ?? 0) > 0),
    };
  });
  /** Least that a slice is billed a month on any candidate beside others: nothing is known of fleets they may share. */
  const leastBilled = demand.slices.map((_, s) =>
    candidates.reduce((least, { linear }) => {
      const usd = linear[s] as number;
      return Number.isNaN(usd) ? least : Math.min(least, usd);
    }, Number.POSITIVE_INFINITY),
  );
  const allBilled = leastBilled.reduce((sum, usd) => sum + usd, 0);
  const sameAsBefore = order.map((s, d) => d > 0 && alike(s, order[d - 1] as number));
  const lineOf = (c: number, s: number): number => ((under[c] as Under).lines[0] as Float64Array)[s] as number;

  const byKinds = new Map<string, Found>();
  const memo = candidates.map(() => new Map<number | string, Share>());
  let best: Found | null = null;
  let second = Number.POSITIVE_INFINITY;
  let near: Found[] = [];
  let bounds = 0;
  let leastOpen = Number.POSITIVE_INFINITY;
  /** The best is known: only plans of other kinds are still looked for. */
  let isProven = false;

  const wantsRunnerUp = rule.runnerUp && new Set(candidates.map((_, c) => kindOf(c))).size > 1;
  const regret = new Float64Array(rule.maxDeployments);
  const roots = rootSets(groupsOf(candidates, leaves));
  seed();
  dive();
  exchange();
  if (wantsRunnerUp) seedOthers();
  const isBounded = second < Number.POSITIVE_INFINITY;
  walk();
  // What the best is proven by; to look on for a runner-up takes nothing from it.
  const least = leastOpen;
  if (wantsRunnerUp && !isBounded && best !== null) {
    // What was left out cost more than near equals do, which a runner-up may.
    isProven = true;
    seedOthers();
    if (second === Number.POSITIVE_INFINITY) seed(Number.POSITIVE_INFINITY);
    walk();
  }
  const cheapest = best as Found | null;
  const gap = least >= (cheapest?.usd ?? Number.POSITIVE_INFINITY) ? 0 : 1 - least / (cheapest?.usd ?? Infinity);
  return { best: cheapest, ofKinds: [...byKinds.values()].sort((a, b) => a.usd - b.usd), near, bounds, gap };

  /** Sets of groups with the sizes that are allowed, least bound first. */
  function rootSets(groups: readonly Group[]): { set: Group[]; bound: number }[] {
    const sets: { set: Group[]; bound: number }[] = [];
    const add = (set: Group[], from: number): void => {
      if (set.length > 0) {
        const bound = boundOf(set);
        if (bound < limit()) sets.push({ set, bound });
      }
      for (let g = from; g < groups.length; g++) {
        const group = groups[g] as Group;
        const more = [...set, group];
        if (more.filter((one) => one === group).length > group.size || deployed(more) > rule.maxDeployments) continue;
        add(more, g);
      }
    };
    add([], 0);
    return sets.sort((a, b) => a.bound - b.bound);
  }

  function deployed(set: readonly { member: number }[]): number {
    let sum = 0;
    for (let i = 0; i < set.length; i++) sum += places[set[i]?.member as number] as number;
    return sum;
  }

  /** What any plan costs at the least that takes one candidate of each of these groups, all of them serving something. */
  function boundOf(set: readonly Group[]): number {
    bounds++;
    if (set.length > count) return Number.POSITIVE_INFINITY;
    const asked = people.of(set as readonly Asking[]);
    let upfront = 0;
    for (let i = 0; i < set.length; i++) upfront += set[i]?.upfront as number;
    if (rule.ruled && turnsDown(asked, allBilled, demand, upfront)) return Number.POSITIVE_INFINITY;
    let most = 0;
    for (let slope = 0; slope < slopes.length; slope++) {
      let usd = 0;
      for (let i = 0; i < set.length; i++) usd += set[i]?.under.starts[slope] as number;
      for (let i = 0; i < set.length; i++) regret[i] = Number.POSITIVE_INFINITY;
      for (let s = 0; s < count; s++) {
        let least = Number.POSITIVE_INFINITY;
        for (let i = 0; i < set.length; i++) {
          const line = ((set[i] as Group).under.lines[slope] as Float64Array)[s] as number;
          if (line < least) least = line;
        }
        if (least === Number.POSITIVE_INFINITY) return least;
        usd += least;
        for (let i = 0; i < set.length; i++) {
          const more = (((set[i] as Group).under.lines[slope] as Float64Array)[s] as number) - least;
          if (more < (regret[i] as number)) regret[i] = more;
        }
      }
      for (let i = 0; i < set.length; i++) usd += regret[i] as number;
      if (usd > most) most = usd;
    }
    return isOverBudget(set, asked, most, null) ? Number.POSITIVE_INFINITY : asked.usd + most;
  }

  /**
   * Whether a rule turns down what a set costs at the least beside its people in the busiest month, all of it billed month by
   * month. `parts`: slices that are spread already.
   */
  function isOverBudget(set: readonly Group[], asked: People, meanUsd: number, parts: readonly Part[] | null): boolean {
    if (!rule.ruled) return false;
    for (let i = 0; i < set.length; i++) if (set[i]?.once) return false;
    let usd = meanUsd;
    for (let s = 0; peaks !== null && s < count; s++) {
      let more = Number.POSITIVE_INFINITY;
      for (let i = 0; i < set.length; i++) {
        const own = ((set[i] as Group).peaks as Float64Array)[s] as number;
        if (own < more) more = own;
        if (parts?.[i]?.slices.includes(s) !== true) continue;
        more = own;
        break;
      }
      usd += more;
    }
    return turnsDown(asked, usd, demand);
  }

  /** The group that differs most; null where all are single candidates. */
  function widestOf(set: readonly Group[]): Group | null {
    let widest: Group | null = null;
    for (const group of set) {
      if (group.halves === null) continue;
      if (
        widest === null ||
        group.spread > widest.spread ||
        (group.spread === widest.spread && group.size > widest.size)
      )
        widest = group;
    }
    return widest;
  }

  /** Every way to take from the halves of a group instead of from the whole. */
  function splitSet(set: readonly Group[], widest: Group): Group[][] {
    const [left, right] = widest.halves as readonly [Group, Group];
    const rest = set.filter((group) => group !== widest);
    const times = set.length - rest.length;
    const sets: Group[][] = [];
    for (let n = Math.min(times, left.size); n >= 0; n--) {
      if (times - n > right.size) continue;
      sets.push([...rest, ...new Array<Group>(n).fill(left), ...new Array<Group>(times - n).fill(right)]);
    }
    return sets;
  }

  /** The best bound first, until it reaches the limit or the budget is used up. */
  function walk(): void {
    const queue = new SearchQueue<Group[]>();
    for (const { set, bound } of roots) queue.put(set, bound);
    for (let next = queue.take(); next !== null; next = queue.take()) {
      const { item: set, bound } = next;
      if (bound >= limit()) return;
      if (bounds > rule.budget) {
        leastOpen = Math.min(leastOpen, bound);
        return;
      }
      if (isProven && isLikeBest(set)) continue;
      const widest = widestOf(set);
      if (widest === null) spread(set, limit());
      else
        for (const half of splitSet(set, widest)) {
          const least = boundOf(half);
          if (least < limit()) queue.put(half, Math.max(least, bound));
        }
    }
  }

  /** Whether every plan of a set is of the kinds of the best: members of a group are of one kind. */
  function isLikeBest(set: readonly Group[]): boolean {
    const kind = kindOf(set[0]?.member as number);
    return set.every(({ member }) => kindOf(member) === kind) && new Array(count).fill(kind).join() === best?.kinds;
  }

  /** First plans of the most promising sets. */
  function dive(): void {
    for (const { set: root, bound } of roots.slice(0, dives)) {
      if (bound >= toBeat()) return;
      let set = root;
      let least = bound;
      for (let widest = widestOf(set); widest !== null && least < Number.POSITIVE_INFINITY; widest = widestOf(set)) {
        least = Number.POSITIVE_INFINITY;
        for (const half of splitSet(set, widest)) {
          const usd = boundOf(half);
          if (usd < least) [set, least] = [half, usd];
        }
      }
      if (least < toBeat()) spread(set, toBeat());
    }
  }

  /** The best plan with one of its options exchanged for any other, left out, or one more. */
  function exchange(): void {
    const singles = candidates.map((_, c) => leafOf(c));
    for (let round = 0; round < exchanges; round++) {
      const start = best as Found | null;
      if (start === null) return;
      const now = start.assignment.map(({ candidate }) => singles[candidates.indexOf(candidate)] as Group);
      for (let i = 0; i <= now.length; i++) {
        const others = now.filter((_, at) => at !== i);
        if (i < now.length && others.length > 0) tryLeaves(others);
        for (const single of singles) {
          if (now.includes(single)) continue;
          others.push(single);
          tryLeaves(others);
          others.pop();
        }
      }
      if (best === start) return;
    }
  }

  function tryLeaves(set: Group[]): void {
    const most = (best as Found).usd;
    if (deployed(set) <= rule.maxDeployments && boundOf(set) < most) spread(set, most);
  }

  function leafOf(c: number): Group {
    const { provider } = candidates[c] as Candidate;
    return { ...(leaves[c] as (typeof leaves)[number]), member: c, size: 1, provider, spread: 0, halves: null };
  }

  /** Spreads the slices over a set of single candidates, each of which serves something. */
  function spread(set: readonly Group[], below: number): void {
    const owned = set.flatMap(({ member }) => candidates[member]?.owns ?? []);
    if (new Set(owned).size < owned.length) return;
    const parts = set.map(({ member }): Part => ({ c: member, slices: [], key: '' }));
    const shares = parts.map((): Share => nothing);
    const asking = set.map((leaf): Asking => ({ ...leaf }));
    const oneKind = new Set(set.map(({ member }) => kindOf(member))).size === 1;
    let bestHere = Number.POSITIVE_INFINITY;
    descend(0, allBilled, 0);

    function descend(depth: number, billedRest: number, from: number): void {
      if (depth === count) {
        // A plan that a rule turns down says nothing of others over the same deployments.
        const usd = usdOf(parts, shares);
        if (tryPlan(parts, usd, below) || !rule.ruled) bestHere = Math.min(bestHere, usd);
        return;
      }
      const slice = (order as number[])[depth] as number;
      const unused = parts.reduce((sum, { slices }) => sum + (slices.length === 0 ? 1 : 0), 0);
      const tried: { i: number; share: Share; key: Part['key']; bound: number }[] = [];
      const billed = billedRest - (leastBilled[slice] as number);
      // Slices that are alike go to deployments in their order: exchanging them changes nothing.
      for (let i = sameAsBefore[depth] ? from : 0; i < parts.length; i++) {
        const part = parts[i] as Part;
        if (lineOf(part.c, slice) === Number.POSITIVE_INFINITY) continue;
        if (count - depth - 1 < unused - (part.slices.length === 0 ? 1 : 0)) continue;
        part.slices.push(slice);
        const before = shares[i] as Share;
        const key = keyOf(part, slice);
        const share = shareOf(part.c, part.slices, key);
        shares[i] = share;
        bounds++;
        const bound = lowerBound(depth + 1, billed);
        shares[i] = before;
        part.slices.pop();
        if (bound < Math.min(below, limit())) tried.push({ i, share, key, bound });
      }
      tried.sort((a, b) => a.bound - b.bound);
      for (const { i, share, key, bound } of tried) {
        // Of the ways to spread slices over the same deployments only the cheapest counts, unless it takes other kinds.
        const most = oneKind || !wantsRunnerUp ? bestHere : Math.max(bestHere, second);
        if (bound >= Math.min(below, limit(), most)) continue;
        if (bounds > rule.budget) {
          leastOpen = Math.min(leastOpen, bound);
          continue;
        }
        const part = parts[i] as Part;
        const [shareBefore, keyBefore] = [shares[i] as Share, part.key];
        part.slices.push(slice);
        part.key = key;
        shares[i] = share;
        descend(depth + 1, billed, i);
        part.slices.pop();
        part.key = keyBefore;
        shares[i] = shareBefore;
      }
    }

    /** Infinite where a rule about the whole plan turns down what is spread so far. */
    function lowerBound(depth: number, billedRest: number): number {
      let billed = billedRest;
      let upfront = 0;
      for (let i = 0; i < parts.length; i++) {
        const leaf = set[i] as Group;
        const share = shares[i] as Share;
        billed += share.billedUsd;
        upfront += share === nothing ? leaf.upfront : share.upfrontUsd;
        const asks = asking[i] as Asking;
        asks.units = share === nothing ? leaf.units : share.units;
        asks.gpus = share === nothing ? leaf.gpus : share.units * (candidates[leaf.member]?.staff.gpusPerUnit ?? 0);
      }
      const asked = people.of(asking);
      if (rule.ruled && turnsDown(asked, billed, demand, upfront)) return Number.POSITIVE_INFINITY;
      let most = 0;
      for (let slope = 0; slope < slopes.length; slope++) {
        const share = slopes[slope] as number;
        let usd = 0;
        for (let i = 0; i < parts.length; i++) {
          const { slices } = parts[i] as Part;
          const { starts, lines } = (set[i] as Group).under;
          const line = lines[slope] as Float64Array;
          let along = starts[slope] as number;
          for (let j = 0; j < slices.length; j++) along += line[slices[j] as number] as number;
          // What it costs with what it has only grows, and so does the line below it: a mean of two bounds is one.
          const steepest = lines[0] as Float64Array;
          let steep = starts[0] as number;
          for (let j = 0; j < slices.length; j++) steep += steepest[slices[j] as number] as number;
          usd += Math.max(along, (1 - share) * (shares[i] as Share).usd + share * steep);
        }
        for (let d = depth; d < count; d++) {
          const s = (order as number[])[d] as number;
          let least = Number.POSITIVE_INFINITY;
          for (let i = 0; i < set.length; i++) {
            const line = ((set[i] as Group).under.lines[slope] as Float64Array)[s] as number;
            if (line < least) least = line;
          }
          usd += least;
        }
        if (usd > most) most = usd;
      }
      return isOverBudget(set, asked, most, parts) ? Number.POSITIVE_INFINITY : asked.usd + most;
    }
  }

  /** Good plans to start from: every slice on one candidate as far as it goes, the rest where it is cheapest. */
  function seed(below?: number): void {
    const cheapestApi = demand.slices.map((_, s) =>
      candidates.reduce<number | null>(
        (least, candidate, c) =>
          !isFree(candidate) || !(lineOf(c, s) < (least === null ? Number.POSITIVE_INFINITY : lineOf(least, s)))
            ? least
            : c,
        null,
      ),
    );
    for (const [c, { linear }] of candidates.entries()) {
      const whereOf = (s: number): number | null => (Number.isNaN(linear[s] as number) ? (cheapestApi[s] ?? null) : c);
      const most = below ?? limit();
      // The lines alone tell that most of them are too dear.
      let least = (under[c] as Under).starts[0] as number;
      for (let s = 0; s < count; s++) least += lineOf(whereOf(s) ?? c, s);
      if (least * certainlyBelow > most) continue;
      const plan = new Map<number, number[]>([[c, []]]);
      for (const s of order as number[]) {
        const where = whereOf(s);
        if (where === null) break;
        plan.set(where, [...(plan.get(where) ?? []), s]);
      }
      tryWhole(plan, most);
    }
  }

  /** The best so far with one slice on another kind: a first runner-up, which bounds the search for the cheapest. */
  function seedOthers(): void {
    const start = best as Found | null;
    if (start === null) return;
    for (const s of order as number[]) {
      const now = start.assignment.find(({ slices }) => slices.includes(s))?.candidate.kind;
      const tried = new Set([now]);
      const choices = Array.from(candidates.keys())
        .filter((c) => lineOf(c, s) < Number.POSITIVE_INFINITY)
        .sort((a, b) => lineOf(a, s) - lineOf(b, s));
      for (const c of choices) {
        const { kind } = candidates[c] as Candidate;
        if (tried.has(kind)) continue;
        const plan = new Map(
          start.assignment.map(({ candidate, slices }) => [
            candidates.indexOf(candidate),
            slices.filter((one) => one !== s),
          ]),
        );
        plan.set(c, [...(plan.get(c) ?? []), s]);
        // Of a kind the rules may let a dearer one in.
        if (tryWhole(plan, Number.POSITIVE_INFINITY) || !rule.ruled) tried.add(kind);
      }
    }
  }

  /** A plan thought of as a whole, if it is one. */
  function tryWhole(plan: ReadonlyMap<number, readonly number[]>, below: number): boolean {
    const parts = [...plan].flatMap(([c, own]): Part[] => {
      if (own.length === 0) return [];
      const slices = (order as number[]).filter((s) => own.includes(s));
      const part: Part = { c, slices: [], key: '' };
      for (const s of slices) {
        part.slices.push(s);
        part.key = keyOf(part, s);
      }
      return [part];
    });
    const served = parts.reduce((sum, { slices }) => sum + slices.length, 0);
    if (served < count || deployed(parts.map(({ c }) => ({ member: c }))) > rule.maxDeployments) return false;
    const shares = parts.map(({ c, slices, key }) => shareOf(c, slices, key));
    const billed = shares.reduce((sum, { billedUsd }) => sum + billedUsd, 0);
    const upfront = shares.reduce((sum, { upfrontUsd }) => sum + upfrontUsd, 0);
    // Quick to tell, where to ask the rules is not.
    if (rule.ruled && turnsDown(askedOf(parts, shares), billed, demand, upfront)) return false;
    return tryPlan(parts, usdOf(parts, shares), below);
  }

  /** What the first plans have to cost less than. */
  function toBeat(): number {
    return best?.usd ?? rule.below ?? Number.POSITIVE_INFINITY;
  }

  /** Plans dearer than this can neither win, nor be the best of other kinds, nor be a near equal. */
  function limit(): number {
    const most = rule.below ?? Number.POSITIVE_INFINITY;
    if (best === null || (isProven && second === Number.POSITIVE_INFINITY)) return most;
    const matters = Math.max(
      wantsRunnerUp && second < Number.POSITIVE_INFINITY ? second : 0,
      best.usd * (1 + rule.tieBand),
    );
    return Math.min(matters, most);
  }

  function keyOf({ key, slices }: Part, slice: number): Part['key'] {
    // Up to here every set of slices has a number of its own.
    if (count <= exactBits) return (key === '' ? 0 : (key as number)) + 2 ** slice;
    return slices.join();
  }

  function shareOf(c: number, slices: readonly number[], key: Part['key']): Share {
    let share = memo[c]?.get(key);
    if (share === undefined) {
      const candidate = candidates[c] as Candidate;
      const usd = candidateCost(candidate, slices, demand);
      const units = unitsOfShare(candidate, slices, demand);
      share = {
        usd,
        billedUsd: usd - onceCost(candidate, slices, demand),
        units,
        upfrontUsd: leastUpfrontUsd(candidate, units),
      };
      memo[c]?.set(key, share);
    }
    return share;
  }

  /** People of a plan. */
  function askedOf(parts: readonly Part[], shares: readonly Share[]): ReturnType<typeof people.of> {
    return people.of(
      parts.map(({ c }, i) => {
        const { units } = shares[i] as Share;
        const { staff, provider } = candidates[c] as Candidate;
        return { staffing: people.staffing[c] as number, provider, units, gpus: units * staff.gpusPerUnit };
      }),
    );
  }

  function usdOf(parts: readonly Part[], shares: readonly Share[]): number {
    return shares.reduce((sum, { usd }) => sum + usd, askedOf(parts, shares).usd);
  }

  function tryPlan(parts: readonly Part[], usd: number, below: number): boolean {
    if (usd > below) return false;
    // Deployments in the order of the first slice they take.
    const first = ({ slices }: Part): number => (order as number[]).indexOf(slices[0] as number);
    const assignment = parts
      .toSorted((a, b) => first(a) - first(b))
      .map(({ c, slices }) => ({ candidate: candidates[c] as Candidate, slices: [...slices] }));
    const found: Found = { assignment, usd, kinds: kindsOfAssignment(assignment) };
    const known = byKinds.get(found.kinds);
    // Whether a plan is allowed takes long to tell; near equals are asked when one of them is chosen.
    const asked = known === undefined || usd < known.usd;
    if (asked && rule.ruled) bounds += boundsPerRule;
    const allowed = asked && rule.allows(assignment);
    if (allowed) {
      byKinds.set(found.kinds, found);
      if (best === null || usd < best.usd) {
        best = found;
        near = near.filter((other) => other.usd <= usd * (1 + rule.tieBand));
      }
      second = Number.POSITIVE_INFINITY;
      for (const { kinds, usd: other } of byKinds.values()) if (kinds !== best.kinds) second = Math.min(second, other);
    }
    if (best !== null && usd <= best.usd * (1 + rule.tieBand)) near.push(found);
    return allowed;
  }

  function kindOf(c: number): string {
    const { kind, second: other } = candidates[c] as Candidate;
    return other === undefined ? kind : `${kind}+${other.candidate.kind}`;
  }

  /** Whether two slices cost the same everywhere. */
  function alike(a: number, b: number): boolean {
    const [x, y] = [demand.slices[a] as Slice, demand.slices[b] as Slice];
    return (
      x.hours === y.hours &&
      x.scales === y.scales &&
      x.batchable === y.batchable &&
      candidates.every(
        ({ linear, fleet }) =>
          Object.is(linear[a], linear[b]) && (fleet === null || Object.is(fleet.need[a], fleet.need[b])),
      )
    );
  }
}
