import type { Extra } from '../core/floors.js';
import { apiStaff } from '../core/offers.js';
import { billByMonth, peopleUsd } from '../core/people.js';
import { needOf, type Priced } from '../core/price.js';
import type { Rows } from '../core/rows.js';
import { secondKinds } from '../core/supply.js';
import { meanGrowthOf } from '../cost/curve.js';
import { aboveInMonth, weightedAbove } from '../cost/overflow.js';
import type { Mask } from '../units/columns.js';
import { durationCurve } from '../workload/load.js';
import { onlyPart } from '../workload/workload.js';

/** A machine for all hours (`own`), and its overflow API: rows, units, the API's share of the requests, USD a month. */
export type Overflow = { own: number; api: number; units: number; away: number; usd: number };

/** The people of a pair: of all its units, or at the least. */
type Staffed = 'all units' | 'one unit';

/** What rows count beyond their cost, and which take part. */
export type Preferred = { extraOf: Extra; mask: Mask };

/**
 * Pairs below a limit, cheapest first: every row of machines that are held and not owned yet, with the cheapest API of
 * both types. Units are sized by the newsvendor's rule, as in `cost/overflow.ts`.
 *
 * @param belowUsd USD a month
 * @param preferred the API of either type, and machines, by more than their cost; null: by cost
 */
export function overflowPairs(
  priced: Priced,
  belowUsd: number,
  preferred: Preferred | null = null,
  staffed: Staffed = 'all units',
): Overflow[] {
  const { rows, shape, people } = priced;
  const { hoursPerMonth } = shape.load;
  const apis = secondKinds.flatMap((kind) => cheapestApi(priced, kind, preferred));
  if (apis.length === 0) return [];
  const found: Overflow[] = [];
  const above = (own: number): readonly number[] =>
    own >= rows.apis ? apis : tokensOf(priced, own).filter((api) => preferred?.mask[api] !== 0);
  for (let own = 0; own < rows.paired; own++) {
    if (!isHeld(rows, own) || preferred?.mask[own] === 0) continue;
    const unitUsd = (rows.perHour[own] as number) * fewestOf(rows, own) * hoursPerMonth;
    const staff = rows.staff[own] as number;
    if (unitUsd + (rows.fixed[own] as number) + peopleUsd(people, staff, 1) >= belowUsd) continue;
    for (const api of above(own)) {
      const pair = sized(priced, own, api, belowUsd, staffed);
      if (pair !== null) found.push(pair);
    }
  }
  return found.sort((a, b) => a.usd - b.usd);
}

/** Row of the API by tokens that takes the overflow of provisioned throughput; none: it may not serve. */
function tokensOf({ rows, shape: { bills, admitted } }: Priced, own: number): number[] {
  const row = bills.api.indexOf(admitted.apis.byTokens[rows.model[own] as number] as number);
  return row === -1 ? [] : [row];
}

/** Provisioned throughput of a row with its API by tokens above it; null: one of them may not serve. */
export function provisionedPair(priced: Priced, own: number): Overflow | null {
  const [api] = tokensOf(priced, own);
  return api === undefined || !isHeld(priced.rows, own)
    ? null
    : sized(priced, own, api, Number.POSITIVE_INFINITY, 'all units');
}

/**
 * Units of machines of which a pair may count less than a limit, with no model faster than those priced: a slower one
 * may hold fewer units, and need fewer people.
 *
 * @param extra what models count at the least on every unit
 */
export function unitsInPairs(
  priced: Priced,
  belowUsd: number,
  { mask, extraOf }: Preferred,
  extra: Float64Array,
): number[] {
  const { rows, shape } = priced;
  const taken = new Uint8Array(rows.count).fill(1);
  taken.set(mask.subarray(0, rows.apis));
  const unitOf = (own: number): number => shape.fits.unit[rows.fit[own] as number] as number;
  const pairs = overflowPairs(priced, belowUsd, { mask: taken, extraOf }, 'one unit').filter(
    // Both places count by their share of the requests.
    ({ own, api, usd }) => own >= rows.apis && usd + Math.min(extra[unitOf(own)] as number, extraOf(api)) < belowUsd,
  );
  return [...new Set(pairs.map(({ own }) => unitOf(own)))];
}

/** Units that are bought at the least where an API is above them. */
const fewestOf = (rows: Rows, own: number): number => (own < rows.apis ? (rows.min[own] as number) : 1);

