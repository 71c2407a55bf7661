import { kindCount } from '../core/apis.js';
import {
  askedUnit,
  type Decided,
  decided,
  isOpen,
  type Limits,
  type PlaceOptions,
  type Prepared,
  placesOf,
  prepared,
  type Question,
} from '../core/decide.js';
import { bestOfTypes, cheapest, termsAt, type VolumeTerms } from '../core/floors.js';
import { fteOf, peopleUsd } from '../core/people.js';
import { isOverLimits, needOf, type Priced, price } from '../core/price.js';
import { optionAt, type Rows } from '../core/rows.js';
import { turnsDown } from '../cost/people.js';
import type { Mask } from '../units/columns.js';
import type { Workload } from '../workload/workload.js';
import { type Overflow, overflowPairs, provisionedPair } from './task-overflow.js';

/** A plan for one task: its places, their deployment types (second -1: none), and USD a month. */
export type TaskPlan = PlaceOptions & { kinds: readonly [first: number, second: number]; usd: number };

/** The cheapest plan of a task at a volume. */
export type CostDecision = {
  prepared: Prepared;
  priced: Priced;
  cheapest: TaskPlan | null;
  terms: VolumeTerms;
};

/** The best plans of a task at a volume. */
export type TaskDecision = CostDecision & {
  /** By deployment type, with any fallback or overflow of the same type; and the best with one of another. */
  ofTypes: readonly (TaskPlan | null)[];
  mixed: TaskPlan | null;
  /** Prices of what was prepared, where rules about whole plans turned none down; null: unknown. */
  known: Priced | null;
};

/** What a plan may be made of, and USD a month that its task costs wherever it runs. */
export type PlanRules = { limits: Limits; mayOverflow: boolean; taskUsd: number };

/** The best plan of every deployment type, and the cheapest of all. */
export function bestPlans(before: Prepared, workload: Workload, rules: PlanRules): TaskDecision {
  const { limits } = rules;
  const terms = termsAt(before.shape, workload);
  const found = decided(before, workload, (priced) => bestOfTypes(priced), { limits, terms });
  const plans = Array.from(found.found, (row) => (row < 0 ? null : planOfRow(found.priced, row)));
  const single = cheapestOf(plans);
  const { pair, ...then } = withOverflow(found, workload, rules, terms, usdOf(single), () => true);
  const known = limits === null ? then.priced : null;
  const [ofTypes, mixed = null] = [plans.slice(0, kindCount), plans[kindCount]];
  return { terms, known, ofTypes, mixed, cheapest: pair ?? single, ...then };
}

/** The cheapest plan alone, with far fewer queues. */
export function cheapestPlan(before: Prepared, workload: Workload, rules: PlanRules): CostDecision {
  const { limits } = rules;
  const terms = termsAt(before.shape, workload);
  const found = decided(before, workload, cheapestOfRows(), { limits, terms });
  const single = planOf(found);
  const { pair, ...then } = withOverflow(found, workload, rules, terms, usdOf(single), () => true);
  return { terms, cheapest: pair ?? single, ...then };
}

/** Which deployment types may serve: of the first place, and of the second (-1: none). */
export type Takes = (first: number, second: number) => boolean;

/** The cheapest plan on some deployment types, of what was decided. */
export function cheapestWhere(
  { prepared: before, terms, known }: Pick<TaskDecision, 'prepared' | 'terms' | 'known'>,
  workload: Workload,
  rules: PlanRules,
  takes: Takes,
): TaskPlan | null {
  const maskOf = ({ kind, secondKind }: Rows): Mask =>
    Uint8Array.from(kind, (first, row) => (takes(first, secondKind[row] as number) ? 1 : 0));
  const found = decided(before, workload, cheapestOfRows(maskOf), { limits: rules.limits, terms, known });
  const single = planOf(found);
  return withOverflow(found, workload, rules, terms, usdOf(single), takes).pair ?? single;
}

const cheapestOfRows =
  (maskOf: (rows: Rows) => Mask | null = () => null): Question =>
  (start) => {
    const { priced, found } = cheapest(start, maskOf(start.rows));
    return { priced, found: Int32Array.of(found) };
  };

const planOf = ({ priced, found: [row = -1] }: Decided): TaskPlan | null => (row < 0 ? null : planOfRow(priced, row));

const usdOf = (plan: TaskPlan | null): number => plan?.usd ?? Number.POSITIVE_INFINITY;

const cheapestOf = (plans: readonly (TaskPlan | null)[]): TaskPlan | null =>
  plans.reduce((best, plan) => (plan === null || (best !== null && best.usd <= plan.usd) ? best : plan), null);

export const planOfRow = (priced: Priced, row: number): TaskPlan => ({
  kinds: [priced.rows.kind[row] as number, priced.rows.secondKind[row] as number],
  usd: priced.usd[row] as number,
  ...placesOf(priced, row),
});

