import { predictReplica, replicaOn } from '../capacity/replica.js';
import { schemeSupport } from '../capacity/scheme.js';
import { ownModelAt } from '../core/catalog.js';
import { cuts } from '../core/fits.js';
import { numberOf } from '../core/kinds.js';
import { lateBits } from '../core/latency.js';
import { bestSeen, slowestFor, withinTargets } from '../places/fleet-service.js';
import type { UnitType } from '../places/fleet-units.js';
import type { Option } from '../places/option.js';
import { shapeOf as tokensOn } from '../places/own-weights.js';
import { certainlyAbove } from '../units/float.js';
import { madeOnce } from '../units/memo.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { type Board, boardOf, forgetParts, frontOf, partsOn } from './board.js';
import { type Choices, type Combined, type CombineRules, combine, type Limited, leastSums } from './combine.js';
import { firstTokenOn, optionOfPart } from './first-token.js';
import { type Asked, type FitsKnown, fitKey, forget, forgetAsked, sawAll } from './fits.js';
import { leastOfPairs, overflowParts } from './overflow.js';
import type { Part } from './part.js';
import { apiParts, deviceParts, leastPeople, type Most, marginAlikeUsd, marginUsd } from './parts.js';
import { type Taken, type TakesPart, takenBy } from './taken.js';
import type { Task, Tasks } from './tasks.js';
import type { Terms } from './terms.js';
import { leastOfWorkers, workerParts, workersAt } from './workers.js';

/** What serves some tasks, and an API beside it for the same requests. */
export type Placed = {
  option: Option;
  second?: { role: 'overflow' | 'failover'; option: Option };
  taskParts: TaskPart[];
};

/** Whether rules on whole plans let places through; null: none is asked. */
export type PlanLimits = ((places: readonly Placed[], workload: Workload) => boolean) | null;

/** A plan for several tasks: USD a month, and of that what counts beside bill and people. */
export type SeveralPlan = { places: readonly Placed[]; parts: readonly Part[]; usd: number; termsUsd: number };

/** What is asked of a search. */
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
  /** What was asked about latency so far, written into. */
  asked: Asked;
  /** What an earlier decision left: fits as long as tasks weigh the same. */
  known?: FitsKnown | null;
};

