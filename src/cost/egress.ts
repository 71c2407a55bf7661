import { monthly } from '../formula/formula.js';
import { given, parameter, product, stated } from '../formula/traced.js';
import type { ParameterRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import type { Component } from './fleet-bill.js';
import { outputPathOf } from './slice-trace.js';

const bytesPerGb = 1e9;

const formula = monthly(
  'network.egress',
  'Traffic to users',
  'output tokens x bytes per token on the wire / 1e9 x USD per GB',
);

const dearest = new WeakMap<Tables, ParameterRow>();

/**
 * USD per GB of traffic out of a provider; where the tables have no figure the highest one stands in, because traffic
 * of text is a small part of the bill.
 */
function egressUsdPerGb(
  provider: string,
  { assume }: Pick<Workload, 'assume'>,
  tables: Tables,
): { usd: number; known: boolean; row: number } {
  const key = `egress-${provider}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const own = tables.parameterOf.get(key);
  if (own !== undefined) return { usd: assume(own.name), known: true, row: own.row };
  let highest = dearest.get(tables);
  if (highest === undefined) {
    const all = tables.owning.filter(({ name }) => name.startsWith('egress'));
    highest = all.reduce((most, row) => (row.likely > most.likely ? row : most), all[0] as ParameterRow);
    dearest.set(tables, highest);
  }
  return { usd: assume(highest.name), known: false, row: highest.row };
}

const known = new WeakMap<TaskPart, Map<string, Component>>();

/** Traffic of one request out of a provider. */
export function egress(
  provider: string,
  taskPart: TaskPart,
  workload: Pick<Workload, 'assume'>,
  tables: Tables,
): Component {
  const byProvider = known.get(taskPart) ?? new Map<string, Component>();
  known.set(taskPart, byProvider);
  const component = byProvider.get(provider) ?? traffic(provider, taskPart, workload, tables);
  byProvider.set(provider, component);
  return component;
}

function traffic(provider: string, taskPart: TaskPart, workload: Pick<Workload, 'assume'>, tables: Tables): Component {
  const { usd, known, row } = egressUsdPerGb(provider, workload, tables);
  return {
    working: known ? formula : { ...formula, label: `${formula.label} (rate assumed)` },
    amount: product(
      'traffic of a request',
      'USD/request',
      stated(`output tokens of ${taskPart.task}`, taskPart.tokens.output, 'tokens', outputPathOf(taskPart)),
      parameter('bytes of a token on the wire', 'bytesPerTokenOnTheWire', { workload, tables }),
      given('gigabytes in a byte', 1 / bytesPerGb, 'GB/byte'),
      given(`traffic out of ${provider}`, usd, 'USD/GB', { table: 'owning', row }),
    ),
    ...(!known && { rateAssumed: true }),
  };
}
