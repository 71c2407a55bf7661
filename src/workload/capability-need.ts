import type { TaskRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { ScenarioTask } from './schema.js';
import type { CapabilityNeed } from './workload.js';

const fixed = (need: number, text: string): CapabilityNeed => ({
  need,
  low: need,
  high: need,
  text: `${need.toFixed(1)} (${text})`,
});

/** The capability a task needs, on the index's scale: the user's word, else the preset's likely floor with its band. */
export function capabilityOf(task: ScenarioTask, preset: TaskRow, tables: Tables): CapabilityNeed {
  const asked = task.capability;
  if (asked === undefined) {
    const { minIndexLow: low, minIndexLikely: need, minIndexHigh: high } = preset;
    return { need, low, high, text: `${need} (usual for ${preset.task})` };
  }
  if ('minIndex' in asked) {
    const { likely, range } = asked.minIndex;
    return { need: likely, low: range?.low ?? likely, high: range?.high ?? likely, text: `${likely}` };
  }
  if ('tier' in asked) {
    const from = tables.tiers.find(({ name }) => name === asked.tier)?.fromIndex ?? 0;
    return fixed(Math.max(from, preset.minIndexLow), `tier ${asked.tier}`);
  }
  if ('relative' in asked) {
    const onSale = new Set(tables.api.map(({ family }) => family));
    const best = tables.capability.reduce(
      (most, { family, index }) => (onSale.has(family) ? Math.max(most, index) : most),
      0,
    );
    return fixed(asked.relative.likely * best, `${asked.relative.likely * 100} % of the best on sale`);
  }
  const thinking = asked.atLeast.endsWith('+thinking');
  const family = thinking ? asked.atLeast.slice(0, -'+thinking'.length) : asked.atLeast;
  const row = tables.yardstickOf.get(family);
  const index = thinking ? row?.indexThinking : (row?.indexStandard ?? row?.indexThinking);
  return fixed(index ?? row?.index ?? 0, `at least ${asked.atLeast}`);
}
