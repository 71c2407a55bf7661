import type { CardFit } from './card-fit.js';
import type { AcceleratorFit } from './model-sheet.js';

/** Schemes of as many bits per weight: they need as much memory, so one column tells what they fit on. */
export type FitColumn = { bitsPerWeight: number; schemes: readonly string[] };

/** Columns over the schemes that many requests can share, the most bits first. */
export function fitColumns(fits: readonly AcceleratorFit[]): FitColumn[] {
  const byBits = new Map<number, Set<string>>();
  for (const { schemes } of fits) {
    for (const { scheme, bitsPerWeight, batchedServing } of schemes) {
      if (bitsPerWeight === null || !batchedServing) continue;
      byBits.set(bitsPerWeight, (byBits.get(bitsPerWeight) ?? new Set()).add(scheme));
    }
  }
  return [...byBits]
    .map(([bitsPerWeight, schemes]) => ({ bitsPerWeight, schemes: [...schemes] }))
    .sort((a, b) => b.bitsPerWeight - a.bitsPerWeight);
}

const best: readonly CardFit['runs'][] = ['native', 'weight-only', 'slow', 'none'];

/** How one of the column's schemes fits: the one that runs best. */
export function fitIn({ schemes }: AcceleratorFit, column: FitColumn): CardFit | null {
  const own = schemes.filter(({ scheme }) => column.schemes.includes(scheme));
  return [...own].sort((a, b) => best.indexOf(a.runs) - best.indexOf(b.runs))[0] ?? null;
}
