import { numberOf } from '../core/apis.js';
import type { Option } from '../places/option.js';
import { madeOnce } from '../units/memo.js';
import { certainlyAbove } from '../units/numeric.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import type { Part } from './apis.js';
import { type Board, boardOf, forgetParts, frontOf, leastOn } from './board.js';
import {
  budgetOf,
  type Combined,
  type CombineRules,
  choicesOf,
  combine,
  leastSums,
  type TakesPart,
  takenBy,
} from './combine.js';
import { type FitsCache, forgetOutdated, type LatencyCache } from './fits.js';
import { leastOfPairs, overflowParts } from './overflow.js';
import { apiParts, deviceParts, lazyParts, type Most, optionOfPart } from './parts.js';
import { askFirstTokens, askTargets, openOf, provisionedParts } from './provisioned.js';
import type { Tasks } from './tasks.js';
import type { Terms } from './terms.js';
import { barsOf, leastOnUnits, leastPeopleUnder, noBars, seed, widen } from './widen.js';
import { leastOfWorkers, workerParts } from './workers.js';

/** The place of some tasks, and a second API for the same requests. */
export type Placed = {
  option: Option;
  second?: { role: 'overflow' | 'failover'; option: Option };
  taskParts: TaskPart[];
};

/** Whether rules on whole plans allow places; null: not checked. */
export type PlanLimits = ((places: readonly Placed[], workload: Workload) => boolean) | null;

/** A plan for several tasks: USD a month, and the terms in it besides bill and people. */
export type SeveralPlan = { places: readonly Placed[]; parts: readonly Part[]; usd: number; termsUsd: number };

/** The question of a search. */
export type Question = {
  /** Left out: all parts. */
  takes?: TakesPart | null;
  /** USD a month from which on plans do not matter. */
  belowUsd?: number;
  /** Rules about whole plans turn none down. */
  unruled?: boolean;
  /** Deployments beyond those that are allowed. */
  further?: number;
};

/** Tasks at one volume: what was found for one question is kept for the next. */
export type Search = {
  board: Board;
  cheapest(question?: Question): SeveralPlan | null;
  /** Tasks that something of a deployment type may serve alone, as a set. */
  servedBy(kind: number): number;
};

type Asking = {
  limits: PlanLimits;
  /** Known latencies, written into. */
  asked: LatencyCache;
  /** What an earlier decision left: fits as long as tasks weigh the same. */
  known?: FitsCache | null;
};

