import type { Option } from '../places/option.js';
import type { AcceleratorRow, ModelRow, QuantizationRow } from '../tables/rows.js';

/** An open model in a mode: `model` is its place among `models`. */
export type Family = { model: number; option: Option };

/** What the columns of a catalog are numbered by. */
export type Names = {
  models: readonly ModelRow[];
  families: readonly Family[];
  /** Rows of every scheme, and the first of each. */
  schemeRows: readonly (readonly QuantizationRow[])[];
  schemes: readonly QuantizationRow[];
  /** By scheme, 1 where servers run it, and not one user's machine alone. */
  batched: Uint8Array;
  accelerators: readonly AcceleratorRow[];
};
