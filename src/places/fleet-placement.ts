import { predictReplica, replicaOn, replicaTpotS, type Weights, weightsOf } from '../capacity/replica.js';
import { schemeSupport } from '../capacity/scheme.js';
import { type Speculation, speculating } from '../capacity/speculation.js';
import { type FleetWork, fleetBill } from '../cost/fleet-bill.js';
import { fleetBilled } from '../cost/fleet-rates.js';
import type { CostLine, Unpriced } from '../cost/line.js';
import { unitsNeeded } from '../cost/units-needed.js';
import type { AcceleratorRow } from '../tables/rows.js';
import type { Slice } from '../workload/demand.js';
import { sizingWords } from './fleet-numbers.js';
import { bestSplit, diskGbOf, optionOf, tracedDiskGb } from './fleet-option.js';
import { countFleets, fleetGroups } from './fleet-rows.js';
import { serviceOn, slowestFor } from './fleet-service.js';
import type { Market } from './market.js';
import type { FleetUnit, Option } from './option.js';
import { ownModels, shapeOf, suitsMarket } from './own-weights.js';
import type { Billed, Case, Filter, Placement, SliceService, Speculated, TracedService } from './placement.js';
import { machineService, nothingSeen, tracedCapacity } from './service-trace.js';
import { noSizes } from './unsizable.js';

