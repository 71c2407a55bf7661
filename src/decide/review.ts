import { isUnpriced } from '../cost/curve.js';
import { parameterOf } from '../cost/extras.js';
import type { Option } from '../places/option.js';
import type { Context, TaskService } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { capabilityScore, fullScore } from '../rules/model.js';
import { preferences, wishOf } from '../rules/place.js';
import { dataGates, gates } from '../rules/registry.js';
import { isPlain, type Verdict } from '../rules/rule.js';
import { availability, availabilityOfPair } from '../rules/service.js';
import type { Kind } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { countWords, placesWords, usdWords } from '../units/numeric.js';
import type { TaskPart } from '../workload/workload.js';
import type { Factor, Scores } from './decision.js';
import { type Deployment, type Plan, servings } from './plan.js';

/**
 * The five factor scores of a reviewed plan, 0 to 100 (docs/model.md, scores): closeness to the cheapest feasible one,
 * data boundary, probability that every task's capability suffices, free people over needed ones, targets over
 * predicted latency. Null: not applicable.
 */
export function scoresOf(
  { plan, services, verdicts }: Reviewed,
  cheapest: Pick<Plan, 'monthlyUsd'> | null,
  { workload }: Context,
): Scores {
  const factors: Record<Factor, number | null> = {
    volume: cheapest && fullScore * shareOf(cheapest.monthlyUsd, plan.monthlyUsd),
    sensitivity: sensitivity(verdicts, workload.assume('conditionScore')),
    capability: lowest(servings(plan.deployments).map(({ option, taskPart }) => capabilityScore(option, taskPart))),
    team: plan.fte === 0 || workload.team.given ? fullScore * shareOf(workload.team.freeFte, plan.fte) : null,
    latency: lowest([...services].map(([taskPart, seen]) => latency(taskPart, seen))),
  };
  let sum = 0;
  let weight = 0;
  for (const [factor, score] of Object.entries(factors) as [Factor, number | null][]) {
    if (score === null) continue;
    sum += score * workload.rules.weights[factor];
    weight += workload.rules.weights[factor];
  }
  return { ...factors, total: weight === 0 ? null : sum / weight };
}

const amongKnown =
  (pick: (...known: number[]) => number) =>
  (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : pick(...known);
  };

/** The lowest of what is known; null: nothing is. */
export const lowest = amongKnown(Math.min);
/** The highest of what is known; null: nothing is. */
export const highest = amongKnown(Math.max);

/** How much of what is needed is there, at most all of it; where nothing is needed, all. */
const shareOf = (have: number, need: number): number => (need === 0 ? 1 : Math.min(1, have / need));

/** By the data rules that are no plain pass, over all tasks. */
function sensitivity(verdicts: readonly TaskVerdict[], conditionScore: number): number {
  const data = verdicts.filter(({ gate }) => dataGates.has(gate));
  if (data.some(({ verdict: { state } }) => state === 'failed' || state === 'unknown')) return 0;
  return data.length > 0 ? conditionScore : fullScore;
}

function latency({ needs }: TaskPart, service: TaskService | null): number | null {
  if (service === null) return null;
  const share = (target: number | undefined, have: number | null, atMost: boolean) =>
    target === undefined || have === null ? null : fullScore * (atMost ? shareOf(target, have) : shareOf(have, target));
  return lowest([
    share(needs.ttftP95Ms?.value, service.ttftP95Ms, true),
    share(needs.totalP95Ms?.value, service.totalP95Ms, true),
    share(needs.tokensPerSecond?.value, service.tokensPerSecond, false),
  ]);
}

/** A rating of a kind as the tables have it, in a word: `3 medium`; null where they have none. */
export function rating(prefix: string, kind: Kind, { parameterOf: known }: Tables): string | null {
  const row = known.get(parameterOf(prefix, kind));
  if (row === undefined) return null;
  return new RegExp(`\\b${row.likely} (\\w+)`).exec(row.unit)?.[1] ?? String(row.likely);
}

/** A rule's verdict on a task (`all`: on the whole plan) that is no plain pass. */
export type TaskVerdict = { task: string; gate: string; verdict: Verdict };

/** What the task parts of places see there, and the verdicts on each. */
type Seen = { services: Map<TaskPart, TaskService | null>; verdicts: TaskVerdict[] };

/** A plan with what its task parts would see and the verdicts on them. */
export type Reviewed = Seen & { plan: Plan };

/** What a task part sees of an option; null: it is not known. */
export function seenOn(option: Option, taskPart: TaskPart, context: Context): TaskService | null {
  const service = placementOf(option.kind).service(option, taskPart, context);
  return isUnpriced(service) ? null : service;
}

/**
 * 95th percentile of waits (ms) at two places, of which the second takes a share of the requests: each of those waits
 * longer than all others, and the first place's waits have an exponential tail. 80 ms and 2,200 ms at 1 % are 80 x
 * ln(0.99 / 0.04) / ln 20 = 86 ms; from a share of 5 % it is the slower one.
 */