/** Searches by cost, or by cost and other terms. */
export function searchOf(tasks: Tasks, workload: Workload, asking: Asking, terms: Terms | null = null): Search {
  const { limits, asked, known = null } = asking;
  const board = boardOf(tasks, workload, asked, known, terms);
  const { sets, bundles } = tasks;
  const { rules } = workload;
  const mayOverflow = rules.maxDeployments > 1 && !rules.exclude.includes('overflow');
  const devices = deviceParts(board);
  const provisioned = provisionedParts(board, mayOverflow);
  const apisAndDevices = [...apiParts(board, false), ...provisioned, ...devices];
  const ruledApisAndDevices = madeOnce(() => [...apiParts(board, true), ...provisioned, ...devices]);
  const workersLeast = leastOfWorkers(board);
  // Lower bound of USD a month on one deployment, for every set that leaves some tasks to others.
  const allTasks = sets - 1;
  const single = new Float64Array(sets).fill(Number.POSITIVE_INFINITY);
  for (const { set, usd } of apisAndDevices) single[set] = Math.min(single[set] as number, usd);
  for (const unit of tasks.serverlessUnits)
    for (let at = tasks.firstLive[unit] as number; at < (tasks.firstLive[unit + 1] as number); at++)
      for (let set = 1; set < allTasks; set++)
        single[set] = Math.min(single[set] as number, workersLeast.on(unit, at, set, single[set] as number));
  for (let set = 1; set < allTasks; set++) single[set] = leastOnUnits(board, set, single[set] as number);
  const rests = leastSums(mayOverflow ? leastOfPairs(board, single) : single, 2 * bundles.length);
  const { offers } = tasks.supply;
  const sleeps = (offer: number): boolean => offers.units.sleeps[offers.unit[offer] as number] === 1;
  /** Whether workers have one kind of staff: the cheapest is then so at any limit. */
  const areAlike = new Set(tasks.live.filter(sleeps).map((offer) => offers.staff[offer] as number)).size < 2;
  const cheapestWorkers = lazyParts(
    sets,
    (below) => workerParts(board, below, workersLeast, 'cheapest'),
    (set) => areAlike && (set & board.apis.asking) === 0,
  );
  const budget = madeOnce(() => {
    const most = Math.min(rules.maxDeployments, 2 * bundles.length);
    return budgetOf(board, ruledApisAndDevices(), workersLeast, most, rulesOf(board, areAllowed, most));
  });
  const workersInLimits = lazyParts(sets, (below) =>
    workerParts(board, below, workersLeast, 'within limits', budget().cashUsd),
  );
  const pairs = lazyParts(sets, (below, types) => (mayOverflow ? overflowParts(board, below, types) : []));
  const fleetKinds = [...new Set(tasks.fleetUnits.map((unit) => offers.units.kind[unit] as number))];
  const workerPeopleUsd = leastPeopleUnder(board, 0, sleeps);
  const pairPeopleUsd = leastPeopleUnder(board, 1, (offer) => !sleeps(offer) && offers.follows[offer] === 0);
  let hasFirstPlan = false;
  /** Whether rules on whole plans allow parts; depends on their places alone. */
  const allowed = new Map<string, boolean>();
  const areAllowed = (parts: readonly Part[]): boolean => {
    const key = parts
      .map(({ set, kind, offer, at, cards, second }) => [set, kind, offer, at, cards, second?.api])
      .join(';');
    const known = allowed.get(key);
    if (limits === null || known !== undefined) return known ?? true;
    const answer = limits(placesOf(board, parts), workload);
    allowed.set(key, answer);
    return answer;
  };
  return { board, cheapest, servedBy };

  /** Drops what was made before another search computed latencies. */
  function catchUp(): void {
    const { known, workers: means } = board;
    const types = new Set(asked.changed.slice(known.seen));
    forgetOutdated(tasks, asked, known);
    if (types.size === 0) return;
    const { typeOf } = tasks;
    for (const [unit, type] of typeOf.entries()) if (types.has(type)) forgetParts(board, unit);
    means.clear();
    makeAnew(types);
  }

  /** Marks parts on some types of units, to be made anew on demand. */
  function makeAnew(types: ReadonlySet<number>): void {
    for (const workers of [cheapestWorkers, workersInLimits])
      workers.forget(workers.parts().filter(({ unit }) => types.has(tasks.typeOf[unit] as number)));
    pairs.renew(types, tasks.typeOf);
  }

  function servedBy(kind: number): number {
    let served = 0;
    for (const part of apisAndDevices) if (part.kind === kind && part.second === null) served |= part.set;
    const { units } = tasks.supply.offers;
    for (const unit of tasks.fleetUnits) {
      if (units.kind[unit] !== kind) continue;
      for (let b = 0; b < bundles.length; b++)
        if (leastOn(board, unit, 1 << b, Number.POSITIVE_INFINITY) < Number.POSITIVE_INFINITY) served |= 1 << b;
    }
    if (kind !== serverless) return served;
    const any = new Float64Array(sets);
    for (let b = 0; b < bundles.length; b++) any[1 << b] = Number.POSITIVE_INFINITY;
    for (const { set } of workerParts(board, { alone: any, withPeople: any }, workersLeast, 'any')) served |= set;
    return served;
  }

  /** Of the sets of some parts what is cheapest on machines: so many of each. */
  function nextOf(parts: readonly Part[], count: number): Part[] {
    const held = pairs.parts();
    return parts.flatMap(({ set }) =>
      [...frontOf(board, set), ...held.filter((one) => one.set === set)].sort((a, b) => a.usd - b.usd).slice(0, count),
    );
  }

  function cheapest(question: Question = {}): SeveralPlan | null {
    catchUp();
    const free = cheapestUnder(null, question);
    // Where rules let the cheapest of all through, nothing else is looked at.
    if (free === null || limits === null || question.unruled || areAllowed(free.parts)) return free;
    // Few parts above the cost of the result are made: the limit rises until there is one.
    const { belowUsd = Number.POSITIVE_INFINITY } = question;
    for (let share = firstRise; share <= lastRise; share *= 4) {
      const limit = free.usd + Math.abs(free.usd) * share;
      if (limit >= belowUsd) break;
      const found = cheapestUnder(limits, { ...question, belowUsd: limit });
      if (found !== null) return found;
    }
    return cheapestUnder(limits, question);
  }

  function cheapestUnder(
    limits: PlanLimits,
    { takes = null, belowUsd = Number.POSITIVE_INFINITY, further = 0 }: Question,
  ): SeveralPlan | null {
    const taken = takenBy(takes, sets);
    const most = Math.min(rules.maxDeployments + further, 2 * bundles.length);
    const rest = rests[most - 1] as Float64Array;
    const ruled = limits !== null;
    const rule = ruled ? rulesOf(board, areAllowed, most) : freeRules(board, most);
    const workers = ruled ? workersInLimits : cheapestWorkers;
    const direct = ruled ? ruledApisAndDevices() : apisAndDevices;
    const combinedBelow = (limit: number): Combined | null =>
      combine(choicesOf(board, [...direct, ...workers.parts(), ...pairs.parts()], taken, ruled), limit, rule);
    let alsoAsked = 1;
    let best = combinedBelow(belowUsd);
    if (!hasFirstPlan && (best === null || ruled)) {
      hasFirstPlan = true;
      seed(board);
      best = combinedBelow(belowUsd);
    }
    for (;;) {
      const limit = best?.usd ?? belowUsd;
      const all = [...direct, ...workers.parts(), ...pairs.parts()];
      const bars = ruled ? noBars(board) : barsOf(board, all, most, taken);
      let isWider = widen(board, limit, bars, rest, most, ruled ? budget() : null, taken) > 0;
      if (isWider) best = combinedBelow(limit) ?? best;
      const now = best?.usd ?? belowUsd;
      const withPeople = rest.map((_, set) => now - (rest[sets - 1 - set] as number));
      const below = (peopleUsd: Float64Array): Most => ({
        alone: bars.any.map((bar, set) => Math.min(bar, (withPeople[set] as number) - (peopleUsd[set] as number))),
        withPeople,
      });
      const where = ({ alone, withPeople }: Most, mayServe: (set: number) => boolean): Most => {
        const only = (limits: Float64Array): Float64Array => limits.map((usd, set) => (mayServe(set) ? usd : 0));
        return { alone: only(alone), withPeople: only(withPeople) };
      };
      isWider = workers.widen(where(below(workerPeopleUsd), (set) => taken.any(set, serverless)));
      const mayPair = (set: number): boolean => fleetKinds.some((kind) => taken.anyPair(set, kind));
      isWider = pairs.widen(where(below(pairPeopleUsd), mayPair)) || isWider;
      if (isWider) best = combinedBelow(now) ?? best;
      const open = best === null ? [] : best.parts.filter((part) => openOf(board, part).length > 0);
      for (const part of open) askTargets(board, part);
      const { parts }: Pick<Combined, 'parts'> = best ?? { parts: [] };
      const changedTypes =
        open.length === 0
          ? askFirstTokens(board, parts, () => nextOf(parts, alsoAsked))
          : new Set(open.map(({ unit }) => tasks.typeOf[unit] as number));
      if (changedTypes.size === 0) return best && planOfParts(board, best);
      if (open.length === 0) alsoAsked *= 2;
      // What was left out above the old limit may be below the new one.
      makeAnew(changedTypes);
      best = combinedBelow(belowUsd);
    }
  }
}

