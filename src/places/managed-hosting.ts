import { engineOf } from '../capacity/replica.js';
import { nobody } from '../cost/people.js';
import { hostedCosts } from '../cost/rented.js';
import { given, product } from '../formula/traced.js';
import type { HostingRow, Kind } from '../tables/rows.js';
import { sizing } from './fleet-numbers.js';
import { fleetPlacement } from './fleet-placement.js';
import { type Offer, type UnitType, unitTypes } from './fleet-units.js';
import { type Market, onceForTables } from './market.js';
import type { Option } from './option.js';
import { releasedNamed } from './own-weights.js';
import { type Context, type Placement, unsizableOption } from './placement.js';
import { provisionedThroughput } from './provisioned.js';
import { apiOptions } from './token-api.js';

const kind: Kind = 'managed-hosting';

/** Dedicated endpoints of one customer in hosting.csv, priced per GPU and hour. */
const dedicated = ({ kind, unit }: HostingRow): boolean => kind === 'dedicated-endpoint' && unit === 'gpu-hour';

/** Throughput of a provider's own models in hosting.csv, paid by the unit. */
const provisioned = ({ kind }: HostingRow): boolean => kind === 'provisioned-throughput';

/** A provisioned unit with any model: the tables have neither its models nor its tokens a minute. */
const provisionedOption = (id: string, context: Context): Option | null =>
  unsizableOption(id, kind, context.tables.hosting.filter(provisioned), () => [
    ...context.tables.api.flatMap((row) => apiOptions(kind, row, context)),
    ...[releasedNamed(id, context.tables) ?? []].flat(),
  ]);

/** An unknown commitment: the longest of any offer by the same unit. */
const longestCommitHours = ({ unit }: HostingRow, { hosting }: Context['tables']): number =>
  hosting.reduce((most, one) => (one.unit === unit ? Math.max(most, one.minCommitHours ?? 0) : most), 0);

/** Every dedicated endpoint: a number of GPUs as sold, bought whole. */
export const endpoints = onceForTables(({ tables, workload }): UnitType[] => {
  const found = tables.hosting.filter(dedicated).flatMap((row) => {
    const { provider, product, usdPerUnit, gpuCount, minUnits, minCommitHours } = row;
    const accelerator = tables.acceleratorOf.get(row.accelerator ?? '');
    if (accelerator === undefined || usdPerUnit === null || gpuCount === null) return [];
    const gpus = Math.max(gpuCount, minUnits ?? gpuCount);
    const commitHours = minCommitHours ?? longestCommitHours(row, tables);
    const offer = {
      provider,
      region: null,
      reach: 'under-contract' as const,
      marketplace: false,
      instance: product,
      purchase: null,
      usdPerHour: usdPerUnit * gpus,
      termMonths: commitHours / workload.hoursPerMonth,
      followsHours: commitHours === 0,
      owned: 0,
      row: { table: 'hosting' as const, row: row.row },
      madeOf: row,
      madeWith: usdPerUnit,
    };
    return [{ accelerator, gpus, offer }];
  });
  return unitTypes(found);
});

/** USD an hour of an endpoint by its current row; an offer may be older. */
function rentUsd({ usdPerHour, madeOf, madeWith }: Offer): number {
  const now = (madeOf as HostingRow | undefined)?.usdPerUnit ?? null;
  return now === null || now === madeWith || !madeWith ? usdPerHour : (usdPerHour / madeWith) * now;
}

export const managedMarket: Market = {
  kind,
  title: 'Managed endpoint, run by its host',
  personal: false,
  units: endpoints,
  unsizable: provisionedOption,
  engine: (_, { workload, tables }) => engineOf(workload, tables),
  costs({ offer }, { workload, tables }, figures) {
    const { termMonths, provider, row } = offer;
    const commitHours = termMonths * workload.hoursPerMonth;
    return hostedCosts({ usdPerHour: rentUsd(offer), commitHours, provider, row }, workload, tables, figures);
  },
  tracedRent: ({ row: origin }, { gpus }, { tables }) => {
    const usd = tables.hosting.find(({ row }) => row === origin.row)?.usdPerUnit ?? null;
    if (usd === null) return null;
    return product(
      'dedicated endpoint',
      'USD/unit-hour',
      given('price of a GPU', usd, 'USD/GPU-hour', origin),
      given('GPUs of an endpoint', gpus, 'GPUs/unit'),
    );
  },
  staff: (_, __, { workload }) => ({
    ...nobody,
    share: workload.assume('managedShare'),
    shareOf: 'managedShare',
    setup: 'setupEffortManagedHosting',
  }),
  sizing: (_, { workload }) => sizing(workload),
};

const dedicatedEndpoints = fleetPlacement(managedMarket);
/** Whoever sells the throughput of an option. */
const sellerOf = ({ provisioned }: Option) => (provisioned === null ? dedicatedEndpoints : provisionedThroughput);

/** Open weights on managed endpoints, and closed models with provisioned throughput. */
export const managedHosting: Placement = {
  ...dedicatedEndpoints,
  lookUp: (id, context, filter) =>
    provisionedThroughput.lookUp(id, context) ?? dedicatedEndpoints.lookUp(id, context, filter),
  service: (option, ...asked) => sellerOf(option).service(option, ...asked),
  traceService: (option, ...asked) => sellerOf(option).traceService(option, ...asked),
  price: (option, ...asked) => sellerOf(option).price(option, ...asked),
  staff: (option, context) => sellerOf(option).staff(option, context),
};
