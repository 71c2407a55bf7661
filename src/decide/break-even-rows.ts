import type { Crossing } from '../cost/crossings.js';
import type { Kind } from '../tables/rows.js';

/** A range of volumes with one cheapest plan. */
export type LadderRow = {
  from: number;
  to: number | null;
  plan: string | null;
  label: string | null;
  kinds: Kind[];
  /** USD a month at `from`. */
  monthlyCost: number | null;
};

/** Where two plans cost the same, along an axis. */
export type BreakEven = {
  a: string;
  b: string;
  axis: string;
  unit: string;
  upTo: number;
  crossings: Crossing[];
  /** Stretches in which the two take turns, or in which it was not told who is cheaper. */
  alternates: { from: number; to: number }[];
  /** Why they never cross; null where they do. */
  never: string | null;
};
