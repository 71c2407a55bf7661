import { engineOf } from '../capacity/replica.js';
import { isAtMost } from '../units/last-digits.js';
import type { Demand, Slice } from '../workload/demand.js';
import { isDesk } from './chassis.js';
import { type Sizing, sizingAt } from './fleet-numbers.js';
import { fleetPlacement } from './fleet-placement.js';
import type { UnitType } from './fleet-units.js';
import type { Option } from './option.js';
import { ownedUnitCosts, ownedUnitRates, ownedUnits } from './owned-units.js';
import type { Case } from './placement.js';

/** As any fleet, at every place; machines at a desk have spares of their own. */
export const sizingOfOwn = (unit: Pick<UnitType, 'accelerator' | 'gpus'>, { demand }: Case): Sizing => ({
  ...sizingAt(demand, isDesk(unit)),
  copies: demand.sites,
});

/** Requests a day of a task at each site, as far as they have grown, against what a machine at a desk may serve. */
export const deskLoad = (slice: Slice, demand: Demand): { requestsPerDay: number; most: number } => ({
  requestsPerDay: atSite(slice, demand),
  most: demand.assume('deskRequestsPerDay'),
});

/** Whether so many requests a day of a task are not too many for machines at desks of a site. */
export const mayBeAtDesk = (requestsPerDay: number, { assume }: Pick<Demand, 'assume'>): boolean =>
  isAtMost(requestsPerDay, assume('deskRequestsPerDay'));

/** Requests a day of a slice at each site, as far as they grow. */
const atSite = (slice: Slice, demand: Demand): number => (slice.requestsPerDay * demand.peakGrowth) / demand.sites;

/** Requests a day at each site of tasks of which machines at desks serve several parts. */
export function partsAtDesks(
  served: readonly { option: Pick<Option, 'desk'>; slices: readonly Slice[] }[],
  demand: Demand,
): Map<string, number> {
  const parts = served.flatMap(({ option, slices }) => (option.desk ? slices : []));
  const byTask = new Map<string, number[]>();
  for (const slice of parts) byTask.set(slice.task, [...(byTask.get(slice.task) ?? []), atSite(slice, demand)]);
  return new Map(
    [...byTask].flatMap(([task, all]) => (all.length < 2 ? [] : [[task, all.reduce((sum, one) => sum + one, 0)]])),
  );
}

/** Whether parts of a task may each be served at a desk where all of them together may not. */
export function mayCrowdDesks(demand: Demand): boolean {
  const fitting = new Map<string, number[]>();
  for (const slice of demand.slices) {
    const load = atSite(slice, demand);
    if (mayBeAtDesk(load, demand)) fitting.set(slice.task, [...(fitting.get(slice.task) ?? []), load]);
  }
  return [...fitting.values()].some(
    (all) =>
      all.length > 1 &&
      !mayBeAtDesk(
        all.reduce((sum, one) => sum + one, 0),
        demand,
      ),
  );
}

/** Open weights on machines of one's own, at every place that must be able to work by itself. */
export const onPrem = fleetPlacement({
  kind: 'on-prem',
  title: 'Open model on own hardware',
  personal: true,
  units: ownedUnits,
  engine: ({ accelerator }, { demand, tables }) => engineOf(demand, tables, accelerator.kind),
  costs: ({ offer, unit }, of) => ownedUnitCosts(offer, unit, of),
  rates: ({ offer, unit }, of) => ownedUnitRates(offer, unit, of),
  staff(unit, { demand }) {
    const { sites } = demand;
    if (!isDesk(unit)) {
      const role = { name: 'fteOnPremAdded', fte: demand.assume('fteOnPremAdded') };
      return { api: false, fleet: true, gpusPerUnit: unit.gpus * sites, role, setup: 'setupEffortOnPrem' };
    }
    const role = { name: 'fteWorkstation', fte: demand.assume('fteWorkstation') * sites, perUnit: true as const };
    return { api: false, fleet: true, gpusPerUnit: 0, role, setup: 'setupEffortWorkstation' };
  },
  sizing: sizingOfOwn,
  placesBy: ({ demand }) => demand.slices.map((slice) => mayBeAtDesk(atSite(slice, demand), demand)).join(),
});