/** Whether a row is of machines for all hours that are not owned yet, and may be a place alone. */
const isHeld = (rows: Rows, row: number): boolean =>
  rows.follows[row] === 0 &&
  rows.upS[row] === 0 &&
  rows.perSecond[row] !== 0 &&
  rows.owned[row] === 0 &&
  rows.alone[row] !== 0;

function cheapestApi({ rows, usd }: Priced, kind: number, preferred: Preferred | null): number[] {
  const costOf = (row: number): number =>
    preferred?.mask[row] === 0 ? Number.POSITIVE_INFINITY : (usd[row] as number) + (preferred?.extraOf(row) ?? 0);
  let best = -1;
  for (let row = 0; row < rows.apis; row++)
    if (
      rows.kind[row] === kind &&
      costOf(row) < Number.POSITIVE_INFINITY &&
      (best === -1 || costOf(row) < costOf(best))
    )
      best = row;
  return best === -1 ? [] : [best];
}

/** A pair with as many units as pay for themselves; null: it costs as much as the limit. */
function sized(priced: Priced, own: number, api: number, belowUsd: number, staffed: Staffed): Overflow | null {
  const { rows, shape, workload, requestsPerDay, people, usd } = priced;
  const { load, bills } = shape;
  const taskPart = onlyPart(workload);
  const staff = rows.staff[own] as number;
  const unitUsd = (rows.perHour[own] as number) * load.hoursPerMonth;
  const roomUsd = (rows.roomPerHour[own] as number) * load.hoursPerMonth;
  // Machines that come up for a job are held all along.
  const need = needOf(priced, own) - load.plus;
  const linear =
    load.requestsPerMonth * requestsPerDay * ((rows.perRequest[own] as number) + (rows.perWork[own] as number));
  const fixedApi = bills.fixed[api] as number;
  const apiUsd = (usd[api] as number) - peopleUsd(people, apiStaff, 0) - fixedApi;
  const net = apiUsd - linear;
  const other = linear + (rows.fixed[own] as number) + fixedApi;
  const work = unitUsd * need * load.meanMultiple;
  const fewest = fewestOf(rows, own);
  if (other + Math.max(fewest * unitUsd, Math.min(work, net)) + peopleUsd(people, staff, 1) >= belowUsd) return null;
  const week = durationCurve(taskPart.hours, load.hoursPerMonth);
  const { growth } = workload;
  const { usdPerRequest, weights } = netPrices();
  const perUnit = requestsPerDay / need;
  const above = (units: number): number =>
    weightedAbove({ load: week, growth, weights }, units * perUnit, requestsPerDay);
  const unitsUsd = (units: number): number =>
    units * unitUsd + Math.max(0, units - (rows.roomFrom[own] as number)) * roomUsd;
  let [low, high] = [fewest, Math.max(fewest, Math.ceil(need * load.peak))];
  while (low < high) {
    const unit = low + Math.ceil((high - low) / 2);
    if (usdPerRequest * (above(unit - 1) - above(unit)) >= unitsUsd(unit) - unitsUsd(unit - 1)) low = unit;
    else high = unit - 1;
  }
  const total =
    other + usdPerRequest * above(low) + unitsUsd(low) + peopleUsd(people, staff, staffed === 'one unit' ? 1 : low);
  // Not a number where the API costs nothing beyond the machines in any month: no such pair is needed.
  if (!(total < belowUsd)) return null;
  const requestsAt = (units: number): number =>
    weightedAbove({ load: week, growth, weights: null }, units * perUnit, requestsPerDay);
  return { own, api, units: low, away: requestsAt(low) / requestsAt(0), usd: total };

  /** The API's price of a request beyond own machines, and each month over that; null: constant. */
  function netPrices(): { usdPerRequest: number; weights: Float64Array | null } {
    const byMonth = billByMonth(bills, api, taskPart, requestsPerDay, workload);
    if (byMonth === null)
      return {
        usdPerRequest: Math.max(0, net / weightedAbove({ load: week, growth, weights: null }, 0, requestsPerDay)),
        weights: null,
      };
    const mean = meanGrowthOf(workload);
    const months = byMonth.map((all, month) => {
      const alone = (linear * (growth[month] as number)) / mean;
      return Math.max(0, (all - alone) / aboveInMonth(week, growth, month, 0, requestsPerDay));
    });
    let [sum, requests] = [0, 0];
    for (let month = 0; month < months.length; month++) {
      sum += (months[month] as number) * (growth[month] as number);
      requests += growth[month] as number;
    }
    const usdPerRequest = sum / requests;
    return { usdPerRequest, weights: months.map((one) => one / usdPerRequest) };
  }
}
