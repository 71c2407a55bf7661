import type { AdjustedPrices } from '../../src/core/adjusted.js';
import { requestsPerMonthPerDaily } from '../../src/cost/curve.js';
import { adjustedPricesIn } from '../../src/decide/adjusted-plan.js';
import { upfrontCashUsd } from '../../src/decide/plan.js';
import { capabilityOf, type Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import { capabilityScore, failedShare } from '../../src/rules/model.js';
import type { TaskPart } from '../../src/workload/workload.js';
import type { Served } from './every-option.js';
import { shippedTables } from './load.js';

const { parameterOf } = await shippedTables();

/** Prices of what no bill shows, at their likely values; the formula is written down here anew, over plans and options. */
export const adjustedPrices = adjustedPricesIn({ assume: (name) => parameterOf.get(name)?.likely as number });
/** The same where nobody minds a wait. */
export const withoutWaits: AdjustedPrices = { ...adjustedPrices, waitPerDoubling: 0, targetMargin: 0 };

/** What the formula is asked with: C0, and its prices. */
export type Base = { baseUsd: number; prices: AdjustedPrices };

/** Between 0 and 1. */
const within = (value: number): number => Math.min(1, Math.max(0, value));

/** How likely an option is good enough, 0 to 1. */
const surenessOf = (option: Option, taskPart: TaskPart): number => (capabilityScore(option, taskPart) ?? 0) / 100;

/** USD a month of the wait for the first token. */
function waitUsd(option: Option, taskPart: TaskPart, { baseUsd, prices: p }: Base, context: Context): number {
  const target = taskPart.needs.ttftP95Ms;
  const isMinded = p.waitPerDoubling > 0 || p.targetMargin > 0;
  if (taskPart.waits !== null || target === null || !isMinded) return 0;
  const seen = placementOf(option.kind).service(option, taskPart, context);
  const ms = 'unpriced' in seen ? null : seen.ttftP95Ms;
  if (ms === null) return 0;
  if (target.by === 'preset') {
    const doublings = Math.log2(ms / target.value);
    return p.waitPerDoubling * baseUsd * Math.min(p.mostDoublings, Math.max(0, doublings));
  }
  const left = p.marginShare * target.value;
  return p.targetMargin * baseUsd * within((ms - (target.value - left)) / left);
}

/** The adjusted cost of a plan, with and without the wait, which takes long to tell. */
function adjusted({ option, second, plan }: Served, base: Base, context: Context) {
  const { baseUsd, prices: p } = base;
  const { workload } = context;
  const { team, months, existing, rules, requestsPerDay } = workload;
  const [taskPart] = workload.taskParts as [TaskPart];
  const elsewhere = plan.deployments[0]?.second?.share(requestsPerDay) ?? 0;
  /** What a second place takes counts by its share. */
  const mean = (of: (one: Option) => number): number =>
    second === null ? of(option) : (1 - elsewhere) * of(option) + elsewhere * of(second.option);
  const requests = requestsPerDay * requestsPerMonthPerDaily(taskPart, workload);
  const redoUsd = (p.redoWeeks / 52) * team.yearlyCostUsd + p.redoMonths * baseUsd;
  const failedUsd = rules.failedAnswerUsd === null ? baseUsd : rules.failedAnswerUsd * requests;
  const isOwned = (option.fleet?.offer.owned ?? 0) > 0;
  const isBought = option.kind === 'on-prem' && !isOwned;
  const usd =
    plan.monthlyUsd +
    (mean((one) => 1 - surenessOf(one, taskPart)) * redoUsd) / months +
    // Tuning takes over the work on prompts.
    (taskPart.needs.fineTuning
      ? 0
      : p.upkeepUsdPerPoint * mean((one) => 100 - Math.min(100, capabilityOf(one)?.have ?? 0))) +
    failedUsd * mean((one) => failedShare(one, taskPart, workload)) +
    (existing.length > 0 && !isOwned ? p.ownedShare * baseUsd + p.ownedUsd : 0) +
    (isBought ? (p.atRisk * upfrontCashUsd(plan)) / months : 0) +
    p.placeUsd * (second === null ? 1 : 2);
  return { usd, withWait: () => usd + mean((one) => waitUsd(one, taskPart, base, context)) };
}

/** USD a month of a plan, what it counts beyond its bill included. */
export const adjustedUsd = (way: Served, base: Base, context: Context): number =>
  adjusted(way, base, context).withWait();

/**
 * Of an assumed need, those that are likely enough to be good enough, all where none is: what answers while another place is down
 * takes too few requests to count.
 */
export function sureOf(ways: readonly Served[], { prices: p }: Base, { workload }: Context): readonly Served[] {
  const [taskPart] = workload.taskParts as [TaskPart];
  if (!taskPart.needs.capability.assumed) return ways;
  const sure = ways.filter(({ option, second }) =>
    [option, ...(second?.role === 'overflow' ? [second.option] : [])].every(
      (one) => surenessOf(one, taskPart) >= p.confidence * (1 - 1e-9),
    ),
  );
  return sure.length > 0 ? sure : ways;
}

/** The least adjusted cost among ways to serve the task; infinite where there is none. */
export function leastAdjustedUsd(ways: readonly Served[], base: Base, context: Context): number {
  const all = sureOf(ways, base, context)
    .map((way) => adjusted(way, base, context))
    .sort((a, b) => a.usd - b.usd);
  let least = Number.POSITIVE_INFINITY;
  // A wait only adds to it.
  for (const { usd, withWait } of all) {
    if (usd >= least) break;
    least = Math.min(least, withWait());
  }
  return least;
}

/** Of the second places of a deployment type beside a first one that which costs least; the ways come cheapest first. */
export function cheapestSeconds(ways: readonly Served[]): readonly Served[] {
  const known = new Set<string>();
  return ways.filter(({ option, second }) => {
    if (second === null) return true;
    const key = `${option.id} ${second.option.kind}`;
    return known.has(key) ? false : known.add(key);
  });
}
