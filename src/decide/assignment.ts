import { fteOf, fteUsdPerMonth, peopleUsd, type Staff, type Staffing, setupUsd, staffingOf } from '../cost/people.js';
import { type Candidate, candidateCost, staffedBy, unitsOfShare } from '../places/candidate.js';
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

/** Who serves what, before it has a price. */
export type Part = { option: Option; taskParts: TaskPart[]; second?: SecondPlace };

/** What a set of deployments asks of people: FTE, USD of setting up a month, and USD a month of both. */
export type People = { fte: number; setupUsd: number; usd: number };

/** One deployment: how it asks of people, its provider, its units and their GPUs. */
export type Asking = { staffing: number; provider: string; units: number; gpus: number };

/** People of sets of deployments; each set that asks the same is worked out once. */
export class PeopleTable {
  readonly #ids = new Map<string, number>();
  readonly #parts: Parts[] = [];
  readonly #perUnit: boolean[] = [];
  readonly #asksApi: boolean[] = [];
  readonly #texts = new Map<Staff, string>();
  readonly #known = new Map<string, People>();

  constructor(readonly workload: Workload) {}

  /** A number that is equal for candidates that ask the same but for GPUs and providers. */
  staffingOf(candidate: Staffed): number {
    let key = `${candidate.kind} ${this.#withoutGpus(candidate.staff)}`;
    const { second } = candidate;
    if (second !== undefined)
      key += ` ${second.candidate.kind} ${second.candidate.provider} ${this.#withoutGpus(second.candidate.staff)}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(key, id);
      this.#parts.push(
        staffedBy(candidate, 0).map((part, i) => ({
          ...part,
          ...(i === 0 && { provider: '' }),
          staff: alike(part.staff),
        })),
      );
      this.#perUnit.push(candidate.staff.role?.perUnit === true);
      this.#asksApi.push(candidate.staff.api);
    }
    return id;
  }

  of(deployments: readonly Asking[]): People {
    let key = '';
    let gpus = 0;
    for (const one of deployments) {
      gpus += one.gpus;
      key += one.staffing;
      if (this.#asksApi[one.staffing]) key += `@${one.provider}`;
      if (this.#perUnit[one.staffing]) key += `x${one.units}`;
      key += ' ';
    }
    key += gpus;
    let people = this.#known.get(key);
    if (people === undefined) {
      people = this.#work(deployments, gpus);
      this.#known.set(key, people);
    }
    return people;
  }

  #work(deployments: readonly Asking[], gpus: number): People {
    const asked = deployments.flatMap((one) =>
      (this.#parts[one.staffing] as Parts).map((part, i) =>
        i === 0 ? { ...part, provider: one.provider, units: one.units } : part,
      ),
    );
    const all = staffingOf(asked);
    const fte = fteOf({ ...all, gpus }, this.workload.assume);
    const setup = setupUsd(all, this.workload) / this.workload.months;
    return { fte, setupUsd: setup, usd: setup + fteUsdPerMonth(fte, this.workload) };
  }

  #withoutGpus(staff: Staff): string {
    const text = this.#texts.get(staff) ?? JSON.stringify(alike(staff));
    this.#texts.set(staff, text);
    return text;
  }
}

type Staffed = Pick<Candidate, 'kind' | 'provider' | 'staff' | 'second'>;
type Parts = ReturnType<typeof staffedBy>;

/** GPUs are handed over one by one: they differ among candidates that are alike in all else. */
const alike = (staff: Staff): Staff => ({ ...staff, gpusPerUnit: 0 });
