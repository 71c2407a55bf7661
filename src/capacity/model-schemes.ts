import type { ModelRow, QuantizationRow } from '../tables/rows.js';
import { schemeFor } from './scheme.js';

/** The row of each scheme that may be used with the model, for its size, in the order of the table. */
export function schemesOfModel(
  rows: readonly QuantizationRow[],
  model: ModelRow,
  appliesTo: QuantizationRow['appliesTo'],
): QuantizationRow[] {
  const byScheme = new Map<string, QuantizationRow[]>();
  for (const row of rows) {
    if (row.appliesTo === appliesTo) byScheme.set(row.scheme, [...(byScheme.get(row.scheme) ?? []), row]);
  }
  return [...byScheme.values()].map((own) => schemeFor(own, model)).filter((row) => row !== null);
}

/**
 * Of the schemes of a model the one it was released in: a scheme only such models have, else the one its format is named
 * after. Null where the tables do not tell.
 */
export const nativeScheme = (
  schemes: readonly QuantizationRow[],
  { nativeDtype }: Pick<ModelRow, 'nativeDtype'>,
): QuantizationRow | null =>
  schemes.find(({ onlyNativeDtype }) => onlyNativeDtype !== null) ??
  schemes.find(({ scheme }) => nativeDtype?.startsWith(scheme)) ??
  null;
