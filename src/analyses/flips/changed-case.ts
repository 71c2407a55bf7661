import { sharesAll } from '../../decide/shared-alike.js';
import type { Context } from '../../places/placement.js';
import type { Prose, Tables } from '../../tables/tables.js';
import { type ReadScenario, withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';


/** The scenario as read, and the tables it is judged by, before and after its own prices. */
export type Subject = { read: ReadScenario; list: Tables; prose: Prose; context: Context };

/** The case of a scenario with one `--set` more; null where that is no scenario. */
export function changedCases({ read, list, prose, context }: Subject): (setting: string) => Context | null {
  const { memo } = context;
  return (setting) => {
    const scenario = read.changed([setting]);
    if (scenario === null) return null;
    const again = { ...read, scenario };
    const tables = setting.startsWith('prices.') ? withScenarioPrices(again, list, prose).tables : context.tables;
    return {
      workload: resolve(again, tables, context.workload.asOf),
      tables,
      ...(sharesAll(setting) && memo && { memo }),
    };
  };
}