/** The cheapest pair below a limit that rules allow, the queues of its machines computed. */
function withOverflow(
  start: Pick<Decided, 'prepared' | 'priced'>,
  workload: Workload,
  { limits, mayOverflow }: PlanRules,
  terms: VolumeTerms,
  belowUsd: number,
  takes: Takes,
): { prepared: Prepared; priced: Priced; pair: TaskPlan | null } {
  if (!mayOverflow) return { prepared: start.prepared, priced: start.priced, pair: null };
  const nothing = (all: Priced) => ({ priced: all, found: new Int32Array(0) });
  // What only rules on whole plans exclude may be part of what they allow.
  const asking = { alsoBelowUsd: belowUsd, terms, known: limits === null ? start.priced : null };
  let { prepared: now, priced } = decided(start.prepared, workload, nothing, asking);
  const depth = new Map<number, number>();
  for (;;) {
    const { rows, shape } = now;
    const pairs = overflowPairs(priced, belowUsd).filter(({ own, api }) =>
      takes(rows.kind[own] as number, rows.kind[api] as number),
    );
    const first = pairs.find((pair) => isOpen(now, pair.own) || isLetThrough(priced, pair, limits));
    if (first === undefined) return { prepared: now, priced, pair: null };
    if (!isOpen(now, first.own)) return { prepared: now, priced, pair: planOfPair(priced, first) };
    const fit = rows.fit[first.own] as number;
    const unit = shape.fits.unit[fit] as number;
    const most = depth.get(unit) ?? 1;
    depth.set(unit, 2 * most);
    now = prepared(askedUnit(shape, unit, shape.fits.item[fit] as number, most));
    priced = price(now.rows, now.shape, workload);
  }
}

export function isLetThrough(priced: Priced, pair: Overflow, limits: Limits): boolean {
  if (limits === null) return true;
  const { rows, workload, people, shape } = priced;
  const { own, units } = pair;
  const staff = rows.staff[own] as number;
  const onceUsd = units * (rows.oncePerHour[own] as number) * shape.load.hoursPerMonth;
  const billUsd = pair.usd - peopleUsd(people, staff, units) - onceUsd;
  if (turnsDown({ fte: fteOf(people, staff, units) }, billUsd, workload, units * (rows.upfront[own] as number)))
    return false;
  return limits(planOfPair(priced, pair), workload);
}

export const planOfPair = (priced: Priced, { own, api, usd }: Overflow): TaskPlan => ({
  option: optionAt(priced, own),
  second: { role: 'overflow', option: optionAt(priced, api) },
  kinds: [priced.rows.kind[own] as number, priced.rows.kind[api] as number],
  usd,
});

/** The cheapest plan on provisioned throughput, its API by tokens, and whether the peak fills the smallest purchase. */
type TaskProvisioned = { plan: TaskPlan; tokens: TaskPlan | null; fills: boolean };

/**
 * Provisioned throughput of the advised closed API, or the cheapest, where on sale; else the cheapest of any.
 *
 * @param apis plans in order; the API of the first that is sold so is taken
 */
export function cheapestProvisioned(
  { prepared: { rows, shape }, known, terms }: Pick<TaskDecision, 'prepared' | 'known' | 'terms'>,
  apis: readonly (TaskPlan | null)[],
  workload: Workload,
  { limits, mayOverflow }: PlanRules,
): TaskProvisioned | null {
  const { byTokens, option } = shape.admitted.apis;
  const held: number[] = [];
  for (let row = 0; row < rows.apis; row++) if (byTokens[rows.model[row] as number] !== -1) held.push(row);
  if (held.length === 0) return null;
  const priced = known ?? price(rows, shape, workload, {}, terms.people);
  const modelOf = (row: number): number => byTokens[rows.model[row] as number] as number;
  const isOf = (row: number, id: string): boolean =>
    [rows.model[row] as number, modelOf(row)].some((api) => option[api]?.id === id);
  const [sold] = apis.flatMap((plan) => held.find((row) => plan !== null && isOf(row, plan.option.id)) ?? []);
  const among = sold === undefined ? held : held.filter((row) => modelOf(row) === modelOf(sold));
  const best = among
    .flatMap((row) => waysOf(priced, row, workload, limits, mayOverflow))
    .reduce<{ row: number; plan: TaskPlan } | null>(
      (least, one) => (least === null || one.plan.usd < least.plan.usd ? one : least),
      null,
    );
  if (best === null) return null;
  const tokens = shape.bills.api.indexOf(modelOf(best.row));
  const isSold = tokens !== -1 && priced.usd[tokens] !== Number.POSITIVE_INFINITY;
  return {
    plan: best.plan,
    tokens: isSold ? planOfRow(priced, tokens) : null,
    fills: needOf(priced, best.row) * shape.load.peak >= (rows.min[best.row] as number),
  };
}

/** A purchase for the peak, and a smaller one with the rest by tokens, where rules allow them. */
function waysOf(
  priced: Priced,
  row: number,
  workload: Workload,
  limits: PlanRules['limits'],
  mayOverflow: boolean,
): { row: number; plan: TaskPlan }[] {
  const pair = mayOverflow ? provisionedPair(priced, row) : null;
  const isAlone =
    priced.usd[row] !== Number.POSITIVE_INFINITY &&
    (limits === null || (!isOverLimits(priced, row) && limits(placesOf(priced, row), workload)));
  return [
    ...(isAlone ? [{ row, plan: planOfRow(priced, row) }] : []),
    ...(pair !== null && isLetThrough(priced, pair, limits) ? [{ row, plan: planOfPair(priced, pair) }] : []),
  ];
}