/** Searches by cost, or by cost and what counts beside it. */
export function searchOf(tasks: Tasks, workload: Workload, asking: Asking, terms: Terms | null = null): Search {
  const { limits, asked, known = null } = asking;
  const board = boardOf(tasks, workload, asked, known, terms);
  const { sets, bundles } = tasks;
  const { rules } = workload;
  const mayOverflow = rules.maxDeployments > 1 && !rules.exclude.includes('overflow');
  const devices = deviceParts(board);
  const listed = [...apiParts(board, false), ...devices];
  const listedInLimits = madeOnce(() => [...apiParts(board, true), ...devices]);
  const workersLeast = leastOfWorkers(board);
  // What a set costs at the least whoever serves it alone, and whatever part of it somebody else does.
  const single = new Float64Array(sets).fill(Number.POSITIVE_INFINITY);
  for (const { set, usd } of listed) single[set] = Math.min(single[set] as number, usd);
  for (let at = 0; at < workersLeast.length; at++) {
    const set = at % sets;
    if ((workersLeast[at] as number) < (single[set] as number)) single[set] = workersLeast[at] as number;
  }
  const pairsLeast = mayOverflow ? leastOfPairs(board) : null;
  for (let set = 1; set < sets; set++) {
    const least = leastOnUnits(board, set, single[set] as number);
    single[set] = Math.min(least, pairsLeast?.[set] ?? Number.POSITIVE_INFINITY);
  }
  const rests = leastSums(single, 2 * bundles.length);
  const { offers } = tasks.supply;
  const sleeps = (offer: number): boolean => offers.units.sleeps[offers.unit[offer] as number] === 1;
  /** Whether workers ask for people in one way: the cheapest is so whatever the limits are. */
  const areAlike = new Set(tasks.live.filter(sleeps).map((offer) => offers.staff[offer] as number)).size < 2;
  const cheapestWorkers = lazyParts(
    sets,
    (below) => workerParts(board, below, workersLeast, false),
    (set) => areAlike && (set & board.apis.asking) === 0,
  );
  const workersInLimits = lazyParts(sets, (below) => workerParts(board, below, workersLeast, true));
  const pairs = lazyParts(sets, (below, types) => (mayOverflow ? overflowParts(board, below, types) : []));
  const workerPeopleUsd = leastPeopleUnder(board, 0, sleeps);
  const pairPeopleUsd = leastPeopleUnder(board, 1, (offer) => !sleeps(offer) && offers.follows[offer] === 0);
  let isSeeded = false;
  /** Whether rules on whole plans let parts through: they are asked of the places, whatever is known of these yet. */
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

  /** Forgets what was made before another search asked something about latency. */
  function catchUp(): void {
    const { known, workers: means } = board;
    const types = new Set(asked.changed.slice(known.seen));
    forgetAsked(tasks, asked, known);
    if (types.size === 0) return;
    const { typeOf } = tasks;
    for (const [unit, type] of typeOf.entries()) if (types.has(type)) forgetParts(board, unit);
    means.clear();
    makeAnew(types);
  }

  /** Makes parts on some types of units anew where they are asked for. */
  function makeAnew(types: ReadonlySet<number>): void {
    for (const workers of [cheapestWorkers, workersInLimits])
      workers.forget(workers.parts().filter(({ unit }) => types.has(tasks.typeOf[unit] as number)));
    pairs.renew(types, tasks.typeOf);
  }

  function servedBy(kind: number): number {
    let served = 0;
    for (const part of listed) if (part.kind === kind && part.second === null) served |= part.set;
    const { units } = tasks.supply.offers;
    for (const unit of tasks.held) {
      if (units.kind[unit] !== kind) continue;
      for (let b = 0; b < bundles.length; b++)
        if ((board.leastUsd[unit * sets + (1 << b)] as number) < Number.POSITIVE_INFINITY) served |= 1 << b;
    }
    if (kind !== serverless) return served;
    const any = new Float64Array(sets);
    for (let b = 0; b < bundles.length; b++) any[1 << b] = Number.POSITIVE_INFINITY;
    for (const { set } of workerParts(board, { alone: any, peopled: any }, workersLeast, false)) served |= set;
    return served;
  }

  function cheapest(question: Question = {}): SeveralPlan | null {
    catchUp();
    const free = cheapestUnder(null, question);
    // Where rules let the cheapest of all through, nothing else is looked at.
    if (free === null || limits === null || question.unruled || areAllowed(free.parts)) return free;
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
    const beside = ruled ? listedInLimits() : listed;
    const combinedBelow = (limit: number): Combined | null =>
      combine(choicesOf(board, [...beside, ...workers.parts(), ...pairs.parts()], taken, ruled), limit, rule);
    let best = combinedBelow(belowUsd);
    if (!isSeeded && (best === null || ruled)) {
      isSeeded = true;
      seed(board);
      best = combinedBelow(belowUsd);
    }
    for (;;) {
      const limit = best?.usd ?? belowUsd;
      const all = [...beside, ...workers.parts(), ...pairs.parts()];
      const bars = ruled ? noBars(board) : barsOf(board, all, most, taken);
      let isWider = widen(board, limit, bars, rest, most, ruled, taken) > 0;
      if (isWider) best = combinedBelow(limit) ?? best;
      const now = best?.usd ?? belowUsd;
      const peopled = rest.map((_, set) => now - (rest[sets - 1 - set] as number));
      const below = (peopleUsd: Float64Array): Most => ({
        alone: bars.any.map((bar, set) => Math.min(bar, (peopled[set] as number) - (peopleUsd[set] as number))),
        peopled,
      });
      const ofWorkers = (limits: Float64Array): Float64Array =>
        limits.map((usd, set) => (taken.any(set, serverless) ? usd : 0));
      const belowWorkers = below(workerPeopleUsd);
      isWider = workers.widen({ alone: ofWorkers(belowWorkers.alone), peopled: ofWorkers(belowWorkers.peopled) });
      isWider = pairs.widen(below(pairPeopleUsd)) || isWider;
      if (isWider) best = combinedBelow(now) ?? best;
      const open = best === null ? [] : best.parts.filter((part) => openOf(board, part).length > 0);
      for (const part of open) askTargets(board, part);
      const isLater = best !== null && open.length === 0 && askFirstTokens(board, best.parts);
      if (open.length === 0 && !isLater) return best && planOfParts(board, best);
      // What was left out above the old limit may be below the new one.
      const changed = isLater ? (best?.parts ?? []).filter(({ unit }) => unit !== -1) : open;
      const changedTypes = new Set(changed.map(({ unit }) => tasks.typeOf[unit] as number));
      makeAnew(changedTypes);
      best = combinedBelow(belowUsd);
    }
  }
}

