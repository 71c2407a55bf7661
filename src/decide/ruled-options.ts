import { admit } from '../core/admitted.js';
import { apiBills } from '../core/api-bills.js';
import { apiService } from '../core/api-latency.js';
import { billApis } from '../core/api-months.js';
import { apiPrices } from '../core/api-prices.js';
import { ownModelAt } from '../core/catalog.js';
import { type Supply, supplyOf } from '../core/supply.js';
import { at, isUnpriced } from '../cost/curve.js';
import { optionOnDevices } from '../places/device.js';
import type { Option } from '../places/option.js';
import type { Context, TaskService } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { gates } from '../rules/registry.js';
import { mayRun } from '../rules/rule.js';
import { aloneIn } from '../several/tasks.js';
import { placesUpTo } from '../units/columns.js';
import { filled } from '../units/float.js';
import type { TaskPart } from '../workload/workload.js';

/** An option with its bill for all tasks (USD a month; NaN: unknown), and every rule that excludes it, by task. */
export type RuledOption = { option: Option; usd: number; failed: readonly { gate: string; task: string }[] };

/** Every API with its bill and what all rules say of it. */
export function ruledApis(context: Context, supply: Supply = supplyOf(context)): RuledOption[] {
  const { apis } = supply;
  const { workload } = context;
  const all = placesUpTo(apis.count);
  const usd = new Float64Array(apis.count);
  const once = new Float64Array(apis.count);
  const bits = workload.taskParts.map((taskPart) => {
    const alone = aloneIn(context, taskPart);
    const admitted = admit(supply, alone, 'all');
    const service = apiService(apis, alone);
    const priced = { ...admitted, api: all, apiPrices: apiPrices(apis, all, taskPart, alone) };
    const bills = apiBills(priced, all, service.firstTokenMs, alone);
    const billed = billApis(bills, taskPart, taskPart.requestsPerDay, workload);
    for (let api = 0; api < apis.count; api++) {
      usd[api] = (usd[api] as number) + (billed[api] as number) - (bills.fixed[api] as number);
      once[api] = Math.max(once[api] as number, bills.fixed[api] as number);
    }
    return admitted.verdicts.apis.map((failed, api) => failed | (service.bits[api] as number));
  });
  const whole = filled(apis.count, (api) => (usd[api] as number) + (once[api] as number));
  return Array.from(all, (api) => ({
    option: apis.option[api] as Option,
    usd: whole[api] as number,
    failed: workload.taskParts.flatMap(({ task }, t) =>
      rulesIn(bits[t]?.[api] as number).map((gate) => ({ gate, task })),
    ),
  }));
}

const rulesIn = (bits: number): string[] =>
  bits === 0 ? [] : gates.flatMap(({ id }, place) => (((bits >> place) & 1) === 1 ? [id] : []));

/** Every model on devices in every scheme that these load. */
export function ruledDevices(context: Context, { catalog }: Supply = supplyOf(context)): RuledOption[] {
  const { workload } = context;
  if (workload.devices === null) return [];
  const { items, schemes } = catalog;
  const { price, service } = placementOf('edge');
  return Array.from(placesUpTo(items.count))
    .filter((item) => schemes[items.scheme[item] as number]?.batchedServing === false)
    .flatMap((item) => {
      const option = optionOnDevices(ownModelAt(catalog, item), null);
      const lines = price(option, workload.taskParts, context);
      if (isUnpriced(lines)) return [];
      const usd = lines.reduce((sum, { curve }) => sum + at(curve, workload.requestsPerDay), 0);
      const failed = workload.taskParts.flatMap((taskPart) => {
        const seen = service(option, taskPart, context) as TaskService;
        return failedBy(option, taskPart, context, seen).map((gate) => ({ gate, task: taskPart.task }));
      });
      return [{ option, usd, failed }];
    });
}

/** Every rule that turns an option down for a task. */
const failedBy = (option: Option, taskPart: TaskPart, context: Context, seen: TaskService): string[] =>
  gates
    .filter((gate) => (gate.asks?.(taskPart, context) ?? true) && !mayRun(gate.check(option, taskPart, context, seen)))
    .map(({ id }) => id);
