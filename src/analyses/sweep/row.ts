import type { Kind } from '../../tables/rows.js';

/** What is advised at one combination of values. */
export type SweepRow = {
  /** One an axis, as `--set` takes them. */
  values: string[];
  /** `infeasible`: no plan satisfies the hard rules; `invalid`: the values together are no scenario. */
  status: 'recommended' | 'infeasible' | 'invalid';
  plan: string | null;
  label: string | null;
  shape: string | null;
  kinds: Kind[];
  /** `task=kind`, tasks by name: the advice changes when this does. */
  kindsByTask: string | null;
  /** USD a month. */
  monthlyCost: number | null;
  firstMonthCost: number | null;
  peakMonthCost: number | null;
  /** USD. */
  upfrontCost: number | null;
  fteNeeded: number | null;
  /** Why the values are no scenario. */
  reason: string | null;
};

/** A sweep, whole: cells in the order of their axes, the last one fastest. */
export type SweepAnswer = SweepHead & { cells: SweepRow[] };

/** What was asked. */
export type SweepHead = {
  schemaVersion: string;
  tool: { name: string; version: string };
  scenario: { name: string; file: string; sha256: string; set: string[] };
  tables: { snapshot: string; asOf: string; sha256: string; priceBook: string | null };
  axes: { path: string; values: string[] }[];
};
