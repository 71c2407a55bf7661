import { difference, given, parameter, product, quotient, sum, type Traced } from '../cost/traced.js';
import type { Assumed } from '../scenario/demand.js';
import type { RentalRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { Purchase } from './fleet-units.js';
import { type Offer, type UnitType, unitTypes } from './fleet-units.js';
import { onceForTables } from './market.js';
import type { Case } from './placement.js';

const hoursPerDay = 24;

type Form = {
  purchase: Purchase;
  termMonths: number;
  followsHours: boolean;
  usdPerHour(row: RentalRow, demand: Assumed): number | null;
};

const forms: readonly Form[] = [
  { purchase: 'on-demand', termMonths: 0, followsHours: true, usdPerHour: (row) => row.onDemandUsdPerHour },
  { purchase: 'spot', termMonths: 0, followsHours: true, usdPerHour: spotUsdPerHour },
  { purchase: 'reserved-1y', termMonths: 12, followsHours: false, usdPerHour: (row) => row.reserved1yUsdPerHour },
  { purchase: 'reserved-3y', termMonths: 36, followsHours: false, usdPerHour: (row) => row.reserved3yUsdPerHour },
];

/**
 * A machine that may be taken back, per hour served: the spot price with what is lost and started again after an
 * interruption, and the on-demand price for the hours in which no spot machine is to be had. Null where either is
 * unknown.
 */
function spotUsdPerHour({ spotUsdPerHour: spot, onDemandUsdPerHour: fallback }: RentalRow, demand: Assumed) {
  if (spot === null || fallback === null) return null;
  const lostHoursPerHour = (demand.assume('spotInterruptionsPerDay') / hoursPerDay) * demand.assume('spotRestartHours');
  const had = demand.assume('spotCapacityAvailableShare');
  return had * spot * (1 + lostHoursPerHour) + (1 - had) * fallback;
}

/** What a machine costs an hour by its row and the assumptions as they are now: an offer has it as when it was made. */
export function rentUsd({ purchase, usdPerHour, madeOf, madeWith }: Offer, demand: Assumed): number {
  const form = forms.find((one) => one.purchase === purchase);
  const now = madeOf === undefined ? null : form?.usdPerHour(madeOf as RentalRow, demand);
  return now == null || now === madeWith || !madeWith ? usdPerHour : (usdPerHour / madeWith) * now;
}

/** What a machine costs an hour, as its form of purchase makes it of the prices of the row. */
export function tracedRent({ row: origin, purchase, usdPerHour }: Offer, gpus: number, of: Case): Traced | null {
  const row = of.tables.rental.find((each) => each.row === origin.row);
  const form = forms.find((each) => each.purchase === purchase);
  const asked = row && form?.usdPerHour(row, of.demand);
  if (row === undefined || asked === undefined || asked === null) return null;
  const unit = 'USD/unit-hour';
  const listed = (label: string, usd: number | null) => given(label, usd ?? 0, unit, origin);
  const machine = purchase === 'spot' ? tracedSpot(listed, row, of) : listed(`${purchase} price`, asked);
  const grouped = row.soldIn.length > 0 ? product('GPUs sold together', unit, machine, groupsOf(row, gpus)) : machine;
  // A contract may set a price of its own, which its row does not show.
  return Math.abs(grouped.value - usdPerHour) <= 1e-12 * usdPerHour ? { ...grouped, value: usdPerHour } : null;
}

const groupsOf = ({ gpuCount }: RentalRow, gpus: number): Traced =>
  given('priced units of a machine', gpus / gpuCount, 'units');

/** As `spotUsdPerHour`. */
function tracedSpot(listed: (label: string, usd: number | null) => Traced, row: RentalRow, of: Case): Traced {
  const unit = 'USD/unit-hour';
  const had = parameter('hours in which there is one', 'spotCapacityAvailableShare', of);
  const lost = product(
    'lost to interruptions',
    'hours/hour',
    quotient(
      'interruptions an hour',
      '1/hour',
      parameter('interruptions a day', 'spotInterruptionsPerDay', of),
      given('hours in a day', hoursPerDay, 'hours'),
    ),
    parameter('to start again', 'spotRestartHours', of),
  );
  const all = given('the hour itself', 1, 'hours/hour');
  return sum(
    'machine that may be taken back',
    unit,
    product(
      'hours on spot machines',
      unit,
      had,
      listed('spot price', row.spotUsdPerHour),
      sum('hours paid for an hour served', 'hours/hour', all, lost),
    ),
    product(
      'hours on others',
      unit,
      difference('hours in which there is none', 'fraction', given('all hours', 1, 'fraction'), had),
      listed('on-demand price', row.onDemandUsdPerHour),
    ),
  );
}

/**
 * Every rentable machine in every form of purchase. A row is one instance as sold; a row priced per GPU is sold in
 * groups.
 */
export const rentedUnits = (of: Case, includeMarketplace: boolean): UnitType[] =>
  (includeMarketplace ? allRented : listedRented)(of);

const allRented = onceForTables((of) => madeUnits(of, true));
const listedRented = onceForTables((of) => madeUnits(of, false));

function madeUnits({ tables, demand }: { tables: Tables; demand: Assumed }, includeMarketplace: boolean): UnitType[] {
  const found = tables.rental.flatMap((row) => {
    const accelerator = tables.acceleratorOf.get(row.accelerator);
    const marketplace = row.tenancy === 'marketplace';
    if (accelerator === undefined || (marketplace && !includeMarketplace)) return [];
    const perGpu = row.soldIn.length > 0;
    return (perGpu ? row.soldIn : [1]).flatMap((group) => {
      const gpus = group * row.gpuCount;
      const grouped = `${gpus}x${row.accelerator}${marketplace ? '-marketplace' : ''}`;
      return forms.flatMap(({ purchase, termMonths, followsHours, usdPerHour }) => {
        const usd = usdPerHour(row, demand);
        if (usd === null) return [];
        const offer = {
          provider: row.provider,
          region: row.region,
          reach: 'own-account' as const,
          marketplace,
          instance: perGpu ? grouped : row.instanceType,
          purchase,
          usdPerHour: usd * group,
          termMonths,
          followsHours,
          owned: 0,
          row: { table: 'rental' as const, row: row.row },
          madeOf: row,
          madeWith: usd,
        };
        return [{ accelerator, gpus, offer }];
      });
    });
  });
  return unitTypes(found);
}
