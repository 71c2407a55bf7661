import {
  fleetFte,
  fteOf,
  fteUsdPerMonth,
  onCallFor,
  peopleUsd,
  type Staff,
  type Staffed,
  type Staffing,
  setupUsd,
  sharedFte,
  staffingOf,
} from '../cost/people.js';
import { type Candidate, candidateCost, machinesOfShare, staffedBy } from '../places/candidate.js';
import type { Option } from '../places/option.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import type { SecondPlace } from './fallback.js';

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
      staffedBy(candidate, {
        machines: machinesOfShare(candidate, taskParts, workload),
        ...askedOf(partsIn(taskParts, workload), workload),
      }),
    ),
    workload.assume,
  );

/** What people ask of the tasks that something serves. */
const askedOf = (taskParts: readonly TaskPart[], workload: Workload): Pick<Staffed, 'onCall' | 'requestsPerDay'> => ({
  onCall: onCallFor(taskParts, workload),
  requestsPerDay: taskParts.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0),
});

const partsIn = (taskParts: readonly number[], workload: Workload): TaskPart[] =>
  taskParts.map((s) => workload.taskParts[s] as TaskPart);

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

/** The same with the people it takes. */
export function planUsdAndPeople(assignment: Assignment, workload: Workload): { usd: number; fte: number } {
  const staff = staffOf(assignment, workload);
  return { usd: usdWith(staff, assignment, workload), fte: fteOf(staff, workload.assume) };
}

/** Who serves what, before it has a price. */
export type Part = { option: Option; taskParts: TaskPart[]; second?: SecondPlace };

/** What deployments ask of people: FTE of all of it, and USD a month of what they share, setting up included. */
export type People = { fte: number; sharedUsd: number };

/** What one deployment asks of people; `fte` and `usd` a month are for the machines that it has for itself. */
export type Asking = { staffed: readonly Staffed[]; machines: number; fte: number; usd: number };

/** People of sets of deployments. */
export class PeopleTable {
  readonly #classes = new Map<string, number>();
  readonly #texts = new Map<Staff, string>();

  constructor(readonly workload: Workload) {}

  /** A number that is equal for candidates that ask the same but for machines, models and providers. */
  classOf({ kind, staff, second }: Pick<Candidate, 'kind' | 'staff' | 'second'>): number {
    const behind = second?.candidate;
    const key = `${kind} ${this.#textOf(staff)} ${behind === undefined ? '' : `${behind.kind} ${behind.provider} ${this.#textOf(behind.staff)}`}`;
    const known = this.#classes.get(key) ?? this.#classes.size;
    this.#classes.set(key, known);
    return known;
  }

  /** What a candidate asks for some tasks on so many machines at a site. */
  asking(
    candidate: Pick<Candidate, 'provider' | 'staff' | 'model' | 'second'>,
    machines: number,
    taskParts: readonly number[],
  ): Asking {
    const { workload } = this;
    const { staff } = candidate;
    const all = machines * staff.sites;
    const asked =
      staff.share === 0 && staff.site === null
        ? { onCall: 0, requestsPerDay: 0 }
        : askedOf(partsIn(taskParts, workload), workload);
    const fte = fleetFte(staff.share, all, workload.assume);
    return {
      staffed: staffedBy(candidate, { machines, ...asked }),
      machines: all,
      fte,
      usd: fteUsdPerMonth(fte, workload),
    };
  }

  of(deployments: readonly Asking[]): People {
    const { workload } = this;
    const [only] = deployments;
    const staffing = staffingOf(
      deployments.length === 1 ? (only as Asking).staffed : deployments.flatMap(({ staffed }) => staffed),
      workload.assume,
    );
    const shared = sharedFte(staffing, workload.assume);
    return {
      fte: deployments.reduce((fte, one) => fte + one.fte, shared),
      sharedUsd: fteUsdPerMonth(shared, workload) + setupUsd(staffing, workload) / workload.months,
    };
  }

  #textOf(staff: Staff): string {
    const text = this.#texts.get(staff) ?? JSON.stringify(staff);
    this.#texts.set(staff, text);
    return text;
  }
}
