import { engineOf } from '../capacity/replica.js';
import { isAtMost } from '../units/float.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { isDesk } from './chassis.js';
import { type Sizing, sizingAt } from './fleet-numbers.js';
import { fleetPlacement } from './fleet-placement.js';
import type { UnitType } from './fleet-units.js';
import type { Option } from './option.js';
import { ownedUnitCosts, ownedUnitRates, ownedUnits } from './owned-units.js';
import type { Context } from './placement.js';

/** As any fleet, at every place; machines at a desk have spares of their own. */
export const sizingOfOwn = (unit: Pick<UnitType, 'accelerator' | 'gpus'>, { workload }: Context): Sizing => ({
  ...sizingAt(workload, isDesk(unit)),
  copies: workload.sites,
});

/** Requests a day of a task at each site, as far as they have grown, against what a machine at a desk may serve. */
export const deskLoad = (taskPart: TaskPart, workload: Workload): { requestsPerDay: number; most: number } => ({
  requestsPerDay: atSite(taskPart, workload),
  most: workload.assume('deskRequestsPerDay'),
});

/** Whether so many requests a day of a task are not too many for machines at desks of a site. */
export const mayBeAtDesk = (requestsPerDay: number, { assume }: Pick<Workload, 'assume'>): boolean =>
  isAtMost(requestsPerDay, assume('deskRequestsPerDay'));

/** Requests a day of a task part at each site, as far as they grow. */
const atSite = (taskPart: TaskPart, workload: Workload): number =>
  (taskPart.requestsPerDay * workload.peakGrowth) / workload.sites;

/** Requests a day at each site of tasks of which machines at desks serve several parts. */
export function partsAtDesks(
  served: readonly { option: Pick<Option, 'desk'>; taskParts: readonly TaskPart[] }[],
  workload: Workload,
): Map<string, number> {
  const parts = served.flatMap(({ option, taskParts }) => (option.desk ? taskParts : []));
  const byTask = new Map<string, number[]>();
  for (const taskPart of parts)
    byTask.set(taskPart.task, [...(byTask.get(taskPart.task) ?? []), atSite(taskPart, workload)]);
  return new Map(
    [...byTask].flatMap(([task, all]) => (all.length < 2 ? [] : [[task, all.reduce((sum, one) => sum + one, 0)]])),
  );
}

/** Whether parts of a task may each be served at a desk where all of them together may not. */
export function mayCrowdDesks(workload: Workload): boolean {
  const fitting = new Map<string, number[]>();
  for (const taskPart of workload.taskParts) {
    const load = atSite(taskPart, workload);
    if (mayBeAtDesk(load, workload)) fitting.set(taskPart.task, [...(fitting.get(taskPart.task) ?? []), load]);
  }
  return [...fitting.values()].some(
    (all) =>
      all.length > 1 &&
      !mayBeAtDesk(
        all.reduce((sum, one) => sum + one, 0),
        workload,
      ),
  );
}

/** Open weights on machines of one's own, at every place that must be able to work by itself. */
export const onPrem = fleetPlacement({
  kind: 'on-prem',
  title: 'Open model on own hardware',
  personal: true,
  units: ownedUnits,
  engine: ({ accelerator }, { workload, tables }) => engineOf(workload, tables, accelerator.kind),
  costs: ({ offer, unit }, context) => ownedUnitCosts(offer, unit, context),
  rates: ({ offer, unit }, context) => ownedUnitRates(offer, unit, context),
  staff(unit, { workload }) {
    const { sites } = workload;
    if (!isDesk(unit)) {
      const role = { name: 'fteOnPremAdded', fte: workload.assume('fteOnPremAdded') };
      return { api: false, fleet: true, gpusPerUnit: unit.gpus * sites, role, setup: 'setupEffortOnPrem' };
    }
    const role = { name: 'fteWorkstation', fte: workload.assume('fteWorkstation') * sites, perUnit: true as const };
    return { api: false, fleet: true, gpusPerUnit: 0, role, setup: 'setupEffortWorkstation' };
  },
  sizing: sizingOfOwn,
  placesBy: ({ workload }) =>
    workload.taskParts.map((taskPart) => mayBeAtDesk(atSite(taskPart, workload), workload)).join(),
});
