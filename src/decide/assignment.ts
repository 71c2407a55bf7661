import { fteOf, peopleUsd, type Staffing, setupUsd, staffingOf } from '../cost/people.js';
import { type Candidate, candidateCost, staffedBy, unitsOfShare } from '../places/candidate.js';
import type { Workload } from '../workload/workload.js';

/** Which candidate serves which task parts. */
export type Assignment = { candidate: Candidate; taskParts: readonly number[] }[];

/** Whether no two deployments count on the same machines that are owned already. */
export function ownsOnce(assignment: Assignment): boolean {
  const owned = assignment.flatMap(({ candidate: { owns } }) => owns ?? []);
  return new Set(owned).size === owned.length;
}

/** What an assignment asks of people. */
const staffOf = (assignment: Assignment, workload: Workload): Staffing =>
  staffingOf(
    assignment.flatMap(({ candidate, taskParts }) =>
      staffedBy(candidate, unitsOfShare(candidate, taskParts, workload)),
    ),
  );

export const assignmentFte = (assignment: Assignment, workload: Workload): number =>
  fteOf(staffOf(assignment, workload), workload.assume);

const usdWith = (staff: Staffing, assignment: Assignment, workload: Workload): number =>
  assignment.reduce(
    (sum, { candidate, taskParts }) => sum + candidateCost(candidate, taskParts, workload),
    peopleUsd(staff, workload),
  );

/** USD a month of an assignment, people included. */
export const planUsd = (assignment: Assignment, workload: Workload): number =>
  usdWith(staffOf(assignment, workload), assignment, workload);

/** The same with the people it takes: FTE, and USD of setting up, spread over the months. */
export function planUsdAndPeople(
  assignment: Assignment,
  workload: Workload,
): { usd: number; fte: number; setupUsd: number } {
  const staff = staffOf(assignment, workload);
  return {
    usd: usdWith(staff, assignment, workload),
    fte: fteOf(staff, workload.assume),
    setupUsd: setupUsd(staff, workload) / workload.months,
  };
}
