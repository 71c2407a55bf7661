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
  /** Writes for every set of tasks USD a month below which it never serves it, people left out; infinite where it may not. */
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
  staff: Staff;
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
