import { fteOf, peopleUsd, type Staffing, setupUsd, staffingOf } from '../cost/people.js';
import { type Candidate, candidateCost, staffedBy, unitsOfShare } from '../places/candidate.js';
import type { Demand } from '../workload/demand.js';

/** Which candidate serves which slices. */
export type Assignment = { candidate: Candidate; slices: readonly number[] }[];

/** Whether no two deployments count on the same machines that are owned already. */
export function ownsOnce(assignment: Assignment): boolean {
  const owned = assignment.flatMap(({ candidate: { owns } }) => owns ?? []);
  return new Set(owned).size === owned.length;
}

/** What an assignment asks of people. */
const staffOf = (assignment: Assignment, demand: Demand): Staffing =>
  staffingOf(
    assignment.flatMap(({ candidate, slices }) => staffedBy(candidate, unitsOfShare(candidate, slices, demand))),
  );

export const assignmentFte = (assignment: Assignment, demand: Demand): number =>
  fteOf(staffOf(assignment, demand), demand.assume);

const usdWith = (staff: Staffing, assignment: Assignment, demand: Demand): number =>
  assignment.reduce(
    (sum, { candidate, slices }) => sum + candidateCost(candidate, slices, demand),
    peopleUsd(staff, demand),
  );

/** USD a month of an assignment, people included. */
export const planUsd = (assignment: Assignment, demand: Demand): number =>
  usdWith(staffOf(assignment, demand), assignment, demand);

/** The same with the people it takes: FTE, and USD of setting up, spread over the months. */
export function planUsdAndPeople(
  assignment: Assignment,
  demand: Demand,
): { usd: number; fte: number; setupUsd: number } {
  const staff = staffOf(assignment, demand);
  return {
    usd: usdWith(staff, assignment, demand),
    fte: fteOf(staff, demand.assume),
    setupUsd: setupUsd(staff, demand) / demand.months,
  };
}
