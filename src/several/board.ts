import { numberOf } from '../core/apis.js';
import { cuts } from '../core/fits.js';
import { slack, withSpareOf } from '../cost/fleet.js';
import { onCallFor } from '../cost/people.js';
import { memoized } from '../units/memo.js';
import { certainlyBelow } from '../units/numeric.js';
import type { Workload } from '../workload/workload.js';
import {
  type Above,
  type ApiUsd,
  apisAbove,
  apiUsd,
  isNoDearer,
  type Part,
  partOf,
  type SecondsBehind,
  secondsBehind,
  withSecond,
} from './apis.js';
import {
  type FitsCache,
  fitsCacheFor,
  fitsFor,
  fitTermsUsd,
  forgetOutdated,
  type LatencyCache,
  leastWork,
  weightsOf,
} from './fits.js';
import { machineFte, type PeopleColumns, peopleColumns, sharedPeople } from './people.js';
import { bitsWhere, type Task, type Tasks, volumesOf } from './tasks.js';
import type { Terms } from './terms.js';
import { meanUnitsOf, type Sizing, sizingFor, unitsAtPeakOf } from './terms.js';

/** All that one decision needs, at one volume. */
export type Board = {
  tasks: Tasks;
  workload: Workload;
  asked: LatencyCache;
  known: FitsCache;
  /** Makes units of the mean hour of weighted work. */
  weightedUnits: number;
  people: PeopleColumns;
  leastPeople: LeastPeople;
  apis: ApiUsd;
  behind: SecondsBehind;
  above: readonly Above[];
  /** By task, requests a day and a month; by set, requests a day and the degree of on-call duty. */
  volumes: Float64Array;
  perMonth: Float64Array;
  requests: Float64Array;
  onCall: Float64Array;
  /** Least USD a month of each unit for each set: of any offer, with people for its machines; see `leastOn`. */
  leastUsd: Float64Array;
  /** By unit, 1 where that includes the work of its quickest model. */
  includesWork: Uint8Array;
  /** By set, parts that were made by unit, and the best of them: see `frontOf`. */
  made: readonly Map<number, readonly Part[]>[];
  fronts: (readonly Part[] | undefined)[];
  /** Machines with an API above them, by unit, then offer, set and API: for any limit. */
  pairs: Map<number, Map<number, readonly Part[]>>;
  /** Mean workers, and their first tokens (p95, ms), by `workersAt`, once computed. */
  workers: Map<number, number>;
  workerFirstTokens: Map<number, number>;
};

export function boardOf(
  tasks: Tasks,
  workload: Workload,
  asked: LatencyCache,
  before: FitsCache | null,
  terms: Terms | null,
): Board {
  const { list, sets, supply, tasksIn } = tasks;
  const { units, staffs } = supply.offers;
  const volumes = volumesOf(workload);
  const weights = weightsOf(tasks, volumes, workload.peakGrowth);
  // Every search records by itself which results it has seen.
  const known = { ...fitsCacheFor(before, weights, asked), terms };
  forgetOutdated(tasks, asked, known);
  const apis = apiUsd(tasks, volumes, workload);
  const people = peopleColumns(staffs, workload);
  const requests = Float64Array.from(tasksIn, (own) => own.reduce((sum, t) => sum + (volumes[t] as number), 0));
  const onCall = Float64Array.from(tasksIn, (own) =>
    onCallFor(
      Array.from(own, (t) => (list[t] as Task).taskPart),
      workload,
    ),
  );
  const askedPeople = { people, onCall, requests };
  const board: Board = {
    ...askedPeople,
    leastPeople: leastPeopleOf(tasks, askedPeople),
    apis,
    behind: secondsBehind(tasks, apis, terms, people.fteApi * people.usdPerFte),
    above: apisAbove(tasks, apis, terms),
    tasks,
    workload,
    asked,
    known,
    weightedUnits: weights.units,
    volumes,
    perMonth: Float64Array.from(list, ({ shape: { load } }, t) => load.requestsPerMonth * (volumes[t] as number)),
    leastUsd: new Float64Array(units.count * sets).fill(Number.POSITIVE_INFINITY),
    includesWork: new Uint8Array(units.count),
    made: Array.from({ length: sets }, () => new Map()),
    fronts: [],
    pairs: new Map(),
    workers: new Map(),
    workerFirstTokens: new Map(),
  };
  const noWork = new Float64Array(known.rows.length * sets);
  for (const unit of tasks.fleetUnits) boundUnit(board, unit, noWork);
  return board;
}

