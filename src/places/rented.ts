import { engineOf } from '../capacity/replica.js';
import { nobody } from '../cost/people.js';
import { rentedCosts } from '../cost/rented.js';
import { type Figures, given, numbers, parameter, product, type Traced, traced } from '../formula/traced.js';
import type { RentalRow } from '../tables/columns.js';
import { rentalForms } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { recent } from '../units/memo.js';
import { hoursPerDay } from '../units/month.js';
import { type AssumedOf, type Market, onceForTables, sizing } from './fleet-numbers.js';
import { fleetPlacement } from './managed-hosting.js';
import { type Offer, type UnitType, unitTypes } from './option.js';
import type { Context } from './placement.js';

/** USD an hour of a machine in a form of purchase; null: no such price in its row. */
const formUsd = ({ purchase, field }: RentalForm, row: RentalRow, context: AssumedOf): number | null => {
  if (purchase !== 'spot') return row[field];
  return row.spotUsdPerHour === null || standInOf(row).usd === null ? null : spotUsd(row, numbers, context);
};
type RentalForm = (typeof rentalForms)[number];

/** The price on demand in the hours without a spot machine, and the row it is of. */
const standInOf = ({ row, onDemandUsdPerHour, standInUsdPerHour, standInRow }: RentalRow) =>
  standInRow === undefined ? { usd: onDemandUsdPerHour, row } : { usd: standInUsdPerHour ?? null, row: standInRow };

/**
 * USD per served hour of a spot machine: the spot price with work lost to interruptions, and the on-demand price for
 * hours without one.
 */
function spotUsd<Figure>(
  row: RentalRow,
  { given, parameter, sum, difference, product, quotient }: Figures<Figure>,
  context: AssumedOf,
): Figure {
  const unit = 'USD/unit-hour';
  const standIn = standInOf(row);
  const had = parameter('hours in which there is one', 'spotCapacityAvailableShare', context);
  const lost = product(
    'lost to interruptions',
    'hours/hour',
    quotient(
      'interruptions an hour',
      '1/hour',
      parameter('interruptions a day', 'spotInterruptionsPerDay', context),
      given('hours in a day', hoursPerDay, 'hours'),
    ),
    parameter('to start again', 'spotRestartHours', context),
  );
  const all = given('the hour itself', 1, 'hours/hour');
  return sum(
    'machine that may be taken back',
    unit,
    product(
      'hours on spot machines',
      unit,
      had,
      given('spot price', row.spotUsdPerHour ?? 0, unit, { table: 'rental', row: row.row }),
      sum('hours paid for an hour served', 'hours/hour', all, lost),
    ),
    product(
      'hours on others',
      unit,
      difference('hours in which there is none', 'fraction', given('all hours', 1, 'fraction'), had),
      given('on-demand price', standIn.usd ?? 0, unit, { table: 'rental', row: standIn.row }),
    ),
  );
}

/** USD an hour of a machine by its current row and assumptions; an offer may be older. */
export function rentUsd({ purchase, usdPerHour, madeOf, madeWith, uplift }: Offer, context: AssumedOf): number {
  const form = rentalForms.find((one) => one.purchase === purchase);
  const now = madeOf === undefined ? null : form && formUsd(form, madeOf as RentalRow, context);
  const listed = now == null || now === madeWith || !madeWith ? usdPerHour : (usdPerHour / madeWith) * now;
  const factor = uplift === undefined ? 1 : context.workload.assume(uplift.parameter);
  return factor === (uplift?.with ?? 1) ? listed : (listed / (uplift?.with ?? 1)) * factor;
}

/** Derivation of a machine's hourly price from its row, by form of purchase. */
export function tracedRent(
  { row: origin, purchase, usdPerHour, uplift }: Offer,
  gpus: number,
  context: Context,
): Traced | null {
  const row = context.tables.rental.find((each) => each.row === origin.row);
  const form = rentalForms.find((each) => each.purchase === purchase);
  const asked = row && form && formUsd(form, row, context);
  if (row === undefined || asked === undefined || asked === null) return null;
  const unit = 'USD/unit-hour';
  const machine = purchase === 'spot' ? spotUsd(row, traced, context) : given(`${purchase} price`, asked, unit, origin);
  const priced = row.soldIn.length > 0 ? product('GPUs sold together', unit, machine, groupsOf(row, gpus)) : machine;
  const grouped =
    uplift === undefined
      ? priced
      : product(
          'price in a region without one',
          unit,
          priced,
          parameter('over the listed one', uplift.parameter, context),
        );
  // A contract may set a price of its own, which its row does not show.
  return Math.abs(grouped.value - usdPerHour) <= 1e-12 * usdPerHour ? { ...grouped, value: usdPerHour } : null;
}

const groupsOf = ({ gpuCount }: RentalRow, gpus: number): Traced =>
  given('priced units of a machine', gpus / gpuCount, 'units');