const serverless = numberOf('serverless-gpu');

/**
 * Parts that are made below a limit by set, and kept for lower ones.
 *
 * @param make types of units are those that it is about; null: all
 * @param isOne whether one part of a set is all there is, whatever the limit
 */
function lazyParts(
  sets: number,
  make: (below: Most, types: ReadonlySet<number> | null) => readonly Part[],
  isOne: (set: number) => boolean = () => false,
) {
  const below: Most = { alone: new Float64Array(sets), peopled: new Float64Array(sets) };
  let parts: Part[] = [];
  return {
    parts: (): readonly Part[] => parts,
    /** Makes what is below higher limits; whether there was any. */
    widen({ alone, peopled }: Most): boolean {
      const isHigher = Uint8Array.from(alone, (usd, set) =>
        usd > (below.alone[set] as number) || (peopled[set] as number) > (below.peopled[set] as number) ? 1 : 0,
      );
      for (const { set } of parts) if (isOne(set)) isHigher[set] = 0;
      if (!isHigher.includes(1)) return false;
      const most = (limits: Float64Array, before: Float64Array): Float64Array =>
        limits.map((usd, set) => Math.max(usd, before[set] as number));
      const now: Most = { alone: most(alone, below.alone), peopled: most(peopled, below.peopled) };
      const ofThese = (limits: Float64Array): Float64Array => limits.map((usd, set) => (isHigher[set] === 1 ? usd : 0));
      const made = make({ alone: ofThese(now.alone), peopled: ofThese(now.peopled) }, null);
      parts = [...parts.filter(({ set }) => isHigher[set] === 0), ...made];
      Object.assign(below, now);
      return made.length > 0;
    },
    /** Makes those on some types of units anew. */
    renew(types: ReadonlySet<number>, typeOf: Int32Array): void {
      if (types.size === 0) return;
      parts = [...parts.filter(({ unit }) => !types.has(typeOf[unit] as number)), ...make(below, types)];
    },
    /** Makes all parts of the sets of some parts anew where they are asked for. */
    forget(changed: readonly Part[]): void {
      for (const { set } of changed) {
        below.alone[set] = 0;
        below.peopled[set] = 0;
      }
      parts = parts.filter(({ set }) => below.alone[set] !== 0);
    },
  };
}

/** Rules about people, money and whole plans. */
function rulesOf(board: Board, allows: (parts: readonly Part[]) => boolean, most: number): CombineRules {
  const { rules, team } = board.workload;
  const hired = team.given && !team.mayHire ? team.freeFte : Number.POSITIVE_INFINITY;
  return {
    people: board.people,
    most,
    mostFte: Math.min(rules.maxFte ?? Number.POSITIVE_INFINITY, hired) * certainlyAbove,
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

const isWorker = ({ tasks }: Board, { unit }: Part): boolean =>
  unit !== -1 && tasks.supply.offers.units.sleeps[unit] === 1;

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
        board.tasks.tasksIn[part.set] as Int32Array,
        (t) => board.workload.taskParts[t] as TaskPart,
      ),
    }));

