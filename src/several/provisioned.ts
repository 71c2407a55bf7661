import { at as usdAt } from '../cost/curve.js';
import { overflowOf } from '../cost/overflow.js';
import type { Option } from '../places/option.js';
import { fewestUnits, provisionedRates, stepRequestsPerDay } from '../places/provisioned.js';
import { certainlyBelow } from '../units/float.js';
import { memoized } from '../units/memo.js';
import type { TaskPart } from '../workload/workload.js';
import { billsByMonth, staffedApi } from './apis.js';
import type { Board } from './board.js';
import { type Part, partOf } from './part.js';
import { unitsAtPeakOf } from './set-load.js';
import { bitsWhere, type Task } from './tasks.js';

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
