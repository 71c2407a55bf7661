import { replicaOn } from '../capacity/replica.js';
import { schemeSupport } from '../capacity/scheme.js';
import { lateBits } from '../core/admitted.js';
import { ownModelAt } from '../core/catalog.js';
import { cuts } from '../core/fits.js';
import { at as usdAt } from '../cost/curve.js';
import { overflowOf } from '../cost/overflow.js';
import { bestSeen, servedBy, withinTargets } from '../places/fleet-service.js';
import { requestShapeOf as tokensOn } from '../places/machine-table.js';
import type { Option, UnitType } from '../places/option.js';
import { fewestUnits, provisionedRates, stepRequestsPerDay } from '../places/provisioned.js';
import { memoized } from '../units/memo.js';
import { certainlyBelow } from '../units/numeric.js';
import type { TaskPart } from '../workload/workload.js';
import { billsByMonth, type Part, partOf, staffedApi } from './apis.js';
import { type Board, forgetParts } from './board.js';
import { fitKey, forget } from './fits.js';
import { firstTokenOn } from './parts.js';
import { bitsWhere, type Task } from './tasks.js';
import { unitsAtPeakOf } from './terms.js';
import { workersAt } from './workers.js';

/** Purchase steps of some tasks: steps at multiple 1 by task, and the least purchase. */
type Filled = { needs: Float64Array; min: number };

/**
 * Provisioned throughput for every set that shares it: of every provider the cheapest purchase for the busiest minute,
 * and smaller ones with the rest by tokens where these cost less than tokens alone.
 */
export function provisionedParts(board: Board, mayOverflow: boolean): Part[] {
  const { tasks, workload, volumes, perMonth, apis: usdOf, known } = board;
  const { list, bundles, tasksIn, supply } = tasks;
  const { apis } = supply;
  const { terms } = known;
  const { hoursPerMonth } = workload;
  const parts: Part[] = [];
  /** By set and provider. */
  const best = new Map<number, Part>();
  const filled = new Map<string, Filled & { peakOf: (set: number) => number }>();
  for (let api = 0; api < apis.count; api++) {
    const tokens = apis.byTokens[api] as number;
    if (tokens === -1) continue;
    const may = bitsWhere(bundles, (t) => {
      const { bills, admitted } = (list[t] as Task).shape;
      return admitted.verdicts.apis[api] === 0 && bills.api.includes(api);
    });
    if (may === 0) continue;
    const option = apis.option[api] as Option;
    const provider = apis.provider[api] as number;
    const { usdPerHour, onceUsdPerHour, upfrontUsdPerUnit } = provisionedRates(option, tasks.context);
    const stepUsd = usdPerHour * hoursPerMonth;
    const { needs, min, peakOf } = filledBy(option);
    for (let set = may & -may; set !== 0; set = (set - may) & may) {
      const own = tasksIn[set] as readonly number[];
      const sumOf = (of: readonly Float64Array[], one: number): number =>
        own.reduce((sum, t) => sum + ((of[t] as Float64Array)[one] as number), 0);
      const besideUsd = terms === null ? 0 : terms.placeUsd + (terms.notOwned[set] as number);
      const termsUsd = besideUsd + (terms === null ? 0 : sumOf(terms.apis, api));
      const partWith = (steps: number, usd: number, more: Partial<Part>): Part =>
        partOf({
          ...staffedApi(provider),
          set,
          usd,
          termsUsd,
          cashUsd: usd - (more.termsUsd ?? termsUsd) - steps * onceUsdPerHour * hoursPerMonth,
          upfrontUsd: steps * upfrontUsdPerUnit,
          kind: apis.kind[api] as number,
          at: api,
          ...more,
        });
      // By tokens or by the unit, calls of tools cost the same.
      const toolsUsd = own.reduce((sum, t) => {
        const { bills } = (list[t] as Task).shape;
        return sum + (perMonth[t] as number) * (bills.tools[bills.api.indexOf(api)] as number);
      }, 0);
      const steps = peakOf(set);
      const key = set * apis.providers.length + provider;
      const usd = steps * stepUsd + toolsUsd + termsUsd;
      if (usd < (best.get(key)?.usd ?? Number.POSITIVE_INFINITY)) best.set(key, partWith(steps, usd, {}));
      const tokensUsd = sumOf(usdOf.linear, tokens) - toolsUsd;
      const onceUsd = own.reduce((most, t) => Math.max(most, (usdOf.once[t] as Float64Array)[tokens] as number), 0);
      const work = own.reduce(
        (sum, t) => sum + stepUsd * (needs[t] as number) * (list[t] as Task).shape.load.meanMultiple,
        0,
      );
      // By tokens alone it is one place of the same model.
      const leastUsd = onceUsd + Math.max(min * stepUsd, Math.min(work, tokensUsd)) * certainlyBelow;
      const mayLeave = mayOverflow && (set & ~(usdOf.alone[tokens] as number)) === 0;
      if (!mayLeave || !(leastUsd < Math.min(tokensUsd + onceUsd, steps * stepUsd))) continue;
      const sized = overflowOf(
        {
          work: Array.from(own, (t) => ({ taskPart: workload.taskParts[t] as TaskPart, need: needs[t] as number })),
          unitUsdPerMonth: stepUsd,
          netUsdPerMonth: tokensUsd,
          netByMonth: billsByMonth(usdOf, own, tokens, toolsUsd, workload),
          min,
          isOnce: true,
        },
        workload,
      );
      if (sized === null) continue;
      const billUsd = onceUsd + usdAt(sized.curve, workload.requestsPerDay);
      if (billUsd >= tokensUsd + onceUsd) continue;
      const all = sized.all(workload.requestsPerDay);
      const share = all === 0 ? 0 : sized.above(workload.requestsPerDay) / all;
      const ofModels =
        terms === null ? 0 : (1 - share) * sumOf(terms.apis, api) + share * sumOf(terms.apis, tokens) + terms.placeUsd;
      const second = { role: 'overflow' as const, api: tokens, share, kind: apis.kind[tokens] as number };
      parts.push(
        partWith(sized.unitsOwned(workload.requestsPerDay), billUsd + toolsUsd + besideUsd + ofModels, {
          termsUsd: besideUsd + ofModels,
          second: { ...second, ...staffedApi(provider) },
        }),
      );
    }
  }
  return [...best.values(), ...parts];

  /** Offers with steps of equal size are filled the same. */
  function filledBy(option: Option): Filled & { peakOf: (set: number) => number } {
    const { throughput, offer } = option.provisioned as NonNullable<Option['provisioned']>;
    const key = [throughput.row, option.mode, offer.scope === 'regional'].join();
    const before = filled.get(key);
    if (before !== undefined) return before;
    const min = fewestUnits(option);
    const needs = Float64Array.from(list, ({ taskPart, shape }, t) => {
      const perDay = stepRequestsPerDay(option, taskPart, shape.context);
      return (volumes[t] as number) / perDay;
    });
    const sizing = { min, spare: 0, spareShare: 0 };
    const peakOf = memoized((set: number) => unitsAtPeakOf(tasks, set, needs, sizing, false, workload));
    const found = { needs, min, peakOf };
    filled.set(key, found);
    return found;
  }
}

