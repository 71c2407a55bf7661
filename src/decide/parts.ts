import { meanGrowthOf } from '../cost/curve.js';
import { type Candidate, deploymentsOf, leastUpfrontUsd, shareOf } from '../places/candidate.js';
import type { Option } from '../places/option.js';
import type { Row, RowGroup } from '../places/row.js';
import type { TaskColumns } from '../places/task-columns.js';
import type { Workload } from '../workload/workload.js';
import type { Asking, Assignment, PeopleTable } from './assignment.js';

/** Tasks, as a set, on a candidate: USD a month, of people those for its machines. */
export type Part = {
  candidate: Candidate;
  set: number;
  taskParts: readonly number[];
  usd: number;
  asking: Asking;
  deployments: number;
  /** Place of the candidate among those that are priced one by one: of what costs the same, the first is taken. */
  place: number;
  /** USD that the busiest month is billed at the least, and USD up front. */
  billedUsd: number;
  upfrontUsd: number;
  /** Its model, on whatever it runs. */
  model(): Option;
  /** The row that it is of, where targets on latency were not asked yet. */
  open: { row: Row; group: RowGroup } | null;
};

/** A complete plan that was met, and USD a month with its people. */
export type Met = { parts: readonly Part[]; usd: number };

export const assignmentOf = ({ parts }: Met): Assignment =>
  parts.map(({ candidate, taskParts }) => ({ candidate, taskParts }));

/** Kinds of place of a candidate, as text. */
export const placesOf = ({ kind, second }: Pick<Candidate, 'kind' | 'second'>): string =>
  second === undefined ? kind : `${kind}+${second.candidate.kind}`;

/** Whether a candidate is an API on its own, billed per token. */
export const isApi = ({ staff, second }: Candidate): boolean => staff.api && second === undefined;

/** Makes parts, each once: what a candidate costs for a set of tasks, and what it asks of people. */
export class PartTable {
  readonly #known = new Map<Candidate, (Part | undefined)[]>();
  readonly #placeOf: ReadonlyMap<Candidate, number>;
  readonly #perRequest: ReadonlySet<string>;

  /** @param candidates those that are priced one by one, in order: of what costs the same, the first is taken */
  constructor(
    candidates: readonly Candidate[],
    readonly columns: TaskColumns,
    readonly people: PeopleTable,
    readonly workload: Workload,
  ) {
    this.#placeOf = new Map(candidates.map((candidate, place) => [candidate, place]));
    this.#perRequest = new Set(candidates.filter(isApi).map(({ kind }) => kind));
  }

  /** Place of a candidate among those that are priced one by one; -1 for all others. */
  placeOf(candidate: Candidate): number {
    return this.#placeOf.get(candidate) ?? -1;
  }

  /** Tasks on a candidate; null where it may not serve them all. */
  of(candidate: Candidate, set: number, open: Part['open'], model?: Option): Part | null {
    let known = this.#known.get(candidate);
    if (known === undefined) {
      known = [];
      this.#known.set(candidate, known);
    }
    let part = known[set];
    if (part === undefined) {
      part = this.#made(candidate, set, open, model);
      known[set] = part;
    }
    return Number.isNaN(part.usd) ? null : part;
  }

  #made(candidate: Candidate, set: number, open: Part['open'], model?: Option): Part {
    let known = model;
    const { workload, people } = this;
    const tasks = this.columns.tasksIn(set);
    const share = shareOf(candidate, tasks, workload);
    const { onceUsd, units, machines } = share;
    const usd = tasks.length > 1 && candidate.mayShare?.(tasks) === false ? Number.NaN : share.usd;
    const asking = people.asking(candidate, machines, tasks);
    return {
      candidate,
      set,
      taskParts: tasks,
      usd: usd + asking.usd,
      asking,
      deployments: deploymentsOf(candidate),
      place: this.placeOf(candidate),
      billedUsd: Number.isNaN(usd) ? usd : usd - onceUsd + this.#moreInBusiestMonthUsd(candidate, tasks),
      upfrontUsd: leastUpfrontUsd(candidate, units),
      model() {
        known ??= candidate.option();
        return known;
      },
      open,
    };
  }

  /** By how much requests of the busiest month cost more than those of a mean one, where they are paid one by one. */
  #moreInBusiestMonthUsd({ linear, fleet, kind, months }: Candidate, tasks: readonly number[]): number {
    const { workload } = this;
    const isByRequest = fleet !== null || this.#perRequest.has(kind);
    if (!isByRequest || workload.growth.length < 2 || (months?.() ?? null) !== null) return 0;
    const more = Math.max(...workload.growth) / meanGrowthOf(workload) - 1;
    return tasks.reduce((usd, s) => usd + (linear[s] as number) * more, 0);
  }
}
