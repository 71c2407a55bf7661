import { type Weights, weightsOf } from '../capacity/replica.js';
import { schemeSupport } from '../capacity/scheme.js';
import { fleetBill } from '../cost/fleet-bill.js';
import type { CostLine, Unpriced } from '../cost/line.js';
import type { Slice } from '../scenario/demand.js';
import type { AcceleratorRow } from '../tables/rows.js';
import { sizing, unitsNeeded } from './fleet-numbers.js';
import type { Option } from './option.js';
import { inScheme, ownFamilies, shapeOf } from './own-weights.js';
import type { Case, Placement, Search, SliceService } from './placement.js';
import { rentedCandidates } from './rented-candidates.js';
import { bestSplit, optionOf, unitPrice } from './rented-option.js';
import { serviceOn } from './rented-service.js';
import { rentedUnits } from './rented-units.js';

const kind = 'self-hosted-cloud';

/** Open weights on GPUs rented in the team's own account. */
export const selfHostedCloud: Placement = {
  kind,
  title: 'Open model on rented GPUs',
  perToken: false,
  candidates: rentedCandidates,
  lookUp,
  service,
  price,
};

function lookUp(id: string, of: Case, search?: Pick<Search, 'admit' | 'admitsService' | 'timed'>): Option | null {
  if (!id.startsWith(`${kind}/`)) return null;
  const models = ownFamilies(of, kind, 'own-account')
    .filter(({ option }) => id.includes(`/${option.model}`))
    .flatMap((family) => family.schemes.map((weights) => inScheme(family, weights)));
  const everything = of.demand.slices.map(() => true);
  for (const unit of rentedUnits(of.tables, true)) {
    for (const offer of unit.offers) {
      for (const model of models) {
        if (optionOf(model, unit, offer, unit.gpus).id !== id) continue;
        const shapes = of.demand.slices.map((slice) => shapeOf(model.option, slice, of));
        const support = supportOn(model.weights, unit.accelerator, of);
        const placed = { ...model, shapes, support };
        const serves = search?.admit(model.option, 'model').serves ?? everything;
        const fitted =
          (search && bestSplit({ ...placed, serves }, unit, of, search)) ??
          bestSplit({ ...placed, serves: everything }, unit, of, { admitsService: () => true, timed: () => false });
        return optionOf(model, unit, offer, fitted?.gpusPerReplica ?? unit.gpus);
      }
    }
  }
  return null;
}

function service(option: Option, slice: Slice, of: Case): SliceService | Unpriced {
  const { fleet } = option;
  const weights = weightsIn(option);
  if (fleet === null || weights === null) return { unpriced: 'not a fleet' };
  const replicas = fleet.gpusPerUnit / fleet.gpusPerReplica;
  const support = supportOn(weights, fleet.accelerator, of);
  const shape = shapeOf(option, slice, of);
  return (
    serviceOn(weights, fleet.accelerator, fleet.gpusPerReplica, support, replicas, shape, slice, of) ?? {
      unpriced: 'does not fit, or is too slow',
    }
  );
}

function price(option: Option, slices: readonly Slice[], of: Case): CostLine[] | Unpriced {
  const { fleet } = option;
  const weights = weightsIn(option);
  if (fleet === null || weights === null) return { unpriced: 'not a fleet' };
  const work = [];
  for (const slice of slices) {
    const seen = service(option, slice, of);
    if ('unpriced' in seen) return seen;
    if (seen.unitRequestsPerS === null) return { unpriced: 'capacity unknown' };
    work.push({ slice, need: unitsNeeded(slice, seen.unitRequestsPerS, of.demand) });
  }
  const rule = { ...sizing(of.demand), followsHours: option.purchase === 'on-demand' };
  return fleetBill(unitPrice({ weights }, fleet, of.demand), work, rule, of.demand, of.tables);
}

const supportOn = ({ scheme }: Weights, { architecture }: AcceleratorRow, { tables }: Case) =>
  schemeSupport(scheme.runsOn, architecture, tables.architectures);

const weightsIn = ({ fleet }: Option): Weights | null => (fleet === null ? null : weightsOf(fleet.model, fleet.scheme));