/** What boards have of machines before parts are made on them. */
type Machines = Pick<Board, 'tasks' | 'known' | 'weightedUnits'>;

/**
 * Least units of a type for every set: where their number follows the load, and where they are held.
 *
 * @param work as `leastWork` has it
 */
export function leastUnits(
  { tasks, known, weightedUnits }: Machines,
  unit: number,
  work: Float64Array,
  tell: (set: number, following: number, held: number) => void,
): void {
  const { supply, sets, bundles, list } = tasks;
  const { units } = supply.offers;
  const each = weightedUnits / ((units.copies[unit] as number) * (units.gpus[unit] as number));
  const spared = bitsWhere(bundles, (t) => (list[t] as Task).shape.load.spares);
  const sizing: Sizing = { min: units.min[unit] as number, spare: 0, spareShare: 0 };
  for (let set = 1; set < sets; set++) {
    const mean = each * (work[set] as number);
    if (mean === Number.POSITIVE_INFINITY) continue;
    let peak = 0;
    for (let k = 1; k < known.rows.length; k++) peak = Math.max(peak, each * (work[k * sets + set] as number));
    const isSpared = (set & ~spared) === 0;
    sizing.spare = isSpared ? (units.spare[unit] as number) : 0;
    sizing.spareShare = isSpared ? (units.spareShare[unit] as number) : 0;
    const fewest = withSpareOf(sizing.min, sizing);
    const following = Math.max(fewest, mean * (1 + sizing.spareShare), mean + sizing.spare);
    tell(set, following, Math.max(mean, withSpareOf(Math.max(sizing.min, Math.ceil(peak * (1 - slack))), sizing)));
  }
}

/** Lower bound of USD a month of a unit for a set; the work of its quickest model is included only if needed to reach a limit. */
export function leastOn(board: Board, unit: number, set: number, belowUsd: number): number {
  const { tasks, known, leastUsd, includesWork } = board;
  const at = unit * tasks.sets + set;
  if (includesWork[unit] === 0 && (leastUsd[at] as number) < belowUsd) {
    includesWork[unit] = 1;
    boundUnit(board, unit, leastWork(tasks, known, unit));
  }
  return leastUsd[at] as number;
}

/** Writes the lower bound of a unit's cost for every set, with this least work. */
function boundUnit(
  machines: Machines & Pick<Board, 'workload' | 'people' | 'leastUsd'>,
  unit: number,
  work: Float64Array,
): void {
  const { tasks, workload, known, people, leastUsd } = machines;
  const { supply, sets, firstLive, live, liveServes } = tasks;
  const { offers } = supply;
  const from = firstLive[unit] as number;
  const to = firstLive[unit + 1] as number;
  if (from === to) return;
  leastUsd.fill(Number.POSITIVE_INFINITY, unit * sets, (unit + 1) * sets);
  leastUnits(machines, unit, work, (set, following, held) => {
    let usd = Number.POSITIVE_INFINITY;
    for (let at = from; at < to; at++) {
      if ((set & ~(liveServes[at] as number)) !== 0) continue;
      const offer = live[at] as number;
      const count = offers.follows[offer] === 1 ? following : held;
      const bill = count * (offers.perHour[offer] as number) * workload.hoursPerMonth + (offers.fixed[offer] as number);
      if (bill < usd)
        usd = Math.min(usd, bill + machineFte(people, offers.staff[offer] as number, count) * people.usdPerFte);
    }
    const termsUsd = known.terms === null ? 0 : (known.terms.least[set] as number) + known.terms.placeUsd;
    leastUsd[unit * sets + set] = (usd + termsUsd) * certainlyBelow;
  });
}

const onPrem = numberOf('on-prem');

/** Whether a kind of staff has machines to run. */
const isRun = ({ share, site }: PeopleColumns, staff: number): boolean => share[staff] !== 0 || site[staff] !== -1;

/** Inputs of people by set. */
type AskedPeople = Pick<Board, 'people' | 'onCall' | 'requests'>;

/** On call and requests, as far as people depend on them. */
export const askedOf = ({ people, onCall, requests }: AskedPeople, staff: number, set: number) =>
  isRun(people, staff)
    ? { onCall: onCall[set] as number, requestsPerDay: requests[set] as number }
    : { onCall: 0, requestsPerDay: 0 };

