import { engineOf } from '../capacity/replica.js';
import { ratesOf } from '../cost/fleet-rates.js';
import { hostedCosts } from '../cost/hosted-costs.js';
import { given, product } from '../formula/traced.js';
import type { HostingRow, Kind } from '../tables/rows.js';
import { sizing } from './fleet-numbers.js';
import { fleetPlacement } from './fleet-placement.js';
import { type Offer, type UnitType, unitTypes } from './fleet-units.js';
import { onceForTables, perOffer } from './market.js';
import type { Option } from './option.js';
import { ownModels } from './own-weights.js';
import type { Case } from './placement.js';
import { apiOptions } from './token-api.js';
import { unsizableOption } from './unsizable.js';

const kind: Kind = 'managed-hosting';

/** What hosting.csv calls an endpoint that one customer has to himself, priced per GPU and hour. */
const dedicated = ({ kind, unit }: HostingRow): boolean => kind === 'dedicated-endpoint' && unit === 'gpu-hour';

/** What it calls throughput of a provider's own models that is paid for by the unit, whatever is asked of it. */
const provisioned = ({ kind }: HostingRow): boolean => kind === 'provisioned-throughput';

/** A provisioned unit, with any model that anybody sells: no table says which it is for, nor its tokens a minute. */
const provisionedOption = (id: string, of: Case): Option | null =>
  unsizableOption(id, kind, of.tables.hosting.filter(provisioned), () => [
    ...of.tables.api.flatMap((row) => apiOptions(kind, row, of)),
    ...ownModels(of).families.map(({ option }) => option),
  ]);

/** Every dedicated endpoint: a number of GPUs as sold, bought whole. */
export const endpoints = onceForTables(({ tables, demand }): UnitType[] => {
  const found = tables.hosting.filter(dedicated).flatMap((row) => {
    const { provider, product, usdPerUnit, gpuCount, minUnits, minCommitHours } = row;
    const accelerator = tables.acceleratorOf.get(row.accelerator ?? '');
    if (accelerator === undefined || usdPerUnit === null || gpuCount === null) return [];
    const gpus = Math.max(gpuCount, minUnits ?? gpuCount);
    const commitHours = minCommitHours ?? 0;
    const offer = {
      provider,
      region: null,
      reach: 'under-contract' as const,
      marketplace: false,
      instance: product,
      purchase: null,
      usdPerHour: usdPerUnit * gpus,
      termMonths: commitHours / demand.hoursPerMonth,
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

const costsOf = perOffer((offer, { demand, tables }) => {
  const { termMonths, provider, row } = offer;
  const commitHours = termMonths * demand.hoursPerMonth;
  return hostedCosts({ usdPerHour: rentUsd(offer), commitHours, provider, row }, demand, tables);
});

/** What an endpoint costs an hour by its row as it is now: an offer has it as when it was made. */
function rentUsd({ usdPerHour, madeOf, madeWith }: Offer): number {
  const now = (madeOf as HostingRow | undefined)?.usdPerUnit ?? null;
  return now === null || now === madeWith || !madeWith ? usdPerHour : (usdPerHour / madeWith) * now;
}

/** Open weights on an endpoint of our own that a host runs. */
export const managedHosting = fleetPlacement({
  kind,
  title: 'Dedicated endpoint, run by its host',
  personal: false,
  units: endpoints,
  unsizable: provisionedOption,
  engine: (_, { demand, tables }) => engineOf(demand, tables),
  costs: ({ offer }, of) => costsOf(offer, of),
  rates: ({ offer }, of) => ratesOf(costsOf(offer, of)),
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
  staff: (_, { demand }) => ({
    api: false,
    fleet: false,
    gpusPerUnit: 0,
    role: { name: 'fteManagedHosting', fte: demand.assume('fteManagedHosting') },
    setup: 'setupEffortManagedHosting',
  }),
  sizing: (_, { demand }) => sizing(demand),
});