export function p95OfTwo(firstMs: number, secondMs: number, share: number): number {
  const beyond = 0.05;
  if (share >= beyond || secondMs <= firstMs) return Math.max(firstMs, secondMs);
  return Math.min(secondMs, (firstMs * Math.log((1 - share) / (beyond - share))) / Math.log(1 / beyond));
}

/**
 * What a task part sees of two places that share its requests: waits over all of them, and the slower one's tokens a
 * second; null where one is not known.
 */
function mixOf(first: TaskService | null, second: TaskService | null, share: number): TaskService | null {
  if (first === null || second === null) return null;
  const both = (a: number | null, b: number | null, of: (a: number, b: number) => number): number | null =>
    a === null || b === null ? null : of(a, b);
  const p95 = (a: number, b: number): number => p95OfTwo(a, b, share);
  return {
    ...first,
    ttftP95Ms: both(first.ttftP95Ms, second.ttftP95Ms, p95),
    totalP95Ms: both(first.totalP95Ms, second.totalP95Ms, p95),
    tokensPerSecond: both(first.tokensPerSecond, second.tokensPerSecond, Math.min),
  };
}

export const review = (plan: Plan, context: Context): Reviewed => ({ plan, ...seenAt(plan.deployments, context) });

/** Places looked at for every task part that they serve, whatever they cost. */
export function seenAt(places: readonly Pick<Deployment, 'option' | 'taskParts' | 'second'>[], context: Context): Seen {
  const services: Seen['services'] = new Map();
  const verdicts: TaskVerdict[] = [];
  for (const { option, taskParts, second } of places)
    for (const taskPart of taskParts) {
      const seen = seenOn(option, taskPart, context);
      const found = verdictsOn(option, taskPart, context, seen);
      if (second !== undefined) {
        const behind = seenOn(second.option, taskPart, context);
        services.set(taskPart, mixOf(seen, behind, second.share(context.workload.requestsPerDay)));
        found.unshift({ gate: preferences.id, verdict: wishOf(second.role, context) });
        found.push(...verdictsOn(second.option, taskPart, context, behind));
      } else services.set(taskPart, seen);
      // Availability is reported for both places as one.
      const asPair = second?.role === 'failover' ? availabilityOfPair(option, second.option, taskPart, context) : null;
      const told = asPair === null ? found : found.filter(({ gate }) => gate !== availability.id);
      if (asPair !== null) told.push({ gate: availability.id, verdict: asPair });
      for (const one of told) if (!isPlain(one.verdict)) verdicts.push({ task: taskPart.task, ...one });
    }
  return { services, verdicts };
}

/** One reason: its text and every figure in it, by name. USD are a month. */
export type Reason = { code: string; text: string; figures: Record<string, number> };

/** How a figure is written, by the word behind its name in a template. */
const written = {
  usd: usdWords,
  /** With its sign: what something costs more or less. */
  more: (usd: number) => `${usd < 0 ? '-' : '+'}${usdWords(Math.abs(usd))}`,
  points: (points: number) => points.toFixed(1),
  percent: (percent: number) => `${percent.toFixed(0)} %`,
  morePercent: (percent: number) => `${percent < 0 ? '-' : '+'}${Math.abs(percent).toFixed(0)} %`,
  /** Of shares near 1, where the digits behind the nines count. */
  nines: (percent: number) => `${Number(percent.toPrecision(6))} %`,
  percentExactly: (percent: number) => `${percent.toFixed(1)} %`,
  fte: (fte: number) => `${placesWords(fte, 1)} FTE`,
  fteExactly: (fte: number) => `${placesWords(fte, 2)} FTE`,
  count: countWords,
  times: (times: number) => `${countWords(times)} x`,
} as const;

/**
 * A reason from a template: `{name:usd}` is a figure written as money, `{name}` a word. Every number in a reason is one
 * of its figures.
 *
 * @throws RangeError for a name that is not given: an internal error
 */
export function reason(
  code: string,
  template: string,
  words: Readonly<Record<string, string>> = {},
  figures: Readonly<Record<string, number>> = {},
): Reason {
  const text = template.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, as?: string) => {
    const value = as === undefined ? words[name] : figures[name];
    if (value === undefined || (as !== undefined && !(as in written))) throw new RangeError(`${code} lacks ${name}`);
    return typeof value === 'string' ? value : written[as as keyof typeof written](value);
  });
  return { code, text, figures: { ...figures } };
}

type GateVerdict = Omit<TaskVerdict, 'task'>;

/** Every verdict on a task part that is not a plain pass, in registry order: nothing is short-cut. */
export function verdictsOn(
  option: Option,
  taskPart: TaskPart,
  context: Context,
  service: TaskService | null,
): GateVerdict[] {
  return gates
    .map((gate) => ({ gate: gate.id, verdict: gate.check(option, taskPart, context, service) }))
    .filter(({ verdict }) => !isPlain(verdict));
}