/**
 * Every rentable machine in every form of purchase. A row is one instance as sold; a row priced per GPU is sold in
 * groups. In a required region where a provider sells without a price, another region's are taken times a factor.
 */
export function rentedUnits(context: Context, includeMarketplace: boolean): UnitType[] {
  const asked = [...new Set(context.workload.taskParts.flatMap(({ needs }) => needs.residency))].sort();
  return unitsKnown(context)([includeMarketplace, ...asked].join(), () =>
    madeUnits(context, includeMarketplace, asked),
  );
}

/** Sets of regions that data must stay in are few. */
const mostRegions = 16;
const unitsKnown = onceForTables(() => recent<UnitType[]>(mostRegions));

/** A region where prices hold: the row's own, or one without a price of the provider's. */
type Place = { region: string; uplift: string | null };

const upliftOf: Readonly<Record<string, string>> = { eea: 'regionPriceUpliftEea', uk: 'regionPriceUpliftUk' };
const upliftElsewhere = 'regionPriceUpliftOther';
/** The region over whose prices these factors are. */
const factorsAreOver = 'us';

const tokensOf = ({ region }: RentalRow, { regionOf }: Tables): readonly string[] => regionOf.get(region)?.tokens ?? [];

/** Of the required regions, those in which a provider surely sells and has no price. */
function unpricedRegions(provider: string, asked: readonly string[], tables: Tables): Place[] {
  const sold = tables.providerOf.get(provider)?.regions ?? [];
  const own = tables.rental.filter((row) => row.provider === provider);
  // A price that holds everywhere has no region; there is nothing to be added to it.
  if (own.some((row) => tokensOf(row, tables).length === 0)) return [];
  return asked
    .filter((region) => sold.includes(region) && !own.some((row) => tokensOf(row, tables).includes(region)))
    .map((region) => ({ region, uplift: upliftOf[region] ?? upliftElsewhere }));
}

function madeUnits(context: AssumedOf, includeMarketplace: boolean, asked: readonly string[]): UnitType[] {
  const { tables, workload } = context;
  const elsewhere = new Map<string, Place[]>();
  const found = tables.rental.flatMap((row) => {
    const accelerator = tables.acceleratorOf.get(row.accelerator);
    const marketplace = row.tenancy === 'marketplace';
    if (accelerator === undefined || (marketplace && !includeMarketplace)) return [];
    const others = tokensOf(row, tables).includes(factorsAreOver)
      ? (elsewhere.get(row.provider) ?? unpricedRegions(row.provider, asked, tables))
      : [];
    if (others.length > 0) elsewhere.set(row.provider, others);
    const perGpu = row.soldIn.length > 0;
    return (perGpu ? row.soldIn : [1]).flatMap((group) => {
      const gpus = group * row.gpuCount;
      const grouped = `${gpus}x${row.accelerator}${marketplace ? '-marketplace' : ''}`;
      return rentalForms.flatMap((form) => {
        const { purchase, months: termMonths } = form;
        const usd = formUsd(form, row, context);
        if (usd === null) return [];
        return [{ region: row.region, uplift: null }, ...others].map(({ region, uplift }) => {
          const factor = uplift === null ? 1 : workload.assume(uplift);
          const offer = {
            provider: row.provider,
            region,
            reach: 'own-account' as const,
            marketplace,
            instance: perGpu ? grouped : row.instanceType,
            purchase,
            usdPerHour: usd * group * factor,
            termMonths,
            followsHours: termMonths === 0,
            owned: 0,
            row: { table: 'rental' as const, row: row.row },
            ...(purchase === 'spot' &&
              row.standInRow !== undefined && { alsoOf: { table: 'rental' as const, row: row.standInRow } }),
            madeOf: row,
            madeWith: usd,
            ...(uplift !== null && { uplift: { parameter: uplift, with: factor } }),
          };
          return { accelerator, gpus, offer };
        });
      });
    });
  });
  return unitTypes(found);
}

export const rentedMarket: Market = {
  kind: 'self-hosted-cloud',
  title: 'Open model on rented GPUs',
  personal: false,
  units: rentedUnits,
  engine: (_, { workload, tables }) => engineOf(workload, tables),
  costs({ offer, diskGb }, context, figures) {
    const { workload, tables } = context;
    const { termMonths, provider, followsHours, row, alsoOf } = offer;
    const rows = alsoOf === undefined ? [row] : [row, alsoOf];
    const rent = { usdPerHour: rentUsd(offer, context), termMonths, provider, rows };
    return rentedCosts(rent, followsHours, diskGb, workload, tables, figures);
  },
  tracedRent: (offer, { gpus }, context) => tracedRent(offer, gpus, context),
  staff: () => ({ ...nobody, share: 1, setup: 'setupEffortSelfHostedCloud' }),
  sizing: (_, { workload }) => sizing(workload),
};

/** Open weights on GPUs rented in the team's own account. */
export const selfHostedCloud = fleetPlacement(rentedMarket);
