import { normalQuantile } from '../../capacity/queue/percentiles.js';
import { at, isUnpriced } from '../../cost/curve.js';
import { peopleUsd, type Staffed, staffingOf } from '../../cost/people.js';
import { findTaskPartIn } from '../../decide/cuts.js';
import type { PlanPart } from '../../decide/plan.js';
import { deploymentOf, linesOf, type Plan, partsOf, planOf, staffedIn, taskLines } from '../../decide/plan.js';
import { capabilityOf, type Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { originalOf } from '../../tables/query.js';
import type { Tables } from '../../tables/tables.js';
import { deviationOf, dimensionOf } from '../../units/statistics.js';
import type { TaskPart } from '../../workload/workload.js';

/**
 * USD a month of plans, by index, under another case of the same tasks; infinite where one cannot run. Shared
 * deployments are priced once, unused ones not at all.
 */
export function pricerOf(plans: readonly Plan[], tables: Tables): (context: Context) => (plan: number) => number {
  const all: PlanPart[] = [];
  const places = new Map<string, number>();
  const partsOfPlan = plans.map((plan) =>
    partsOf(plan, (taskPart) => taskPart)
      .map((part) => {
        const key = keyOf(part);
        const place = places.get(key) ?? all.push(inTables(part, tables)) - 1;
        places.set(key, place);
        return place;
      })
      .sort((a, b) => a - b),
  );
  const costsTasks = plans.map((plan) => plan.shared.length > peopleParts);
  return (context) => {
    const { workload } = context;
    const find = findTaskPartIn(context);
    const known: (Priced | null | undefined)[] = all.map(() => undefined);
    const pricedAt = (i: number): Priced | null => {
      const part = all[i] as PlanPart;
      const taskParts = part.taskParts.map(find);
      return taskParts.includes(null) ? null : pricedPart({ ...part, taskParts: taskParts as TaskPart[] }, context);
    };
    return (p) => {
      const parts: PlanPart[] = [];
      const staffed = [];
      let usd = 0;
      for (const i of partsOfPlan[p] as number[]) {
        if (known[i] === undefined) known[i] = pricedAt(i);
        const one = known[i];
        if (one === null) return Number.POSITIVE_INFINITY;
        parts.push(one.part);
        staffed.push(...one.staffed);
        usd += one.usd;
      }
      usd += peopleUsd(staffingOf(staffed, workload.assume), workload);
      if (costsTasks[p] === true)
        for (const { curve } of taskLines(parts, context)) usd += at(curve, workload.requestsPerDay);
      return usd;
    };
  };
}

/** The same of all of them at once. */
export function repricer(plans: readonly Plan[], tables: Tables): (context: Context, into: Float64Array) => void {
  const usdIn = pricerOf(plans, tables);
  return (context, into) => {
    const usd = usdIn(context);
    for (let p = 0; p < plans.length; p++) into[p] = usd(p);
  };
}

/** Lines that all plans share: operation and set-up by people. Costs of tasks follow. */
const peopleParts = 2;

type Priced = { part: PlanPart; usd: number; staffed: Staffed[] };

/** Null where it has no price. */
function pricedPart(part: PlanPart, context: Context): Priced | null {
  const volume = context.workload.requestsPerDay;
  const deployment = deploymentOf(part, context);
  if (isUnpriced(deployment)) return null;
  const usd = linesOf({ deployments: [deployment], shared: [] }).reduce((sum, { curve }) => sum + at(curve, volume), 0);
  return { part, usd, staffed: staffedIn([deployment], context, volume) };
}

/** Parts of a plan under another case, with its tables' rows; null where a part of a task is gone. */
export function partsUnder(plan: Plan, context: Context): PlanPart[] | null {
  const find = findTaskPartIn(context);
  const parts = partsOf(plan, (taskPart) => taskPart).map((part) => ({
    ...inTables(part, context.tables),
    taskParts: part.taskParts.map(find),
  }));
  const isWhole = (part: { taskParts: (TaskPart | null)[] }): boolean => !part.taskParts.includes(null);
  return parts.every(isWhole) ? (parts as PlanPart[]) : null;
}

/** A plan under another case of its tasks; null where a part of a task is gone, or something has no price. */
export function repriced(plan: Plan, context: Context): Plan | null {
  const parts = partsUnder(plan, context);
  const again = parts && planOf(parts, context);
  return again === null || isUnpriced(again) ? null : again;
}

const keyOf = ({ option, taskParts, second }: PlanPart): string =>
  [
    nameOf(option),
    ...taskParts.map(({ id, cut }) => `${id} ${cut?.key ?? ''}`),
    ...(second === undefined ? [] : [second.role, nameOf(second.option), String('held' in second ? second.held : '')]),
  ].join('|');

const nameOf = ({ id, fleet }: Option): string => `${id} ${fleet?.gpusPerReplica ?? ''}`;

/** The same with rows as the tables have them, in which prices may be drawn. */
function inTables(part: PlanPart, tables: Tables): PlanPart {
  const option = machineIn(part.option, tables);
  return part.second === undefined
    ? { ...part, option }
    : { ...part, option, second: { ...part.second, option: machineIn(part.second.option, tables) } };
}

function machineIn(option: Option, { copyOf }: Tables): Option {
  // A plan found in a simulation has its own copies of rows, unknown elsewhere.
  const own = <Row extends object>(row: Row): Row => {
    const original = originalOf(row);
    return (copyOf?.get(original) as Row | undefined) ?? original;
  };
  const { fleet, api, provisioned } = option;
  if (api !== null) {
    const hosting = provisioned?.hosting ? own(provisioned.hosting) : null;
    if (own(api) === api && hosting === (provisioned?.hosting ?? null)) return option;
    return { ...option, api: own(api), provisioned: provisioned && { ...provisioned, hosting } };
  }
  if (fleet === null) return option;
  const { offer } = fleet;
  const accelerator = own(fleet.accelerator);
  const madeOf = offer.madeOf && own(offer.madeOf);
  // What is known of an offer is known of that object.
  if (accelerator === fleet.accelerator && madeOf === offer.madeOf) return option;
  return { ...option, fleet: { ...fleet, accelerator, offer: madeOf === undefined ? offer : { ...offer, madeOf } } };
}

/**
 * By task, simulations in which its model is below its need: one draw for each family of models and one for the need of
 * each task, both normal about their likely values with their 80 % bands. Null where an index is not known.
 *
 * @param counts which parts of tasks may miss
 */
export function missedIn(
  { deployments }: Plan,
  draws: number,
  seed: number,
  counts: (taskPart: TaskPart) => boolean = () => true,
): Map<string, Uint8Array> | null {
  const pairs = deployments.flatMap(({ option, taskParts }) =>
    taskParts.filter(counts).map((taskPart) => ({ index: capabilityOf(option), family: option.family, taskPart })),
  );
  if (pairs.some(({ index }) => index === null)) return null;
  const deviations = (name: string): Float64Array => {
    const share = dimensionOf(seed, name, 0);
    return Float64Array.from({ length: draws }, (_, k) => normalQuantile(share(k)));
  };
  const byTask = new Map<string, Uint8Array>();
  for (const { index, family, taskPart } of pairs) {
    const have = deviations(`capability of ${family}`);
    const need = deviations(`need of ${taskPart.task}`);
    const { have: middle, low, high } = index as NonNullable<typeof index>;
    const asked: TaskPart['needs']['capability'] = taskPart.needs.capability;
    const spread = deviationOf({ low, high });
    const askedSpread = deviationOf(asked);
    const missed = byTask.get(taskPart.task) ?? new Uint8Array(draws);
    byTask.set(taskPart.task, missed);
    for (let k = 0; k < draws; k++)
      if (middle + spread * (have[k] as number) < asked.need + askedSpread * (need[k] as number)) missed[k] = 1;
  }
  return byTask;
}

/** Share of simulations in which some task's model is below its need; null: an index is not known. */
export function belowFloorShare(plan: Plan, draws: number, seed: number): number | null {
  const missed = missedIn(plan, draws, seed);
  return missed && meanOf([...missed.values()], draws);
}

const meanOf = (flags: readonly Uint8Array[], draws: number): number => {
  let sum = 0;
  for (let k = 0; k < draws; k++) if (flags.some((one) => one[k] === 1)) sum += 1;
  return sum / draws;
};
