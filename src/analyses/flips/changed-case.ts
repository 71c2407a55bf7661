import { sharesAll } from '../../decide/shared-alike.js';
import type { Case } from '../../places/placement.js';
import type { Prose, Tables } from '../../tables/tables.js';
import type { ReadScenario } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import { withScenarioPrices } from '../../workload/with-scenario-prices.js';

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
