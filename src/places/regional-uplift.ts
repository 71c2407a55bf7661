import { given, parameter, type Traced } from '../formula/traced.js';
import type { ApiRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { TaskPart } from '../workload/workload.js';
import type { Context } from './placement.js';

/** The token of an endpoint that processes wherever there is room. */
const anywhere = 'global';

/**
 * Whether a request's region has to be asked for: it must stay somewhere, and the provider's usual endpoint may leave there.
 * That of a provider that is for certain in no other region stays anyway.
 */
function bound({ provider }: ApiRow, { needs: { residency } }: TaskPart, tables: Tables): boolean {
  if (residency.length === 0) return false;
  if (tables.serviceOf.get(provider)?.regions.includes(anywhere)) return true;
  const certain = (tables.providerOf.get(provider)?.regions ?? []).filter((token) => /^[a-z-]+$/.test(token));
  return certain.length === 0 || certain.some((region) => !residency.includes(region));
}

/** Whether the provider began to charge for it after the model was released. */
function spared({ provider, family }: ApiRow, tables: Tables): boolean {
  const from = tables.serviceOf.get(provider)?.regionalUpliftFrom ?? null;
  const released = tables.capabilityOf.get(family)?.released ?? null;
  return from !== null && released !== null && released < from;
}

/**
 * What an endpoint bound to a region costs above the listed price, as a share of it: what the row says, else the assumption of
 * the kind of place, if it has one, for models that the provider charges it for. 0: nothing, or no region is asked for.
 */
export function regionalUplift(
  row: ApiRow,
  taskPart: TaskPart,
  assumption: string | null,
  { workload, tables }: Pick<Context, 'workload' | 'tables'>,
): number {
  if (!bound(row, taskPart, tables)) return 0;
  if (row.regionalUpliftPct !== null) return row.regionalUpliftPct / 100;
  return assumption === null || spared(row, tables) ? 0 : workload.assume(assumption);
}

export function tracedUplift(
  { row, regionalUpliftPct }: ApiRow,
  assumption: string | null,
  context: Pick<Context, 'workload' | 'tables'>,
): Traced {
  const label = 'an endpoint bound to a region above the list';
  return regionalUpliftPct === null && assumption !== null
    ? parameter(label, assumption, context)
    : given(label, (regionalUpliftPct ?? 0) / 100, 'fraction of price', { table: 'api', row });
}
