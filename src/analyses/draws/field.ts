import { type AdjustedPrices, adjustedColumns, summedTerms, sureEnough } from '../../core/adjusted.js';
import { admit } from '../../core/admitted.js';
import { type Prepared, prepared } from '../../core/decide.js';
import { refit } from '../../core/fits.js';
import { termsAt, unitsBelow } from '../../core/floors.js';
import { kindCount, numberOf } from '../../core/kinds.js';
import { adjustedUsdOf, isUnasked, leastAdjusted, withAnswers } from '../../core/least-adjusted.js';
import { optionAt } from '../../core/options.js';
import { inOrderOfWork, orderOf, type StandsFor } from '../../core/order.js';
import { type Priced, price } from '../../core/price.js';
import type { Mask } from '../../core/query.js';
import { type Rows, rowsOf } from '../../core/rows.js';
import { changedShape, refitted, type Shape, shapeOf, standsForIn } from '../../core/shape.js';
import { supplyOf } from '../../core/supply.js';
import { adjustedPricesIn } from '../../decide/adjusted-prices.js';
import { planRulesOf } from '../../decide/core-choice.js';
import type { Plan } from '../../decide/plan.js';
import { bestPlans, type PlanRules } from '../../decide/task-plans.js';
import type { Context } from '../../places/placement.js';
import { taken } from '../../units/columns.js';
import { isAtLeast } from '../../units/float.js';
import { onlyPart, type Workload } from '../../workload/workload.js';

/** What may be best in a draw: rows of one task, and by what one of them is picked. */
export type Field = {
  context: Context;
  shape: Shape;
  rows: Rows;
  /** C0 of the likely values, and what preferences cost; null: cost alone decides. */
  adjusted: { baseUsd: number; prices: AdjustedPrices } | null;
  /** Rows that are sure enough to be good enough. */
  mask: Mask;
  /** At likely values, USD a month of rows with all that they count. */
  adjustedUsd: Float64Array;
  rules: PlanRules;
};

/** Rows that are kept at the most, the best ones at likely values. */
const mostRows = 400;
/** Rows of machines whose queues are asked at the most, and whose first tokens. */
const mostQueues = 24;
const mostFirstTokens = 200;

/**
 * All that may be best where inputs move: what counts for less than so many times the best at likely
 * values. Of every machine the best schemes of each model are kept, as what a prediction is off by is
 * another number for each model and card.
 *
 * @param met plans that are priced whatever they cost
 * @param reach times the least adjusted cost
 */
export function fieldOf(context: Context, met: readonly Plan[], reach: number): Field | null {
  const { workload } = context;
  const rules = planRulesOf(context);
  const start = prepared(shapeOf(admit(supplyOf(context), context), context, 'fastest'));
  const best = bestPlans(start, workload, rules);
  if (best.cheapest === null) return null;
  const baseUsd = best.cheapest.usd + rules.taskUsd;
  const prices = adjustedPricesIn(workload);
  const adjusted = workload.rules.objective === 'cost' ? null : { baseUsd, prices };
  const least = adjusted && leastAdjusted(best, workload, { baseUsd, prices, limits: rules.limits });
  const leastUsd = least === null ? best.cheapest.usd : adjustedUsdOf(least, least.found[0] as number);
  const limitUsd = reach * (Number.isFinite(leastUsd) ? leastUsd : baseUsd);
  const { shape } = least?.better ?? best.prepared;
  const { rows, adjustedUsd, mask, ...found } = answered(widened(shape, unitsOf(met, shape), workload, limitUsd));
  const near = Array.from(adjustedUsd.keys())
    .filter((row) => mask[row] === 1 && (adjustedUsd[row] as number) <= limitUsd)
    .sort((a, b) => (adjustedUsd[a] as number) - (adjustedUsd[b] as number));
  const all = { context, shape: found.shape, rows, adjusted, rules, mask, adjustedUsd };
  return fieldOn(all, [...met.flatMap((plan) => rowOf(all, plan) ?? []), ...near.slice(0, mostRows)]).field;

  type Weighed = Prepared & { priced: Priced; adjustedUsd: Float64Array; mask: Mask };

  function weighed(shape: Shape): Weighed {
    const rows = rowsOf(shape);
    const priced = price(rows, shape, workload);
    const extra = adjusted && summedTerms(adjustedColumns(priced, baseUsd, prices));
    return {
      shape,
      rows,
      priced,
      adjustedUsd: priced.usd.map((usd, row) => usd + (extra?.[row] ?? 0)),
      mask: adjusted === null ? new Uint8Array(rows.count).fill(1) : sureEnough(priced, prices, () => 0),
    };
  }

  /** With the queues and first tokens of plans met and of the best machines; others whose are not known take no part. */
  function answered(wide: Shape): Weighed {
    let now = weighed(wide);
    for (const most of wide.timed ? [mostQueues, mostFirstTokens] : [mostFirstTokens]) {
      const best = Array.from(now.adjustedUsd.keys())
        .filter((row) => (now.adjustedUsd[row] as number) <= limitUsd && now.mask[row] === 1)
        .sort((a, b) => (now.adjustedUsd[a] as number) - (now.adjustedUsd[b] as number));
      const open = [...met.flatMap((plan) => rowOf(now, plan) ?? []), ...best].filter((row) =>
        isUnasked(now, now.priced, row),
      );
      if (open.length > 0) now = weighed(withAnswers({ prepared: now, priced: now.priced }, open.slice(0, most)));
    }
    for (let row = 0; row < now.rows.count; row++) if (isUnasked(now, now.priced, row)) now.mask[row] = 0;
    return now;
  }
}

