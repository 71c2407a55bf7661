import type { EfficiencyRow } from '../tables/rows.js';

/** Named factors between what a machine's data sheet says and what an engine reaches on it. */
export const factorNames = [
  'iterationS',
  'layerS',
  'expertLayerS',
  'sequenceS',
  'bandwidth',
  'cacheBandwidth',
  'expertBandwidth',
  'decodeCompute',
  'prefillCompute',
  'expertCompute',
  'narrowCompute',
  'weightOnlyCompute',
  'attentionCompute',
  'linkLatencyS',
  'linkBandwidth',
  'firstTokenS',
] as const;
export type FactorName = (typeof factorNames)[number];

/**
 * Factors of one engine group on one class of machines over one kind of link. Times in seconds; the rest are shares of a
 * peak rate (`bandwidth`, `decodeCompute`, `prefillCompute`, `linkBandwidth`) or factors on such a share.
 */
export type Efficiency = { readonly [Factor in FactorName]: number };

/** Where a factor is looked up: names that no row knows get the mean of all. */
export type Setting = { engineGroup: string; servingClass: string; link: string };

/** Whether a row counts in a setting. */
export const matches = (row: EfficiencyRow, { engineGroup, servingClass, link }: Setting): boolean =>
  (row.engineGroup === null || row.engineGroup === engineGroup) &&
  (row.servingClass === null || row.servingClass === servingClass) &&
  (row.link === null || row.link === link);

/** The product of every row that matches, by factor; a factor without rows is 1. */
export function efficiencyAt(rows: readonly EfficiencyRow[], setting: Setting): Efficiency {
  const found = Object.fromEntries(factorNames.map((name) => [name, 1])) as Record<FactorName, number>;
  for (const row of rows) if (matches(row, setting)) found[row.factor as FactorName] *= row.value;
  return found;
}

const remembered = new WeakMap<readonly EfficiencyRow[], Map<string, Efficiency>>();

/** As `efficiencyAt`, looked up once for each setting of a table. */
export function efficiencyOf(rows: readonly EfficiencyRow[], setting: Setting): Efficiency {
  let known = remembered.get(rows);
  if (known === undefined) {
    known = new Map();
    remembered.set(rows, known);
  }
  const key = `${setting.engineGroup}/${setting.servingClass}/${setting.link}`;
  let efficiency = known.get(key);
  if (efficiency === undefined) {
    efficiency = efficiencyAt(rows, setting);
    known.set(key, efficiency);
  }
  return efficiency;
}
