import type { Unpriced } from '../cost/curve.js';
import type { HostingRow, Kind } from '../tables/rows.js';
import { type Option, optionId } from './option.js';

/** Why such a product is no option: how much of it a volume takes is not known. */
export const noSizes: Unpriced = { unpriced: 'unsizable: nothing says how much a unit of this product serves' };

/** The option of an id on a product of which nothing says how much a unit serves; null: none of these. */
export function unsizableOption(
  id: string,
  kind: Kind,
  products: readonly HostingRow[],
  models: () => readonly Option[],
): Option | null {
  for (const { provider, product } of products) {
    if (!id.startsWith(`${kind}/${provider}/`)) continue;
    for (const model of models()) {
      const option = { ...model, kind, provider, instance: product, reach: 'under-contract' as const, api: null };
      if (optionId(option) === id) return { ...option, id };
    }
  }
  return null;
}