const serverless = numberOf('serverless-gpu');

/** How far above the cheapest plan of all to look for an allowed one, at first and before all there is. */
const firstRise = 1 / 32;
const lastRise = 8;

/** Rules about people, money and whole plans. */
function rulesOf(board: Board, allows: (parts: readonly Part[]) => boolean, most: number): CombineRules {
  const { rules, team } = board.workload;
  const hired = team.given && !team.mayHire ? team.freeFte : Number.POSITIVE_INFINITY;
  return {
    people: board.people,
    most,
    mostFte: hired * certainlyAbove,
    mostCashUsd: (rules.budgetMonthlyUsd ?? Number.POSITIVE_INFINITY) * certainlyAbove,
    freeFte: team.freeFte,
    mostUpfrontUsd: (rules.budgetUpfrontUsd ?? Number.POSITIVE_INFINITY) * certainlyAbove,
    allows,
  };
}

const freeRules = ({ people }: Board, most: number): CombineRules => ({
  ...{ people, most, freeFte: 0 },
  ...{
    mostFte: Number.POSITIVE_INFINITY,
    mostCashUsd: Number.POSITIVE_INFINITY,
    mostUpfrontUsd: Number.POSITIVE_INFINITY,
  },
  allows: () => true,
});

const planOfParts = (board: Board, { parts, usd }: Combined): SeveralPlan => ({
  places: placesOf(board, parts),
  parts,
  usd,
  termsUsd: parts.reduce((sum, part) => sum + part.termsUsd, 0),
});

/** What serves which tasks, in the order of their first tasks. */
const placesOf = (board: Board, parts: readonly Part[]): Placed[] =>
  parts
    .toSorted((a, b) => (a.set & -a.set) - (b.set & -b.set))
    .map((part) => ({
      option: optionOfPart(board, part),
      ...(part.second !== null && {
        second: {
          role: part.second.role,
          option: board.tasks.supply.apis.option[part.second.api] as Option,
        },
      }),
      taskParts: Array.from(
        board.tasks.tasksIn[part.set] as readonly number[],
        (t) => board.workload.taskParts[t] as TaskPart,
      ),
    }));