/** Least USD a month of the people that deployments share, in a plan with a set on so many machines. */
type LeastPeople = (staff: number, machines: number, set: number) => number;

function leastPeopleOf(tasks: Tasks, asked: AskedPeople): LeastPeople {
  const { bundles, list, sets, live, liveServes, firstLive, fleetUnits, serverlessUnits, supply } = tasks;
  const { offers } = supply;
  const ofOne = memoized((key: number): number => {
    const [set, rest] = [key % sets, Math.floor(key / sets)];
    const [machines, staff] = [rest % mostMachines, Math.floor(rest / mostMachines)];
    const one = { staff, machines, provider: -1, model: -1, ...askedOf(asked, staff, set) };
    return sharedPeople(asked.people, [one]).usd;
  });
  const onMachines: LeastPeople = (staff, machines, set) =>
    ofOne((staff * mostMachines + Math.min(machines, mostMachines - 1)) * sets + set);
  // By tokens, on provisioned throughput or on devices.
  const elsewhere = bitsWhere(bundles, (t) => {
    const { bills, devices } = (list[t] as Task).shape;
    return bills.api.length > 0 || devices.length > 0;
  });
  /** People for each bundle that only machines may serve: other deployments save none of them. */
  const ofBundle = bundles.map((_, b) => {
    const set = 1 << b;
    if ((elsewhere & set) !== 0) return 0;
    let least = Number.POSITIVE_INFINITY;
    for (const unit of [...fleetUnits, ...serverlessUnits])
      for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++) {
        if (((liveServes[at] as number) & set) === 0) continue;
        const machines = offers.units.sleeps[unit] === 1 ? 0 : (offers.units.min[unit] as number);
        least = Math.min(least, onMachines(offers.staff[live[at] as number] as number, machines, set));
      }
    return least;
  });
  const ofSet = Float64Array.from({ length: sets }, (_, set) =>
    ofBundle.reduce((most, usd, b) => (((set >> b) & 1) === 1 ? Math.max(most, usd) : most), 0),
  );
  return (staff, machines, set) => Math.max(onMachines(staff, machines, set), ofSet[sets - 1 - set] as number);
}

/** Number of machines beyond which the bound on people stays. */
const mostMachines = 1000;

