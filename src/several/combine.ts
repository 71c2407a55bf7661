import { kindCount } from '../core/apis.js';
import { secondKinds } from '../core/supply.js';
import { certainlyBelow } from '../units/numeric.js';
import type { Part } from './apis.js';
import { type Board, frontOf, leastUnits } from './board.js';
import { leastWork } from './fits.js';
import { marginAlikeUsd } from './parts.js';
import { type PeopleColumns, type Staffed, sharedPeople } from './people.js';
import type { LeastOfWorkers } from './workers.js';

/** A whole plan, and USD a month with its people and other terms. */
export type Combined = { parts: readonly Part[]; usd: number };

/** What rules limit of a plan: each adds up over its parts. */
type Limited = 'fte' | 'cashUsd' | 'upfrontUsd';

/** What may serve each set of tasks, with what that takes at the least by set. */
type Choices = {
  /** USD a month. */
  least: Float64Array;
  /** Limited totals; null: no rule. */
  limited: Record<Limited, Float64Array> | null;
  /** Cheapest first. */
  partsFor(set: number): readonly Part[];
};

/** Rules that plans are combined under. */
export type CombineRules = {
  people: PeopleColumns;
  /** Deployments of a plan, at most. */
  most: number;
  mostFte: number;
  mostUpfrontUsd: number;
  /** USD that a month may be billed, with people beyond those that are free. */
  mostCashUsd: number;
  freeFte: number;
  /** Rules on whole plans, for a plan that costs less than all before. */
  allows(parts: readonly Part[]): boolean;
};

/**
 * The cheapest plan of disjoint sets that serve all tasks, below a limit; null: none.
 *
 * @param belowUsd USD a month from which plans do not matter
 */
export function combine(
  { least, limited, partsFor }: Choices,
  belowUsd: number,
  { people, most, mostFte, mostUpfrontUsd, mostCashUsd, freeFte, allows }: CombineRules,
): Combined | null {
  const rest = leastSums(least, most);
  const nothing = new Float64Array(least.length);
  const restOf = (what: Limited): readonly Float64Array[] =>
    limited === null ? rest.map(() => nothing) : leastSums(limited[what], most);
  const [restFte, restCashUsd, restUpfrontUsd] = [restOf('fte'), restOf('cashUsd'), restOf('upfrontUsd')];
  const parts: Part[] = [];
  const staffed: Staffed[] = [];
  let best: Combined | null = null;
  let limit = belowUsd;
  go(least.length - 1, 0, 0, 0, 0, 0);
  return best;

  function go(left: number, usd: number, sharedUsd: number, fte: number, upfrontUsd: number, cashUsd: number): void {
    // Every part takes the first task that is left, so that no plan is met twice.
    const lowest = left & -left;
    const others = left ^ lowest;
    const further = most - staffed.length - 1;
    const restUsd = rest[further] as Float64Array;
    for (let more = others; ; more = (more - 1) & others) {
      const set = lowest | more;
      const after = left ^ set;
      const besideUsd = usd + sharedUsd + (restUsd[after] as number);
      const fteAfter = restFte[further]?.[after] as number;
      const cashAfter = restCashUsd[further]?.[after] as number;
      const upfrontAfter = restUpfrontUsd[further]?.[after] as number;
      for (const part of besideUsd + (least[set] as number) < limit ? partsFor(set) : []) {
        // Those after it cost more, and people are never fewer for one deployment more.
        if (besideUsd + part.usd >= limit) break;
        if (part.owned !== -1 && parts.some(({ owned }) => owned === part.owned)) continue;
        if (upfrontUsd + part.upfrontUsd + upfrontAfter > mostUpfrontUsd) continue;
        if (cashUsd + part.cashUsd + cashAfter > mostCashUsd) continue;
        if (staffed.length + deploymentsOf(part) > most) continue;
        parts.push(part);
        staffed.push(part);
        if (part.second !== null) staffed.push(part.second);
        const shared = sharedPeople(people, staffed);
        const allFte = shared.fte + fte + part.fte + fteAfter;
        const cash = cashUsd + part.cashUsd + cashAfter + Math.max(0, allFte - freeFte) * people.usdPerFte;
        const isWithin = allFte <= mostFte && cash <= mostCashUsd;
        if (isWithin && usd + part.usd + (restUsd[after] as number) + shared.usd < limit) {
          if (after !== 0 && staffed.length < most)
            go(after, usd + part.usd, shared.usd, fte + part.fte, upfrontUsd + part.upfrontUsd, cashUsd + part.cashUsd);
          else if (after === 0 && allows(parts)) {
            limit = usd + part.usd + shared.usd;
            best = { parts: [...parts], usd: limit };
          }
        }
        staffed.length -= deploymentsOf(part);
        parts.pop();
      }
      if (more === 0) break;
    }
  }
}

