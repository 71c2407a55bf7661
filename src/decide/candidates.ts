import { type Candidate, dropDominated } from '../places/candidate.js';
import type { Context, Filter, Placement } from '../places/placement.js';
import type { Row, RowGroup } from '../places/row.js';
import { workloadOf } from './workload.js';

/** Everything of a kind that rules let in and that no other of it stands for, whatever it costs. */
export function candidatesOf(placement: Placement, context: Context, filter: Filter): Candidate[] {
  if (placement.candidates !== undefined) return placement.candidates(context, filter);
  const groups = placement.groups?.(context, filter, workloadOf(context)) ?? [];
  return dropDominated(groups.flatMap((group) => confirmedRows(group).map((row) => row.candidate())));
}

/** Rows of a group once all targets on latency were asked. */
const confirmedRows = (group: RowGroup): Row[] =>
  group.everyRow(Number.POSITIVE_INFINITY).flatMap((row) => (row.isExact ? row : group.confirm(row)) ?? []);