/** Deployments on a unit for a set: each model that may be best under each offer. */
export function partsOn(board: Board, unit: number, set: number): readonly Part[] {
  const { tasks, workload, asked, known, people, volumes, perMonth } = board;
  const { terms } = known;
  const made = board.made[set] as Map<number, readonly Part[]>;
  const found = made.get(unit);
  if (found !== undefined) return found;
  const { supply, firstLive, live, liveAlone, liveServes, list, tasksIn } = tasks;
  const { offers, catalog } = supply;
  const { units } = offers;
  const { hoursPerMonth } = workload;
  const own = tasksIn[set] as readonly number[];
  const parts: Part[] = [];
  const base: Sizing = {
    min: units.min[unit] as number,
    spare: units.spare[unit] as number,
    spareShare: units.spareShare[unit] as number,
  };
  const needs = new Float64Array(list.length);
  const copies = units.copies[unit] as number;
  const perSecond = new Float64Array(list.length);
  for (const fit of fitsFor(tasks, asked, known, unit, set)) {
    for (const t of own) {
      perSecond[t] = copies / (fit.seconds[t] as number);
      needs[t] = ((list[t] as Task).shape.load.unitsPerRate * (volumes[t] as number)) / (perSecond[t] as number);
    }
    const sizing = sizingFor(tasks, set, needs, base);
    const modelsUsd = terms === null ? 0 : fitTermsUsd(tasks, terms, unit, set, fit);
    let [held, mean, peak] = [-1, -1, -1];
    for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++) {
      if ((set & ~(liveServes[at] as number)) !== 0) continue;
      const offer = live[at] as number;
      const follows = offers.follows[offer] === 1;
      if (follows && mean < 0) {
        mean = meanUnitsOf(tasks, set, needs, sizing, workload);
        peak = unitsAtPeakOf(tasks, set, needs, sizing, true, workload);
      }
      if (!follows && held < 0) held = unitsAtPeakOf(tasks, set, needs, sizing, false, workload);
      const count = follows ? mean : held;
      let linear = 0;
      for (const t of own) {
        const { taskPart, shape } = list[t] as Task;
        const peakLine = offers.isPeakLine[offer] === 1 ? shape.load.highest : 1;
        linear +=
          (perMonth[t] as number) *
          (shape.toolsUsd +
            (offers.perToken[offer] as number) * taskPart.tokens.output * peakLine +
            (offers.perWorkS[offer] as number) / (perSecond[t] as number));
      }
      const owned = offers.owned[offer] as number;
      const perHour = (offers.perHour[offer] as number) + fit.diskGb * (offers.diskPerHourGb[offer] as number);
      const roomPerHour = offers.roomPerHour[offer] as number;
      const hourly =
        count * perHour +
        (owned > 0 ? Math.max(0, count - owned) * (offers.beyondPerHour[offer] as number) : 0) +
        (roomPerHour === 0 ? 0 : Math.max(0, count - (offers.roomFrom[offer] as number)) * roomPerHour);
      const staff = offers.staff[offer] as number;
      const fte = machineFte(people, staff, count);
      const most = follows ? peak : held;
      let termsUsd = modelsUsd + (terms?.placeUsd ?? 0);
      if (terms !== null && owned === 0) {
        termsUsd += terms.notOwned[set] as number;
        if (units.kind[unit] === onPrem) termsUsd += terms.perUpfront * count * (offers.upfront[offer] as number);
      }
      const part = partOf({
        set,
        usd: hourly * hoursPerMonth + (offers.fixed[offer] as number) + linear + fte * people.usdPerFte + termsUsd,
        termsUsd,
        modelsUsd,
        kind: units.kind[unit] as number,
        unit,
        offer,
        at: fit.item,
        cards: cuts[fit.cut] as number,
        owned: owned > 0 ? (units.accelerator[unit] as number) : -1,
        upfrontUsd: most * (offers.upfront[offer] as number),
        cashUsd:
          owned > 0 ? 0 : count * Math.max(0, perHour - (offers.oncePerHour[offer] as number)) * hoursPerMonth + linear,
        fte,
        staff,
        machines: count,
        provider: offers.provider[offer] as number,
        model: catalog.items.model[fit.item] as number,
        ...askedOf(board, staff, set),
      });
      if ((set & ~(liveAlone[at] as number)) === 0) parts.push(part);
      else for (const choice of secondsOf(board, part)) parts.push(withSecond(part, choice));
    }
  }
  made.set(unit, parts);
  board.fronts[set] = undefined;
  return parts;
}

/** Forgets the parts on a unit. */
export function forgetParts({ made, fronts, pairs }: Board, unit: number): void {
  pairs.delete(unit);
  for (let set = 1; set < made.length; set++) if (made[set]?.delete(unit)) fronts[set] = undefined;
}

/**
 * Parts on machines for a set, by deployment type and people, that no other undercuts in bill, machines and up-front
 * payment; cheapest first.
 */
export function frontOf({ made, fronts }: Board, set: number): readonly Part[] {
  const known = fronts[set];
  if (known !== undefined) return known;
  const byKey = new Map<number, Part[]>();
  for (const parts of (made[set] as Map<number, readonly Part[]>).values())
    for (const part of parts) {
      if (part.usd === Number.POSITIVE_INFINITY) continue;
      const { staff, owned, kind, second } = part;
      const key = ((staff * 256 + owned + 1) * 16 + kind) * 16 + (second?.kind ?? 15);
      const front = byKey.get(key) ?? [];
      if (front.some((one) => isNoDearer(one, part))) continue;
      byKey.set(key, [...front.filter((one) => !isNoDearer(part, one)), part]);
    }
  const front = [...byKey.values()].flat().sort((a, b) => a.usd - b.usd);
  fronts[set] = front;
  return front;
}

/** Second places of a part on machines that answer too seldom alone. */
export function secondsOf(
  { tasks, behind }: Board,
  { set, offer, provider }: Pick<Part, 'set' | 'offer' | 'provider'>,
) {
  for (const t of tasks.tasksIn[set] as readonly number[]) {
    const { availability } = (tasks.list[t] as Task).shape.admitted;
    const available = availability?.offers[offer] as number;
    if (availability !== null) return Number.isNaN(available) ? [] : behind(set, provider, available);
  }
  return [];
}