/** Units that are made exact before what the others cost at the least is enough. */
const mostTried = 2;

/** What a set costs on the cheapest unit, if that is below something else: units are made exact from the cheapest bound up. */
function leastOnUnits(board: Board, set: number, belowUsd: number): number {
  const { tasks, leastUsd, made } = board;
  let least = belowUsd;
  for (let tried = 0; ; tried++) {
    let [first, unit] = [least, -1];
    for (const one of tasks.held) {
      const at = one * tasks.sets + set;
      if ((leastUsd[at] as number) >= first || made[set]?.has(one)) continue;
      first = leastUsd[at] as number;
      unit = one;
    }
    if (unit === -1 || tried === mostTried) return first;
    for (const { usd } of partsOn(board, unit, set)) if (usd < least) least = usd;
  }
}

/** Whether a part may stand for any other one in any plan: what is owned is there once, and deployments may run out. */
const standsIn = ({ tasks }: Board, { owned, second }: Part, most: number): boolean =>
  owned === -1 && (second === null || most >= 2 * tasks.bundles.length);

/**
 * The most that a set may cost on any part, and on one for which people are asked in some way, with no machine or one at the least: see
 * `alikeAt`.
 */
type Bars = { any: Float64Array; alike: Float64Array };

const noBars = ({ tasks: { sets, supply } }: Board): Bars => ({
  any: new Float64Array(sets).fill(Number.POSITIVE_INFINITY),
  alike: new Float64Array(supply.offers.staffs.length * 2 * sets).fill(Number.POSITIVE_INFINITY),
});

const alikeAt = ({ tasks: { sets } }: Board, staff: number, fewest: number, set: number): number =>
  (staff * 2 + fewest) * sets + set;

/** A part may stand for others of its set that cost as much as it with all that it may add to people. */
function lowerBars(board: Board, { any, alike }: Bars, part: Part, most: number): void {
  const { people } = board;
  const { set, staff, usd } = part;
  any[set] = Math.min(any[set] as number, usd + marginUsd(people, part, most));
  if (part.second !== null) return;
  for (const fewest of [0, 1]) {
    const at = alikeAt(board, staff, fewest, set);
    alike[at] = Math.min(alike[at] as number, usd + marginAlikeUsd(people, part, fewest));
  }
}

/** What others of their set may cost at the most for parts that were made. */
function barsOf(board: Board, listed: readonly Part[], most: number, taken: Taken): Bars {
  const bars = noBars(board);
  const lower = (part: Part): void => {
    if (taken.part(part) && standsIn(board, part, most)) lowerBars(board, bars, part, most);
  };
  for (const part of listed) lower(part);
  for (let set = 1; set < board.tasks.sets; set++) for (const part of frontOf(board, set)) lower(part);
  return bars;
}

/** People for every set at the least, USD a month, on so many machines under some offers. */
function leastPeopleUnder(board: Board, machines: number, isMeant: (offer: number) => boolean): Float64Array {
  const { offers } = board.tasks.supply;
  const staffs = new Set<number>();
  for (const offer of board.tasks.live) if (isMeant(offer)) staffs.add(offers.staff[offer] as number);
  const peopleUsd = leastPeople(board);
  return Float64Array.from({ length: board.tasks.sets }, (_, set) =>
    staffs.size === 0 ? 0 : Math.min(...[...staffs].map((staff) => peopleUsd(staff, machines, set))),
  );
}

