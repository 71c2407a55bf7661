import type { TaskService } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { type AdjustedPrices, adjustedColumns, failedUsdOf, isSure, summedTerms, sureEnough } from './adjusted.js';
import { askedUnit, isOpen, type Prepared, prepared } from './decide.js';
import { unitFloors, unitsBelow } from './floors.js';
import { kindCount, kindOf } from './kinds.js';
import { optionAt } from './options.js';
import { type Priced, price } from './price.js';
import { cheapest } from './query.js';
import { refitted, type Shape } from './shape.js';

/** The row of least adjusted cost. */
export type Adjusted = {
  prepared: Prepared;
  priced: Priced;
  row: number;
  /** USD a month, and of it what the row counts beyond its bill and people. */
  adjustedUsd: number;
  termsUsd: number;
  /** First tokens under load that were asked. */
  asked: number;
};

/** Dearer and dearer machines are looked at where nothing is sure enough, up to so many times the cheapest plan. */
const mostTimes = 64;

/**
 * The row of least adjusted cost. Machines keep the fastest model of every quality, which are many: only on units whose fastest one may
 * cost less than what is known. First tokens of machines under load, and queues, are asked of the winner alone.
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
  const seen = new Set<number>();
  for (let most = isSure(found.priced, found.row, prices) ? found.adjustedUsd : 2 * baseUsd; ; most *= 2) {
    const units = unitsAlsoBelow(start.priced, most).filter((unit) => !seen.has(unit));
    for (const unit of units) seen.add(unit);
    if (units.length > 0)
      found = leastOf(prepared(refitted(found.prepared.shape, new Set(units), { keep: 'better' })), search);
    if (isSure(found.priced, found.row, prices) || most >= mostTimes * baseUsd) break;
  }
  for (let asked = 0; ; asked++) {
    const next = confirmed(found, seen);
    if (next === null) return { ...found, asked };
    found = leastOf(prepared(next), search);
  }
}

type Search = { workload: Workload; baseUsd: number; prices: AdjustedPrices; failedUsd: number };

function leastOf(on: Prepared, { workload, baseUsd, prices, failedUsd }: Search): Omit<Adjusted, 'asked'> {
  const priced = withFirstTokens(price(on.rows, on.shape, workload));
  const terms = summedTerms(adjustedColumns(priced, baseUsd, prices, failedUsd));
  const answer = cheapest(priced, sureEnough(priced, prices), terms);
  const row = answer.found;
  const termsUsd = row < 0 ? 0 : (terms[row] as number);
  const usd = row < 0 ? Number.POSITIVE_INFINITY : (answer.priced.usd[row] as number);
  return { prepared: on, priced: answer.priced, row, adjustedUsd: usd + termsUsd, termsUsd };
}

/** Units whose cheapest row costs less than a limit, and those that were not looked at and may. */
function unitsAlsoBelow({ rows, usd, shape, workload, people, factors }: Priced, mostUsd: number): number[] {
  const floors = unitFloors(shape, workload, people, factors);
  const units = unitsBelow(shape, floors, new Float64Array(kindCount).fill(mostUsd));
  for (let row = rows.apis; row < rows.paired; row++)
    if (rows.fit[row] !== -1 && (usd[row] as number) < mostUsd)
      units.add(shape.fits.unit[rows.fit[row] as number] as number);
  return [...units];
}

/** The shape with what was not asked yet of the machine of a row: its queue, or its first token under load; null: all was. */
function confirmed({ prepared: now, priced, row }: Omit<Adjusted, 'asked'>, better: ReadonlySet<number>): Shape | null {
  const { shape, rows } = now;
  const fit = row < 0 ? -1 : (rows.fit[row] as number);
  if (fit === -1) return null;
  const [unit, item] = [shape.fits.unit[fit] as number, shape.fits.item[fit] as number];
  if (isOpen(now, row)) return askedUnit(shape, unit, item, 1, better.has(unit) ? 'better' : shape.keep).shape;
  const key = firstTokenKey(shape, unit, item, rows.offer[row] as number, priced.requestsPerDay);
  if (shape.firstTokens.has(key)) return null;
  const firstTokenMs = firstTokenUnderLoad(priced, row);
  if (firstTokenMs === null) return null;
  return { ...shape, firstTokens: new Map([...shape.firstTokens, [key, firstTokenMs]]) };
}

/** First tokens by unit and item; of workers, which requests may find asleep, by offer and volume as well. */
function firstTokenKey({ admitted }: Shape, unit: number, item: number, offer: number, requestsPerDay: number): string {
  const { units } = admitted.offers;
  return units.sleeps[unit] === 1 ? `${unit} ${item} ${offer} ${requestsPerDay}` : `${unit} ${item}`;
}

/** Prices whose rows have the first tokens under load that were asked. */
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

/** First token (p95, ms) of a row's machine at the load that it is sized for; null: nobody waits for it. */
function firstTokenUnderLoad(priced: Priced, row: number): number | null {
  const { shape, workload, rows } = priced;
  const [taskPart] = workload.taskParts as [TaskPart];
  if (taskPart.waits !== null || taskPart.needs.ttftP95Ms === null) return null;
  const kind = kindOf[rows.kind[row] as number] as (typeof kindOf)[number];
  const seen = placementOf(kind).service(optionAt(priced, row), taskPart, { ...shape.context, workload });
  return 'unpriced' in seen ? null : (seen as TaskService).ttftP95Ms;
}
