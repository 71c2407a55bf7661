import type { TaskService } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { type AdjustedPrices, adjustedColumns, failedUsdOf, isSure, summedTerms, sureEnough } from './adjusted.js';
import { isOpen, type Prepared, prepared, withAsked, withQueuesOf } from './decide.js';
import { termsAt, unitsBelow } from './floors.js';
import { kindCount, kindOf } from './kinds.js';
import { optionAt } from './options.js';
import { type Priced, price } from './price.js';
import { cheapest } from './query.js';
import { refitted, type Shape } from './shape.js';

/** The row of least adjusted cost. */
export type Adjusted = {
  /** What was prepared by cost, with what was asked since: for the next volume. */
  prepared: Prepared;
  priced: Priced;
  row: number;
  /** USD a month, and of it what the row counts beyond its bill and people. */
  adjustedUsd: number;
  termsUsd: number;
  /** First tokens under load that were asked. */
  asked: number;
};

/** Where nothing is sure enough, machines up to so many times the cheapest plan are looked at. */
const mostTimes = 64;
/** Machines that are asked at once: rows are priced again once for all of them. */
const mostAsked = 16;

/**
 * The row of least adjusted cost. Units whose fastest model may cost less than what is known keep the fastest of every quality; queues
 * and first tokens under load are asked of what wins.
 *
 * @param start the best by cost, whose queues are known as far as that took
 * @param baseUsd C0: see `AdjustedPrices`
 * @param failedUsd USD a month if all answers failed; left out: as `failedUsdOf`
 */
export function leastAdjusted(
  start: { prepared: Prepared; priced: Priced },
  workload: Workload,
  baseUsd: number,
  prices: AdjustedPrices,
  failedUsd = failedUsdOf(start.priced, baseUsd),
): Adjusted {
  const search = { workload, baseUsd, prices, failedUsd };
  let found = leastOf(start.prepared, search);
  const { floors } = termsAt(start.prepared.shape, workload);
  const seen = new Set<number>();
  for (let most = isSure(found.priced, found.row, prices) ? found.adjustedUsd : 2 * baseUsd; ; most *= 2) {
    const units = unitsAlsoBelow(start.priced, floors, most).filter((unit) => !seen.has(unit));
    for (const unit of units) seen.add(unit);
    if (units.length > 0)
      found = leastOf(prepared(refitted(found.prepared.shape, new Set(units), { keep: 'better' })), search);
    if (isSure(found.priced, found.row, prices) || most >= mostTimes * baseUsd) break;
  }
  let asked = 0;
  for (let most = 1; ; most = Math.min(2 * most, mostAsked)) {
    const open = openRows(found, prices, most);
    if (open.length === 0) {
      const { terms: _, ...answer } = found;
      return { ...answer, prepared: withAsked(start.prepared, found.prepared.shape), asked };
    }
    asked += open.length;
    found = leastOf(prepared(withAnswers(found, open)), search);
  }
}

/** What was found so far, with the terms of every row. */
type Found = Omit<Adjusted, 'asked'> & { terms: Float64Array };

type Search = { workload: Workload; baseUsd: number; prices: AdjustedPrices; failedUsd: number };

function leastOf(on: Prepared, { workload, baseUsd, prices, failedUsd }: Search): Found {
  const priced = withFirstTokens(price(on.rows, on.shape, workload));
  const terms = summedTerms(adjustedColumns(priced, baseUsd, prices, failedUsd));
  const answer = cheapest(priced, sureEnough(priced, prices), terms);
  const row = answer.found;
  const termsUsd = row < 0 ? 0 : (terms[row] as number);
  const usd = row < 0 ? Number.POSITIVE_INFINITY : (answer.priced.usd[row] as number);
  return { prepared: on, priced: answer.priced, row, terms, adjustedUsd: usd + termsUsd, termsUsd };
}

/** Units that cost less than a limit, and those not looked at that may. */
function unitsAlsoBelow({ rows, usd, shape }: Priced, floors: Float64Array, mostUsd: number): number[] {
  const units = unitsBelow(shape, floors, new Float64Array(kindCount).fill(mostUsd));
  for (let row = rows.apis; row < rows.paired; row++)
    if (rows.fit[row] !== -1 && (usd[row] as number) < mostUsd)
      units.add(shape.fits.unit[rows.fit[row] as number] as number);
  return [...units];
}

