import { unitsAtPeak, withSpare } from '../cost/curve.js';
import { fteOf, fteUsdPerMonth, type Staffing, setupUsd, staffingOf } from '../cost/people.js';
import { type Candidate, candidateCost, fleetOf } from '../placements/candidate.js';
import type { Demand } from '../scenario/demand.js';

/** Which candidate serves which slices. */
export type Assignment = { candidate: Candidate; slices: number[] }[];

/** USD a month of people and set-up for what a plan consists of. */
const peopleUsd = (staffing: Staffing, demand: Demand): number =>
  fteUsdPerMonth(fteOf(staffing, demand.assume), demand) + setupUsd(staffing, demand) / demand.months;

/** Units a candidate's fleet keeps for some slices at the busiest hour, spares included. */
export function unitsOfShare({ fleet }: Candidate, slices: readonly number[], demand: Demand): number {
  if (fleet === null) return 0;
  const term = fleetOf(fleet, slices, demand);
  return term.is === 'replicas' || term.is === 'peak' ? withSpare(unitsAtPeak(term, demand.requestsPerDay), term) : 0;
}

/** Kinds by slice, as text to compare. */
export function kindsOfAssignment(assignment: Assignment): string {
  const kinds: string[] = [];
  for (const { candidate, slices } of assignment) for (const s of slices) kinds[s] = candidate.kind;
  return kinds.join();
}

/** Whether no two deployments count on the same machines that are owned already. */
export function ownsOnce(assignment: Assignment): boolean {
  const owned = assignment.flatMap(({ candidate: { owns } }) => owns ?? []);
  return new Set(owned).size === owned.length;
}

/** What an assignment asks of people. */
const staffOf = (assignment: Assignment, demand: Demand): Staffing =>
  staffingOf(
    assignment.map(({ candidate, slices }) => ({ ...candidate, units: unitsOfShare(candidate, slices, demand) })),
  );

export const assignmentFte = (assignment: Assignment, demand: Demand): number =>
  fteOf(staffOf(assignment, demand), demand.assume);

/** USD a month of an assignment, people included. */
export const planUsd = (assignment: Assignment, demand: Demand): number =>
  assignment.reduce(
    (sum, { candidate, slices }) => sum + candidateCost(candidate, slices, demand),
    peopleUsd(staffOf(assignment, demand), demand),
  );
