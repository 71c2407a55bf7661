import type { Demand } from '../scenario/demand.js';
import type { RentalRow } from '../tables/rows.js';
import { type UnitType, unitTypes } from './fleet-units.js';
import type { Purchase } from './option.js';
import type { Case } from './placement.js';

const hoursPerDay = 24;

type Form = {
  purchase: Purchase;
  termMonths: number;
  followsHours: boolean;
  usdPerHour(row: RentalRow, demand: Demand): number | null;
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
function spotUsdPerHour({ spotUsdPerHour: spot, onDemandUsdPerHour: fallback }: RentalRow, demand: Demand) {
  if (spot === null || fallback === null) return null;
  const lostHoursPerHour = (demand.assume('spotInterruptionsPerDay') / hoursPerDay) * demand.assume('spotRestartHours');
  const had = demand.assume('spotCapacityAvailableShare');
  return had * spot * (1 + lostHoursPerHour) + (1 - had) * fallback;
}

/**
 * Every rentable machine in every form of purchase. A row is one instance as sold; a row priced per GPU is sold in
 * groups.
 */
export function rentedUnits({ tables, demand }: Case, includeMarketplace: boolean): UnitType[] {
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
        };
        return [{ accelerator, gpus, offer }];
      });
    });
  });
  return unitTypes(found);
}
