import type { Traced } from '../formula/traced.js';
import type { Context } from '../places/placement.js';
import { rowName } from '../tables/row-name.js';
import type { Prose, TableName, Tables } from '../tables/tables.js';
import type { ReadScenario } from '../workload/read.js';
import { setUnder } from '../workload/set.js';
import type { BasisRow } from './decision.js';
import { figuresOf } from './figures.js';
import type { Plan } from './plan.js';
import { rounded } from './round.js';

/**
 * Every figure of the tables that the monthly costs of some plans are made of, each once; what the scenario sets itself does
 * not come from them.
 */
export function basisOf(
  plans: readonly Plan[],
  context: Context,
  { scenario }: ReadScenario,
  prose: Prose,
): BasisRow[] {
  const found = new Map<string, BasisRow>();
  for (const plan of new Map(plans.map((one) => [one.id, one])).values()) {
    const seen = new Set<Traced>();
    const visit = (traced: Traced): void => {
      if (seen.has(traced)) return;
      seen.add(traced);
      for (const part of traced.parts) visit(part);
      const { label, value, unit, assumption } = traced;
      if (
        traced.how !== 'given' ||
        (assumption !== null && setUnder(assumption, scenario.assumptions, context.tables) !== null)
      )
        return;
      for (const { table, row } of traced.sources) {
        const name = nameOf(context.tables, table, row);
        if (name === null) continue;
        // A label may name who asks; a parameter is the same whoever asks.
        const figure = assumption ?? label;
        const key = [table, name, figure].join('\0');
        const known = found.get(key);
        if (known === undefined) {
          const { source, date } = prose({ table, row });
          found.set(key, { table, row: name, figure, value: rounded(value), unit, source, date, plans: [plan.id] });
        } else if (!known.plans.includes(plan.id)) known.plans.push(plan.id);
      }
    };
    const cost = figuresOf(plan, context).get('monthlyCost')?.();
    if (cost) visit(cost);
  }
  return [...found.values()];
}

function nameOf(tables: Tables, table: TableName, row: number): string | null {
  const found = (tables[table] as readonly { row: number }[]).find((one) => one.row === row);
  return found === undefined ? null : rowName(table, found);
}