/** A placement on whole machines: the market they come from is all that tells one such kind from another. */
export function fleetPlacement(market: Market): Placement {
  const { kind, title } = market;
  return {
    kind,
    title,
    perToken: false,
    groups: (of, filter, workload) => fleetGroups(market, of, filter, workload),
    count: (of, filter) => countFleets(market, of, filter),
    lookUp,
    service,
    traceService,
    price,
    billed,
    speculated,
    staff: ({ fleet }, of) => market.staff(unitOf(fleet as FleetUnit), of),
  };

  function lookUp(id: string, of: Case, filter?: Pick<Filter, 'admit' | 'admitsService' | 'timed'>): Option | null {
    if (!id.startsWith(`${kind}/`)) return null;
    const models = ownModels(of)
      .families.filter(({ option }) => id.includes(`/${option.model}`))
      .flatMap(({ schemes }) => schemes)
      .filter(({ weights }) => suitsMarket(weights.scheme, market));
    const everything = of.demand.slices.map(() => true);
    for (const unit of market.units(of, true)) {
      const { copies } = market.sizing(unit, of);
      for (const offer of unit.offers) {
        for (const model of models) {
          if (optionOf(kind, model, unit, offer, unit.gpus, copies).id !== id) continue;
          const shapes = of.demand.slices.map((slice) => shapeOf(model.option, slice, of));
          const support = supportOn(model.weights, unit.accelerator, of);
          const placed = { ...model, shapes, support, engine: market.engine(unit, of), copies };
          const serves = filter?.admit(model.option, 'model').serves ?? everything;
          const fitted =
            (filter && bestSplit({ ...placed, serves }, unit, of, filter)) ??
            bestSplit({ ...placed, serves: everything }, unit, of, { admitsService: () => true, timed: () => false });
          return optionOf(kind, model, unit, offer, fitted?.gpusPerReplica ?? unit.gpus, copies);
        }
      }
    }
    return market.unsizable?.(id, of) ?? null;
  }

  function service(option: Option, slice: Slice, of: Case): SliceService | Unpriced {
    const { fleet } = option;
    const weights = weightsIn(option);
    if (fleet === null || weights === null) return noSizes;
    const { accelerator, gpusPerUnit, gpusPerReplica, copies } = fleet;
    const replicas = (copies * gpusPerUnit) / gpusPerReplica;
    const support = supportOn(weights, accelerator, of);
    const shape = shapeOf(option, slice, of);
    const engine = market.engine({ accelerator }, of);
    return (
      serviceOn(weights, accelerator, gpusPerReplica, support, replicas, shape, slice, engine, of) ?? {
        unpriced: 'does not fit, or is too slow',
      }
    );
  }

  function traceService(option: Option, slice: Slice, of: Case): TracedService {
    const seen = service(option, slice, of);
    if (option.fleet === null || 'unpriced' in seen) return nothingSeen;
    return machineService(option, slice, seen, market.engine({ accelerator: option.fleet.accelerator }, of), of);
  }

  /** The same requests in both cases: where a draft raises what a replica could serve, it runs at a lower load. */
  function speculated(
    option: Option,
    slice: Slice,
    load: number,
    speculation: Speculation,
    of: Case,
  ): Speculated | null {
    const { fleet } = option;
    const weights = weightsIn(option);
    if (fleet === null || weights === null) return null;
    const { accelerator, gpusPerReplica } = fleet;
    const engine = market.engine({ accelerator }, of);
    const replica = replicaOn(weights, accelerator, gpusPerReplica, supportOn(weights, accelerator, of), engine);
    if (replica === null) return null;
    const drafting = { ...replica, times: speculating(replica.times, speculation) };
    const shape = shapeOf(option, slice, of);
    const [plain, drafted] = [replica, drafting].map((one) =>
      predictReplica(one, shape, slowestFor(slice, of), engine),
    );
    if (!plain || !drafted) return null;
    const rate = load * plain.requestsPerS;
    return {
      plain: 1 / replicaTpotS(replica, shape, plain, load, engine),
      drafted: 1 / replicaTpotS(drafting, shape, drafted, rate / drafted.requestsPerS, engine),
    };
  }

  function billed(option: Option, slices: readonly Slice[], of: Case): Billed | Unpriced {
    const { fleet } = option;
    const weights = weightsIn(option);
    if (fleet === null || weights === null) return noSizes;
    const work = workOf(option, slices, of, () => {});
    if ('unpriced' in work) return work;
    const unit = unitOf(fleet);
    const rates = market.rates({ offer: fleet.offer, unit, diskGb: diskGbOf(weights) }, of);
    const rule = { ...market.sizing(unit, of), followsHours: fleet.offer.followsHours };
    return fleetBilled(rates, work, rule, of.demand);
  }

  /** The slices on a fleet, as units' worth of work; each service that is seen on the way is told. */
  function workOf(
    option: Option,
    slices: readonly Slice[],
    of: Case,
    tell: (slice: Slice, seen: SliceService) => void,
  ): FleetWork[] | Unpriced {
    const work: FleetWork[] = [];
    for (const slice of slices) {
      const seen = service(option, slice, of);
      if ('unpriced' in seen) return seen;
      if (seen.unitRequestsPerS === null) return { unpriced: 'capacity unknown' };
      tell(slice, seen);
      const need = unitsNeeded(slice, seen.unitRequestsPerS, of.demand);
      work.push({ slice, need, unitSeconds: 1 / seen.unitRequestsPerS });
    }
    return work;
  }

  function price(option: Option, slices: readonly Slice[], of: Case): CostLine[] | Unpriced {
    const { fleet } = option;
    const weights = weightsIn(option);
    if (fleet === null || weights === null) return noSizes;
    const services = new Map<Slice, SliceService>();
    const work = workOf(option, slices, of, (slice, seen) => services.set(slice, seen));
    if ('unpriced' in work) return work;
    const unit = unitOf(fleet);
    const costs = market.costs({ offer: fleet.offer, unit, diskGb: diskGbOf(weights) }, of);
    const rule = { ...market.sizing(unit, of), followsHours: fleet.offer.followsHours };
    const engine = market.engine({ accelerator: fleet.accelerator }, of);
    const capacityOf = (slice: Slice) => tracedCapacity(option, slice, services.get(slice) as SliceService, engine, of);
    const told = () => {
      const rent = market.tracedRent?.(fleet.offer, unit, of) ?? null;
      return [tracedDiskGb(weights), ...(rent === null ? [] : [rent])];
    };
    const words = () => sizingWords(rule, capacityOf, told(), of);
    return fleetBill(costs, work, rule, of.demand, words);
  }
}

const unitOf = ({ accelerator, gpusPerUnit }: FleetUnit) => ({ accelerator, gpus: gpusPerUnit });

const supportOn = ({ scheme }: Weights, { architecture }: AcceleratorRow, { tables }: Case) =>
  schemeSupport(scheme.runsOn, architecture, tables.architectures);

const weightsIn = ({ fleet }: Option): Weights | null => (fleet === null ? null : weightsOf(fleet.model, fleet.scheme));