/** Makes of every set and way to ask for people the unit that costs least at the least: a first plan bounds what others may cost. */
function seed(board: Board): void {
  const { tasks, leastUsd } = board;
  const { supply, sets, firstLive, live } = tasks;
  const { offers } = supply;
  const first = new Map<number, number>();
  for (const unit of tasks.held) {
    const staff = offers.staff[live[firstLive[unit] as number] as number] as number;
    for (let set = 1; set < sets; set++) {
      const usd = leastUsd[unit * sets + set] as number;
      if (usd === Number.POSITIVE_INFINITY) continue;
      const key = staff * sets + set;
      const known = first.get(key);
      if (known === undefined || usd < (leastUsd[known] as number)) first.set(key, unit * sets + set);
    }
  }
  for (const at of first.values()) partsOn(board, Math.floor(at / sets), at % sets);
}

/** Makes the parts on units that may be in a plan below a limit; how many units and sets there were. */
function widen(
  board: Board,
  limit: number,
  bars: Bars,
  rest: Float64Array,
  most: number,
  ruled: boolean,
  taken: Taken,
): number {
  const { tasks, leastUsd, made } = board;
  const { supply, sets, firstLive, live } = tasks;
  const { offers } = supply;
  const { units } = offers;
  const found: number[] = [];
  const peopleUsd = leastPeople(board);
  const staffsOf: (readonly number[])[] = [];
  for (const unit of tasks.held) {
    const staffs = [...new Set(live.subarray(firstLive[unit], firstLive[unit + 1]).map(staffOf))];
    staffsOf[unit] = staffs;
    const fewest = units.min[unit] as number;
    for (let set = 1; set < sets; set++) {
      const at = unit * sets + set;
      const least = (leastUsd[at] as number) + (rest[sets - 1 - set] as number);
      if (least >= limit || made[set]?.has(unit)) continue;
      if (!taken.any(set, units.kind[unit] as number) || !isBelowBars(unit, set)) continue;
      if (staffs.some((staff) => least + peopleUsd(staff, fewest, set) < limit)) found.push(at);
    }
  }
  found.sort((a, b) => (leastUsd[a] as number) - (leastUsd[b] as number));
  let count = 0;
  for (const at of found) {
    const [unit, set] = [Math.floor(at / sets), at % sets];
    if (!isBelowBars(unit, set)) continue;
    count++;
    for (const part of partsOn(board, unit, set))
      if (!ruled && taken.part(part) && standsIn(board, part, most)) lowerBars(board, bars, part, most);
  }
  return count;

  function staffOf(offer: number): number {
    return offers.staff[offer] as number;
  }

  function isBelowBars(unit: number, set: number): boolean {
    const least = leastUsd[unit * sets + set] as number;
    const fewest = Math.min(1, units.min[unit] as number);
    const isBelow = (staff: number): boolean => least < (bars.alike[alikeAt(board, staff, fewest, set)] as number);
    return least < (bars.any[set] as number) && (staffsOf[unit] as readonly number[]).some(isBelow);
  }
}

/** What may serve every set, among parts on machines and others: those of every set are gone through once they are asked for. */
function choicesOf(board: Board, others: readonly Part[], taken: Taken, ruled: boolean): Choices {
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
    sorted[set] ??= ruled ? all() : notUndercut(board, all());
    return sorted[set];
  };
  const limited = ruled
    ? { fte: limitedIn('fte'), cashUsd: limitedIn('cashUsd'), upfrontUsd: limitedIn('upfrontUsd') }
    : null;
  return { least, limited, partsFor };
}

/** Of parts for a set, cheapest first, those that none before them could stand for in any plan that no rule is asked of. */
function notUndercut({ people }: Board, sorted: readonly Part[]): Part[] {
  const keptOf = new Map<number, Part[]>();
  return sorted.filter((part) => {
    const kept = keptOf.get(part.staff) ?? [];
    const isUndercut = kept.some(
      (one) =>
        one.owned === -1 &&
        (one.second === null || one.second.provider === part.second?.provider) &&
        (people.api[part.staff] === 0 || one.provider === part.provider) &&
        one.usd + (one.machines > part.machines ? marginAlikeUsd(people, one, part.machines) : 0) <= part.usd,
    );
    if (!isUndercut) keptOf.set(part.staff, [...kept, part]);
    return !isUndercut;
  });
}