const deploymentsOf = ({ second }: Part): number => (second === null ? 1 : 2);

/**
 * Least USD a month that every set is billed with at most so many deployments: [deployments][set].
 *
 * @param single the same for one deployment
 */
export function leastSums(single: Float64Array, deployments: number): Float64Array[] {
  const none = new Float64Array(single.length).fill(Number.POSITIVE_INFINITY);
  none[0] = 0;
  const sums = [none];
  for (let count = 1; count <= deployments; count++) {
    const fewer = sums[count - 1] as Float64Array;
    const least = Float64Array.from(fewer);
    for (let set = 1; set < single.length; set++) {
      const lowest = set & -set;
      const others = set ^ lowest;
      let most = least[set] as number;
      for (let more = others; ; more = (more - 1) & others) {
        const usd = (single[lowest | more] as number) + (fewer[others ^ more] as number);
        if (usd < most) most = usd;
        if (more === 0) break;
      }
      least[set] = most;
    }
    sums.push(least);
  }
  return sums;
}

/** The rest of a budget, as far as known before parts are made. */
export type Budget = {
  /** USD a month that a set may be billed, so that enough is left for the other tasks. */
  cashUsd: Float64Array;
  /** Whether a set may be on a type of unit. */
  allows(unit: number, set: number): boolean;
};

/**
 * What a budget leaves every set of tasks: the other tasks are billed something wherever they run.
 *
 * @param direct all that may serve a set without machines
 * @param workersLeast what workers cost at the least, see `leastOfWorkers`
 * @param most deployments of a plan
 */
export function budgetOf(
  board: Board,
  direct: readonly Part[],
  workersLeast: LeastOfWorkers,
  most: number,
  { mostCashUsd, mostUpfrontUsd }: Pick<CombineRules, 'mostCashUsd' | 'mostUpfrontUsd'>,
): Budget {
  const { tasks, workload } = board;
  const { supply, sets, bundles, firstLive, live, liveServes } = tasks;
  const { offers } = supply;
  const { hoursPerMonth } = workload;
  const cashPerHour = (offer: number): number =>
    (offers.owned[offer] as number) > 0
      ? 0
      : Math.max(0, (offers.perHour[offer] as number) - (offers.oncePerHour[offer] as number));
  const onUnits = new Float64Array(offers.units.count * sets).fill(Number.POSITIVE_INFINITY);
  const upfront = onUnits.slice();
  /** By bundle: what its requests are billed at the least, wherever they are served. */
  const each = new Float64Array(bundles.length).fill(Number.POSITIVE_INFINITY);
  const lower = (b: number, usd: number): void => {
    each[b] = Math.min(each[b] as number, usd);
  };
  for (const unit of tasks.fleetUnits) {
    const work = leastWork(tasks, board.known, unit);
    const perWork = board.weightedUnits / ((offers.units.copies[unit] as number) * (offers.units.gpus[unit] as number));
    for (const b of bundles.keys()) {
      const units = perWork * (work[1 << b] as number);
      // No model serves it there; what is owned is paid nothing for.
      if (units === Number.POSITIVE_INFINITY) continue;
      for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++)
        if (((liveServes[at] as number) & (1 << b)) !== 0)
          lower(b, units * cashPerHour(live[at] as number) * hoursPerMonth);
    }
    leastUnits(board, unit, work, (set, following, held) => {
      for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++) {
        if ((set & ~(liveServes[at] as number)) !== 0) continue;
        const offer = live[at] as number;
        const count = offers.follows[offer] === 1 ? following : held;
        const on = unit * sets + set;
        onUnits[on] = Math.min(onUnits[on] as number, count * cashPerHour(offer) * hoursPerMonth * certainlyBelow);
        upfront[on] = Math.min(upfront[on] as number, count * (offers.upfront[offer] as number) * certainlyBelow);
      }
    });
  }
  for (const b of bundles.keys()) {
    for (const unit of tasks.serverlessUnits)
      for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++)
        lower(b, workersLeast.on(unit, at, 1 << b, each[b] as number));
    for (const { set, cashUsd } of direct) if (set === 1 << b) lower(b, cashUsd);
  }
  const single = Float64Array.from({ length: sets }, (_, set) =>
    each.reduce((sum, usd, b) => (((set >> b) & 1) === 1 ? sum + usd : sum), 0),
  );
  for (const { set, cashUsd } of direct) single[set] = Math.min(single[set] as number, cashUsd);
  const rest = leastSums(single, most)[most] as Float64Array;
  const cashUsd = single.map((_, set) => mostCashUsd - (rest[sets - 1 - set] as number) * certainlyBelow);
  return {
    cashUsd,
    allows(unit, set) {
      const at = unit * sets + set;
      return (onUnits[at] as number) <= (cashUsd[set] as number) && (upfront[at] as number) <= mostUpfrontUsd;
    },
  };
}

