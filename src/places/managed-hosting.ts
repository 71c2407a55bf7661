import { engineOf } from '../capacity/replica.js';
import { schemeSupport } from '../capacity/scheme.js';
import type { CostLine, Unpriced } from '../cost/curve.js';
import { unitsNeeded } from '../cost/fleet.js';
import { type FleetWork, fleetBill } from '../cost/fleet-bill.js';
import { nobody, staffFor } from '../cost/people.js';
import { hostedCosts } from '../cost/rented.js';
import { given, product } from '../formula/traced.js';
import type { HostingRow, Kind } from '../tables/columns.js';
import type { TaskPart } from '../workload/workload.js';
import { type Market, onceForTables, sizing, sizingWords } from './fleet-numbers.js';
import { bestSplit, diskGbOf, offerNamed, optionOf, tracedDiskGb } from './fleet-option.js';
import { memoryOnUnit, notServed, servedOn, withinTargets } from './fleet-service.js';
import { ownModelNamed, releasedNamed, requestShapeOf } from './machine-table.js';
import { type FleetUnit, type Offer, type Option, type UnitType, unitTypes } from './option.js';
import {
  type Context,
  type LookUpFilter,
  type MachineMemory,
  noSizes,
  type Placement,
  type TaskService,
  type TracedService,
  unsizableOption,
} from './placement.js';
import { provisionedThroughput } from './provisioned.js';
import { machineService, nothingSeen, tracedCapacity } from './service-trace.js';
import { apiOptions } from './token-api.js';

/** A placement on whole machines; kinds differ in their market alone. */
export function fleetPlacement(market: Market): Placement {
  const { kind, title } = market;
  return {
    kind,
    title,
    perToken: false,
    lookUp,
    service,
    memory,
    traceService,
    price,
    staff: ({ fleet }, context) =>
      staffFor(market.staff(unitOf(fleet as FleetUnit), (fleet as FleetUnit).offer, context), context.workload),
  };

  function lookUp(id: string, context: Context, filter?: LookUpFilter): Option | null {
    if (!id.startsWith(`${kind}/`)) return null;
    const model = ownModelNamed(id, context);
    const isSuited = model !== null && (model.weights.scheme.batchedServing || market.personal);
    const found = isSuited ? offerNamed(id, kind, model, market.units(context, true)) : undefined;
    if (model === null || found === undefined) return market.unsizable?.(id, context) ?? null;
    const { unit, offer } = found;
    const { copies } = market.sizing(unit, context);
    const { taskParts } = context.workload;
    const shapes = taskParts.map((taskPart) => requestShapeOf(model.option, taskPart, context));
    const { runsOn } = model.weights.scheme;
    const support = schemeSupport(runsOn, unit.accelerator.architecture, context.tables.architectures);
    const placed = { ...model, shapes, support, engine: market.engine(unit, context), copies };
    const fitted =
      (filter && bestSplit({ ...placed, serves: filter.serves(model.option) }, unit, context, filter)) ??
      bestSplit({ ...placed, serves: taskParts.map(() => true) }, unit, context, {
        admitsService: () => true,
        timed: () => false,
      });
    return optionOf(kind, model, unit, offer, fitted?.gpusPerReplica ?? unit.gpus, copies);
  }

  function service(option: Option, taskPart: TaskPart, context: Context): TaskService | Unpriced {
    const { fleet } = option;
    if (fleet === null) return noSizes;
    const shape = requestShapeOf(option, taskPart, context);
    const engine = market.engine(fleet, context);
    const served = servedOn(fleet, shape, taskPart, engine, context);
    return served === null
      ? notServed(fleet, shape, taskPart, engine, context)
      : withinTargets(served, (fleet.copies * fleet.gpusPerUnit) / fleet.gpusPerReplica);
  }

  function memory(option: Option, taskPart: TaskPart, context: Context): MachineMemory[] {
    const { fleet } = option;
    const shape = requestShapeOf(option, taskPart, context);
    return fleet === null ? [] : memoryOnUnit(fleet, shape, market.engine(fleet, context), context);
  }

  function traceService(option: Option, taskPart: TaskPart, context: Context): TracedService {
    const seen = service(option, taskPart, context);
    if (option.fleet === null || 'unpriced' in seen) return nothingSeen;
    return machineService(option, taskPart, seen, market.engine(option.fleet, context), context);
  }

  function price(option: Option, taskParts: readonly TaskPart[], context: Context): CostLine[] | Unpriced {
    const { fleet } = option;
    if (fleet === null) return noSizes;
    const services = new Map<TaskPart, TaskService>();
    const work: FleetWork[] = [];
    for (const taskPart of taskParts) {
      const seen = service(option, taskPart, context);
      if ('unpriced' in seen) return seen;
      if (seen.unitRequestsPerS === null) return { unpriced: 'capacity unknown' };
      services.set(taskPart, seen);
      const need = unitsNeeded(taskPart, seen.unitRequestsPerS, context.workload);
      work.push({ taskPart, need, unitSeconds: 1 / seen.unitRequestsPerS });
    }
    const { offer, weights } = fleet;
    const unit = unitOf(fleet);
    const bought = { offer, unit, diskGb: diskGbOf(weights) };
    const rule = { followsHours: offer.followsHours, ...market.sizing(unit, context) };
    const capacityOf = (taskPart: TaskPart) =>
      tracedCapacity(option, taskPart, services.get(taskPart) as TaskService, market.engine(fleet, context), context);
    const told = () => [tracedDiskGb(weights), market.tracedRent?.(offer, unit, context) ?? []].flat();
    const words = () => sizingWords(rule, capacityOf, told(), context);
    return fleetBill((figures) => market.costs(bought, context, figures), work, rule, context.workload, words);
  }
}

const unitOf = ({ accelerator, gpusPerUnit }: FleetUnit) => ({ accelerator, gpus: gpusPerUnit });

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