/**
 * Rows of which something is to be asked, up to so many: what was found, and what is next. None: it stands.
 */
function openRows({ prepared: now, priced, row, terms }: Found, prices: AdjustedPrices, most: number): number[] {
  if (!isUnasked(now, priced, row)) return [];
  const mask = sureEnough(priced, prices);
  const order = Array.from(priced.usd.keys())
    .filter((one) => mask[one] === 1 && one !== row && isUnasked(now, priced, one))
    .sort(
      (a, b) => (priced.usd[a] as number) + (terms[a] as number) - (priced.usd[b] as number) - (terms[b] as number),
    );
  return [row, ...order.slice(0, most - 1)];
}

/** Whether the queue of a row's machine, or its first token under load, is still to be asked. */
function isUnasked(now: Prepared, priced: Priced, row: number): boolean {
  const fit = row < 0 ? -1 : (now.rows.fit[row] as number);
  if (fit === -1 || priced.usd[row] === Number.POSITIVE_INFINITY) return false;
  return isOpen(now, row) || (isAwaited(priced) && !now.shape.firstTokens.has(keyOfRow(now, priced, row)));
}

/** The shape with what was asked of the machines of some rows: their queues first. */
function withAnswers({ prepared: now, priced }: Found, open: readonly number[]): Shape {
  const { fits } = now.shape;
  const firstTokens = new Map(now.shape.firstTokens);
  const unqueued: { unit: number; item: number }[] = [];
  for (const row of open) {
    const fit = now.rows.fit[row] as number;
    const key = keyOfRow(now, priced, row);
    if (isOpen(now, row)) unqueued.push({ unit: fits.unit[fit] as number, item: fits.item[fit] as number });
    else if (!firstTokens.has(key)) firstTokens.set(key, firstTokenUnderLoad(priced, row));
  }
  return { ...withQueuesOf(now.shape, unqueued, 'better'), firstTokens };
}

/** Whether somebody waits for the first token. */
function isAwaited({ workload }: Priced): boolean {
  const [{ waits, needs }] = workload.taskParts as [TaskPart];
  return waits === null && needs.ttftP95Ms !== null;
}

function keyOfRow({ rows, shape }: Prepared, { requestsPerDay }: Priced, row: number): string {
  const fit = rows.fit[row] as number;
  const [unit, item] = [shape.fits.unit[fit] as number, shape.fits.item[fit] as number];
  return firstTokenKey(shape, unit, item, rows.offer[row] as number, requestsPerDay);
}

/** First tokens by machine and item; of workers, which may sleep, by offer and volume as well. */
function firstTokenKey({ admitted }: Shape, unit: number, item: number, offer: number, requestsPerDay: number): string {
  const { units } = admitted.offers;
  const machine = `${units.machine[unit]} ${item}`;
  return units.sleeps[unit] === 1 ? `${machine} ${offer} ${requestsPerDay}` : machine;
}

/** Prices with the first tokens that were asked. */
function withFirstTokens(priced: Priced): Priced {
  const { rows, shape, requestsPerDay } = priced;
  if (shape.firstTokens.size === 0) return priced;
  const firstTokenMs = rows.firstTokenMs.slice();
  for (let row = rows.apis; row < rows.count; row++) {
    const fit = rows.fit[row] as number;
    if (fit === -1) continue;
    const [unit, item] = [shape.fits.unit[fit] as number, shape.fits.item[fit] as number];
    const known = shape.firstTokens.get(firstTokenKey(shape, unit, item, rows.offer[row] as number, requestsPerDay));
    if (known !== undefined) firstTokenMs[row] = known;
  }
  return { ...priced, rows: { ...rows, firstTokenMs } };
}

/** First token (p95, ms) of a row's machine at the load that it is sized for; NaN: nobody knows. */
function firstTokenUnderLoad(priced: Priced, row: number): number {
  const { shape, workload, rows } = priced;
  const [taskPart] = workload.taskParts as [TaskPart];
  const kind = kindOf[rows.kind[row] as number] as (typeof kindOf)[number];
  const seen = placementOf(kind).service(optionAt(priced, row), taskPart, { ...shape.context, workload });
  return 'unpriced' in seen ? Number.NaN : ((seen as TaskService).ttftP95Ms ?? Number.NaN);
}
