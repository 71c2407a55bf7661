import { capabilityOf, type Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { capabilityScore, failedShareOf, fullScore } from '../rules/model.js';
import { columns } from '../units/columns.js';
import { probabilityAtLeast } from '../units/statistics.js';
import { onlyPart } from '../workload/workload.js';
import type { Admitted } from './admitted.js';

/** Probability of being good enough, failed share, capability index (NaN: unknown). */
const qualityColumns = { good: 'f', fails: 'f', index: 'f' } as const;
export type QualityColumns = ReturnType<typeof columns<typeof qualityColumns>>;
/** Index = item, and API. */
export type Quality = { items: QualityColumns; apis: QualityColumns };

export function qualityOf({ catalog, apis, items: chosen, api }: Admitted, { workload }: Context): Quality {
  const { items, families } = catalog;
  const taskPart = onlyPart(workload);
  const { need, low, high, named } = taskPart.needs.capability;
  const ofItems = columns(qualityColumns, items.count);
  const ofApis = columns(qualityColumns, apis.count);
  const failed = failedShareOf(taskPart, workload);
  for (const item of chosen) {
    const index = items.index[item] as number;
    const { option } = families[items.family[item] as number] as { option: Option };
    const isNamed = named?.family === option.family && named.mode === option.mode && items.lossless[item] === 1;
    ofItems.index[item] = index;
    ofItems.fails[item] = failed(index);
    ofItems.good[item] = isNamed
      ? 1
      : probabilityAtLeast(
          { middle: index, low: items.indexLow[item] as number, high: items.indexHigh[item] as number },
          { middle: need, low, high },
        );
  }
  for (const one of api) {
    const option = apis.option[one] as Option;
    const index = capabilityOf(option)?.have ?? Number.NaN;
    ofApis.index[one] = index;
    ofApis.fails[one] = failed(index);
    ofApis.good[one] = (capabilityScore(option, taskPart) ?? 0) / fullScore;
  }
  return { items: ofItems, apis: ofApis };
}
