import { schemeSupport } from '../capacity/scheme.js';
import type { CostLine, Unpriced } from '../cost/curve.js';
import { unitsNeeded } from '../cost/fleet.js';
import { type FleetWork, fleetBill } from '../cost/fleet-bill.js';
import { staffFor } from '../cost/people.js';
import type { TaskPart } from '../workload/workload.js';
import { sizingWords } from './fleet-numbers.js';
import { bestSplit, diskGbOf, offerNamed, optionOf, tracedDiskGb } from './fleet-option.js';
import { memoryOnUnit, notServed, servedOn, withinTargets } from './fleet-service.js';
import type { Market } from './market.js';
import type { FleetUnit, Option } from './option.js';
import { ownModelNamed, requestShapeOf } from './own-weights.js';
import {
  type Context,
  type LookUpFilter,
  type MachineMemory,
  noSizes,
  type Placement,
  type TaskService,
  type TracedService,
} from './placement.js';
import { machineService, nothingSeen, tracedCapacity } from './service-trace.js';

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