const isWorker = ({ tasks }: Board, { unit }: Part): boolean =>
  unit !== -1 && tasks.supply.offers.units.sleeps[unit] === 1;

/** Tasks of a part whose targets on latency are still unchecked on its machines. */
export function openOf({ tasks, asked }: Board, { set, unit, at, cards }: Part): number[] {
  if (unit === -1) return [];
  const cut = cuts.indexOf(cards);
  return Array.from(tasks.tasksIn[set] as readonly number[]).filter(
    (t) => (tasks.list[t] as Task).shape.timed && !asked.rates.has(fitKey(tasks.typeOf[unit] as number, at, t, cut)),
  );
}

/** Asks queues what targets on latency leave of the rates of a part. */
export function askTargets(board: Board, part: Part): void {
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
    const served = replica && servedBy(replica, tokens, taskPart, engine, alone);
    let rate = 0;
    if (served !== null && lateBits(option, taskPart, alone, bestSeen(served)) === 0) {
      const service = withinTargets(served, 1);
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

/**
 * Predicts first tokens under load of a plan's machines and workers where they count; returns the types of units.
 *
 * @param others parts that are added if there are any: a dearer plan hands over to these
 */
export function askFirstTokens(board: Board, parts: readonly Part[], others: () => readonly Part[]): Set<number> {
  const types = new Set(parts.flatMap((part) => askedNow(board, part)));
  if (types.size > 0) for (const part of others()) for (const type of askedNow(board, part)) types.add(type);
  const { typeOf } = board.tasks;
  for (let one = 0; one < typeOf.length; one++) if (types.has(typeOf[one] as number)) forgetParts(board, one);
  return types;
}

/** Asks the first tokens of one part; the type of its units if there were any. */
function askedNow(board: Board, part: Part): number[] {
  const { tasks, known } = board;
  const { terms } = known;
  if (terms === null || part.unit === -1 || isWorker(board, part)) return [];
  const type = tasks.typeOf[part.unit] as number;
  let isChanged = false;
  for (const t of tasks.tasksIn[part.set] as readonly number[]) {
    const key = fitKey(type, part.at, t, cuts.indexOf(part.cards));
    if (terms.waits[t] === null || terms.firstTokens.has(key)) continue;
    terms.firstTokens.set(key, firstTokenOn(board, part, t));
    isChanged = true;
  }
  return isChanged ? [type] : [];
}