/** Tasks of a part whose targets on latency are still to be asked of its machines. */
function openOf({ tasks, asked }: Board, { set, unit, at, cards }: Part): number[] {
  if (unit === -1) return [];
  const cut = cuts.indexOf(cards);
  return Array.from(tasks.tasksIn[set] as Int32Array).filter(
    (t) => (tasks.list[t] as Task).shape.timed && !asked.rates.has(fitKey(tasks.typeOf[unit] as number, at, t, cut)),
  );
}

/** Asks queues what targets on latency leave of the rates of a part. */
function askTargets(board: Board, part: Part): void {
  const { tasks, asked, known, workers } = board;
  const { supply, list, typeOf, context } = tasks;
  const { catalog, offers } = supply;
  const { units, engines } = offers;
  const { unit, at: item, cards } = part;
  const { accelerator } = units.type[unit] as UnitType;
  const { weights, option } = ownModelAt(catalog, item);
  const engine = engines[units.engine[unit] as number] as (typeof engines)[number];
  const support = schemeSupport(weights.scheme.runsOn, accelerator.architecture, context.tables.architectures);
  const replica = replicaOn(weights, accelerator, cards, support, engine);
  const open = openOf(board, part);
  const type = typeOf[unit] as number;
  for (const t of open) {
    const { taskPart, shape } = list[t] as Task;
    const alone = shape.context;
    const key = fitKey(type, item, t, cuts.indexOf(cards));
    const tokens = tokensOn(option, taskPart, alone);
    const serving = replica && predictReplica(replica, tokens, slowestFor(taskPart, alone), engine);
    let rate = 0;
    if (
      replica !== null &&
      serving !== null &&
      lateBits(option, taskPart, alone, bestSeen(replica, tokens, taskPart, engine, alone)) === 0
    ) {
      const service = withinTargets(replica, serving, 1, tokens, taskPart, true, engine, alone);
      // Waits for a start come with the price, as the volume decides.
      const sleeps = units.sleeps[unit] === 1;
      if (sleeps) asked.warm.set(key, service);
      rate = sleeps || lateBits(option, taskPart, alone, service) === 0 ? service.unitRequestsPerS : 0;
    }
    asked.rates.set(key, rate);
  }
  asked.opened.add(type);
  forget(tasks, asked, known, type);
  for (let one = 0; one < units.count; one++) {
    if (typeOf[one] !== type) continue;
    forgetParts(board, one);
    for (let offer = units.firstOffer[one] as number; offer < (units.firstOffer[one + 1] as number); offer++)
      for (const t of open) workers.delete(workersAt(tasks, offer, item, t));
  }
}

/** Asks first tokens under load of a plan's machines where they count; whether there were any. Those of workers are told with these. */
function askFirstTokens(board: Board, parts: readonly Part[]): boolean {
  const { tasks, asked, known } = board;
  const { terms } = known;
  if (terms === null) return false;
  const { typeOf } = tasks;
  let isAsked = false;
  for (const part of parts) {
    if (part.unit === -1 || isWorker(board, part)) continue;
    const type = typeOf[part.unit] as number;
    let isChanged = false;
    for (const t of tasks.tasksIn[part.set] as Int32Array) {
      const key = fitKey(type, part.at, t, cuts.indexOf(part.cards));
      if (terms.waits[t] === null || asked.firstTokens.has(key)) continue;
      asked.firstTokens.set(key, firstTokenOn(board, part, t));
      isChanged = true;
    }
    if (!isChanged) continue;
    isAsked = true;
    asked.changed.push(type);
    sawAll(asked, known);
    for (let one = 0; one < typeOf.length; one++) if (typeOf[one] === type) forgetParts(board, one);
  }
  return isAsked;
}
