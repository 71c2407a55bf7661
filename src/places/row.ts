import type { Staff } from '../cost/people.js';
import type { Kind } from '../tables/rows.js';
import type { Candidate } from './candidate.js';
import type { Option } from './option.js';

/**
 * One way to serve some tasks, before it is an option: what it costs at the least for every set of tasks tells whether it is worth
 * a price. Sets of tasks are numbers with one bit for each task.
 */
export type Row = {
  kind: Kind;
  /** Kinds of place as text: `self-hosted-cloud`, or two as `self-hosted-cloud+cloud-api`. */
  places: string;
  /** Whether it counts on machines that are owned already. */
  isOwned: boolean;
  /** What it asks of people. */
  staff: Staff;
  /** Place among the rows of its group: of what costs the same, the first is taken. */
  order: number;
  /** Tasks that it may serve. */
  serves: number;
  /** Whether what it serves is known; else it serves no more than this, as targets on latency are not asked yet. */
  isExact: boolean;
  /** Tells what it costs at the least more closely, where that is worth asking; whether it did. */
  lookCloser(): boolean;
  /**
   * Whether this costs less than another row of the same class, or as much, for whatever that serves, and asks no more of people, as far
   * as targets on latency were asked of this. What decides between equals may keep both.
   */
  undercuts(other: Row): boolean;
  /** Writes for every set of tasks USD a month below which it never serves it, of people those for its machines; infinite where it may not. */
  least(into: Float64Array): void;
  /** Of what it costs the share that months are billed, and USD that are paid before it works, at the least. */
  billedShare: number;
  upfrontUsd: number;
  /**
   * Of machines that are there for all hours, which may leave what exceeds them to an API: USD a month by task for the requests and
   * for the machines that do the work in the mean hour, for one machine, and whatever they serve. Null: it may not.
   */
  base(): Base | null;
  /** Made once. */
  candidate(): Candidate;
  /** Its model, whatever it runs on. */
  model: Option;
};

export type Base = { linearUsd: Float64Array; workUsd: Float64Array; unitUsd: number; fixedUsd: number };

/** Rows that have their machine or their offer in common. */
export type RowGroup = {
  kind: Kind;
  /** Kinds of place of its rows, as these have them. */
  places: readonly string[];
  /** Tasks that some of its rows may serve. */
  serves: number;
  /** What its rows ask of people, each way once. */
  staffs: readonly Staff[];
  /** Units that stand there at the least. */
  fewestUnits: number;
  /** USD a month that any of its rows costs at the least, people left out; the same without spares, below an API. */
  floorUsd: number;
  floorBelowApiUsd: number;
  /**
   * Rows of the models that may win, as far as they may serve some task for less than so many USD a month: no other one of the group
   * serves every task as fast, with no more disk, as far as that is known. Asking for targets on latency makes others of them.
   */
  rows(belowUsd: number): readonly Row[];
  /** Tasks that some row serves, as far as targets on latency were asked. */
  served(): number;
  /** Rows of all models, likewise. */
  everyRow(belowUsd: number): readonly Row[];
  /** The row once it was asked what targets on latency leave of it; null: nothing. */
  confirm(row: Row): Row | null;
};

type Met = { row: Row; group: RowGroup };

/**
 * Keeps, of rows that are met one after another, those that no earlier one of their class undercuts. A row that is left out for one whose
 * targets on latency are still open is met again once that one was checked.
 */
export class RowFront {
  /** Rows of a class that are kept: those that are exact, and those whose targets are to be asked. */
  readonly #kept = new Map<string, { exact: Met[]; open: Met[] }>();
  readonly #isKept = new Map<Row, boolean>();
  readonly #behind = new Map<Row, Row[]>();
  /** Rows, and groups, that were met again: from then on only rows whose targets were checked leave them out. */
  readonly #metAgain = new Set<Row | RowGroup>();

  /** @param classOf rows of one class ask the same of people but for how many units they take */
  constructor(readonly classOf: (row: Row, group: RowGroup) => string) {}

  has(row: Row, group: RowGroup): boolean {
    let isKept = this.#isKept.get(row);
    if (isKept === undefined) {
      isKept = this.#isUseful(row, group);
      this.#isKept.set(row, isKept);
    }
    return isKept;
  }

  /** Targets on latency of some rows were checked; returns the rows that were left out for them, which are to be met again. */
  release(rows: readonly Row[]): Row[] {
    for (const kept of this.#kept.values()) {
      kept.exact.push(...kept.open.filter(({ row }) => row.isExact && row.serves !== 0));
      kept.open = kept.open.filter(({ row }) => !row.isExact);
    }
    return rows.flatMap((row) => this.#comeForth(row));
  }

  /** Checking targets on latency replaced the rows of some groups: all of these are to be met again. */
  forget(groups: ReadonlySet<RowGroup>): void {
    for (const group of groups) this.#metAgain.add(group);
    for (const [key, { exact, open }] of this.#kept) {
      const left = (met: readonly Met[]): Met[] =>
        met.filter(({ row, group }) => {
          if (!groups.has(group)) return true;
          this.#isKept.delete(row);
          this.#comeForth(row);
          return false;
        });
      this.#kept.set(key, { exact: left(exact), open: left(open) });
    }
  }

  #comeForth(row: Row): Row[] {
    const behind = this.#behind.get(row) ?? [];
    this.#behind.delete(row);
    for (const one of behind) {
      this.#isKept.delete(one);
      this.#metAgain.add(one);
    }
    return behind;
  }

  #isUseful(row: Row, group: RowGroup): boolean {
    const key = this.classOf(row, group);
    const kept = this.#kept.get(key) ?? { exact: [], open: [] };
    this.#kept.set(key, kept);
    const others = this.#metAgain.has(row) || this.#metAgain.has(group) ? [] : kept.open;
    do {
      if (kept.exact.some((one) => one.row.undercuts(row))) return false;
      const better = others.find((one) => one.row.undercuts(row));
      if (better === undefined) continue;
      const behind = this.#behind.get(better.row) ?? [];
      this.#behind.set(better.row, behind);
      behind.push(row);
      return false;
    } while (row.lookCloser());
    (row.isExact ? kept.exact : kept.open).push({ row, group });
    return true;
  }
}