/** What may serve every set, from parts on machines and others; made set by set on demand. */
export function choicesOf(board: Board, others: readonly Part[], taken: Taken, ruled: boolean): Choices {
  const { sets } = board.tasks;
  const othersOf: Part[][] = Array.from({ length: sets }, () => []);
  for (const part of others) if (taken.part(part)) (othersOf[part.set] as Part[]).push(part);
  const least = new Float64Array(sets).fill(Number.POSITIVE_INFINITY);
  for (let set = 1; set < sets; set++) {
    const first = frontOf(board, set).find((part) => taken.part(part));
    least[set] = (othersOf[set] as Part[]).reduce((usd, part) => Math.min(usd, part.usd), first?.usd ?? Infinity);
  }
  const limitedIn = (what: Limited): Float64Array => {
    const fewest = new Float64Array(sets).fill(Number.POSITIVE_INFINITY);
    for (let set = 1; set < sets; set++)
      for (const part of partsFor(set)) if (part[what] < (fewest[set] as number)) fewest[set] = part[what];
    return fewest;
  };
  const sorted: (readonly Part[] | undefined)[] = [];
  const partsFor = (set: number): readonly Part[] => {
    const all = () =>
      [...frontOf(board, set).filter((part) => taken.part(part)), ...(othersOf[set] as Part[])].sort(
        (a, b) => a.usd - b.usd,
      );
    sorted[set] ??= ruled ? all() : notDominated(board, all());
    return sorted[set];
  };
  const limited = ruled
    ? { fte: limitedIn('fte'), cashUsd: limitedIn('cashUsd'), upfrontUsd: limitedIn('upfrontUsd') }
    : null;
  return { least, limited, partsFor };
}

/** Parts for a set, cheapest first, that none before them could replace in any plan without rules. */
function notDominated({ people }: Board, sorted: readonly Part[]): Part[] {
  const keptOf = new Map<number, Part[]>();
  return sorted.filter((part) => {
    const kept = keptOf.get(part.staff) ?? [];
    const isDominated = kept.some(
      (one) =>
        one.owned === -1 &&
        (one.second === null || one.second.provider === part.second?.provider) &&
        (people.api[part.staff] === 0 || one.provider === part.provider) &&
        one.usd + (one.machines > part.machines ? marginAlikeUsd(people, one, part.machines) : 0) <= part.usd,
    );
    if (!isDominated) keptOf.set(part.staff, [...kept, part]);
    return !isDominated;
  });
}

/** Which parts may serve: by set, deployment type of the place and of its second one (-1: none), and whether owned. */
export type TakesPart = (set: number, kind: number, secondKind: number, isOwned: boolean) => boolean;

/** Parts that take part; whether a deployment type may serve a set at all, and with a second place. */
export type Taken = {
  part(part: Part): boolean;
  any(set: number, kind: number): boolean;
  anyPair(set: number, kind: number): boolean;
};

const everything: Taken = { part: () => true, any: () => true, anyPair: () => true };

/** Second places by their own place in the table: none is the first. */
const seconds = [-1, ...secondKinds];
const [unknown, yes, no] = [0, 1, 2];

/** Parts that may serve by a question, whose answers are cached. */
export function takenBy(takes: TakesPart | null, sets: number): Taken {
  if (takes === null) return everything;
  const answers = new Uint8Array(sets * kindCount * seconds.length * 2);
  const isTaken = (set: number, kind: number, second: number, isOwned: boolean): boolean => {
    const at = ((set * kindCount + kind) * seconds.length + seconds.indexOf(second)) * 2 + (isOwned ? 1 : 0);
    if (answers[at] === unknown) answers[at] = takes(set, kind, second, isOwned) ? yes : no;
    return answers[at] === yes;
  };
  return {
    part: ({ set, kind, second, owned }) => isTaken(set, kind, second?.kind ?? -1, owned !== -1),
    any: (set, kind) => seconds.some((second) => isTaken(set, kind, second, false) || isTaken(set, kind, second, true)),
    anyPair: (set, kind) => secondKinds.some((second) => isTaken(set, kind, second, false)),
  };
}
