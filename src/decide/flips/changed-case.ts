import type { Case } from '../../placements/placement.js';
import type { ReadScenario } from '../../scenario/read.js';
import { resolve } from '../../scenario/resolve.js';
import { withScenarioPrices } from '../../scenario/with-scenario-prices.js';
import type { Prose, Tables } from '../../tables/tables.js';
import { sharesAll } from '../shared-alike.js';

/** The scenario as read, and the tables it is judged by, before and after its own prices. */
export type Subject = { read: ReadScenario; list: Tables; prose: Prose; of: Case };

/** The case of a scenario with one `--set` more; null where that is no scenario. */
export function changedCases({ read, list, prose, of }: Subject): (setting: string) => Case | null {
  const { memo } = of;
  return (setting) => {
    const scenario = read.changed([setting]);
    if (scenario === null) return null;
    const again = { ...read, scenario };
    const tables = setting.startsWith('prices.') ? withScenarioPrices(again, list, prose).tables : of.tables;
    return { demand: resolve(again, tables, of.demand.asOf), tables, ...(sharesAll(setting) && memo && { memo }) };
  };
}