/** The shape with the best schemes of every model on some machines, and on those whose fastest model costs less than a limit. */
function widened(shape: Shape, also: ReadonlySet<number>, workload: Workload, limitUsd: number): Shape {
  const { admitted, context, requests, queues, quality, fits } = shape;
  const { family } = admitted.catalog.items;
  const isBetter = standsForIn(quality, 'better');
  const standsFor: StandsFor = (one, other) => family[one] === family[other] && isBetter(one, other);
  const { floors } = termsAt(shape, workload);
  const unlooked = changedShape(shape, { looked: new Uint8Array(shape.looked.length) });
  const below = unitsBelow(unlooked, floors, new Float64Array(kindCount).fill(limitUsd));
  const fastest = refitted(shape, below, { keep: 'fastest' });
  const rows = rowsOf(fastest);
  const { usd } = price(rows, fastest, workload);
  const units = new Set(also);
  for (let row = rows.apis; row < rows.paired; row++)
    if (rows.fit[row] !== -1 && (usd[row] as number) <= limitUsd)
      units.add(fastest.fits.unit[rows.fit[row] as number] as number);
  const { good } = quality.items;
  const isAsked = onlyPart(workload).needs.capability.assumed;
  const confidence = workload.assume('capabilityConfidence');
  const everything = inOrderOfWork(admitted.catalog, requests, null);
  const sure = everything.at.filter((at) => isAtLeast(good[requests.items[at] as number] as number, confidence));
  const order = isAsked && sure.length > 0 ? orderOf(sure, admitted.catalog, requests) : everything;
  const of = { admitted, context, requests, order, queues, standsFor, keepsCuts: false };
  return changedShape(shape, { order, keep: 'better', fits: refit(of, fits, units) });
}

/** The machines of some plans. */
function unitsOf(plans: readonly Plan[], { admitted }: Shape): Set<number> {
  const { source, unit } = admitted.offers;
  const offers = new Set(plans.flatMap(({ deployments }) => deployments[0]?.option.fleet?.offer ?? []));
  const units = new Set<number>();
  for (const [o, offer] of source.entries()) if (offers.has(offer)) units.add(unit[o] as number);
  return units;
}

/** The row of a plan of one place, or of one with a second that stands in for it; null: it has none. */
export function rowOf({ rows, shape }: Pick<Field, 'rows' | 'shape'>, plan: Plan): number | null {
  const [deployment, ...others] = plan.deployments;
  if (deployment === undefined || others.length > 0 || deployment.second?.role === 'overflow') return null;
  const { option, second } = deployment;
  const { source } = shape.admitted.offers;
  const isSame = (row: number): boolean => {
    const first = rows.first[row] as number;
    if ((rows.secondKind[row] !== -1) !== (second !== undefined)) return false;
    if (second !== undefined && rows.secondKind[row] !== numberOf(second.option.kind)) return false;
    if (rows.kind[row] !== numberOf(option.kind)) return false;
    const offer = rows.offer[first] as number;
    return (offer === -1 || source[offer] === option.fleet?.offer) && optionAt({ rows, shape }, row).id === option.id;
  };
  for (let row = 0; row < rows.count; row++) if (isSame(row)) return row;
  return null;
}

/** Some rows as a case of their own. */
export function smaller(shape: Shape, rows: Rows, places: Int32Array): { shape: Shape; rows: Rows } {
  const placeOf = new Int32Array(rows.count).fill(-1);
  for (let at = 0; at < places.length; at++) placeOf[places[at] as number] = at;
  const some = Object.fromEntries(
    Object.entries(rows).map(([name, column]) => [name, typeof column === 'number' ? column : taken(column, places)]),
  ) as Rows;
  const apis = places.filter((row) => row < rows.apis);
  const { bills } = shape;
  const { months, ...columns } = bills;
  const billed = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, taken(column, apis)]));
  return {
    rows: {
      ...some,
      count: places.length,
      apis: apis.length,
      paired: places.filter((row) => row < rows.paired).length,
      first: some.first.map((row) => placeOf[row] as number),
    },
    shape: changedShape(shape, {
      bills: { ...(billed as Omit<typeof bills, 'months'>), months: Array.from(apis, (row) => months[row] ?? null) },
    }),
  };
}

/** The model and the card of a row of machines, by names; null: it is none. */
export function capacityOf({ rows, shape }: Field, row: number): { family: string; accelerator: string } | null {
  const { catalog } = shape.admitted;
  if (rows.fit[row] === -1) return null;
  const family = catalog.families[catalog.items.family[rows.model[row] as number] as number];
  const card = catalog.accelerators[rows.accelerator[row] as number];
  if (family === undefined || card === undefined) return null;
  return { family: family.option.family, accelerator: card.accelerator };
}

/** A field of some rows, with those that they stand behind. */
export function fieldOn(field: Field, some: Iterable<number>): { field: Field; places: Int32Array } {
  const { shape, rows, mask, adjustedUsd } = field;
  const kept = new Set(some);
  for (const row of [...kept]) kept.add(rows.first[row] as number);
  if (rows.paired < rows.count) for (let row = 0; row < rows.apis; row++) kept.add(row);
  const places = Int32Array.from(kept).sort();
  const small = smaller(shape, rows, places);
  return {
    field: { ...field, ...small, mask: taken(mask, places), adjustedUsd: taken(adjustedUsd, places) },
    places,
  };
}
