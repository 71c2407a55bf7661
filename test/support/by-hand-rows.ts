import { Assigner, type Offered } from '../../src/decide/assign.js';
import { type Candidate, dominates, leastCost, leastWorkUsd } from '../../src/places/candidate.js';
import type { Context } from '../../src/places/placement.js';
import type { Row, RowGroup } from '../../src/places/row.js';
import { bitsOf, workloadColumns } from '../../src/places/task-columns.js';
import type { Workload } from '../../src/workload/workload.js';

/** Machines at figures that a test sets, as rows of a deployment type; nothing asks how fast they are. */

function rowOf(own: Candidate, workload: Workload): Row {
  const serves = own.linear.reduce((set, usd, s) => (Number.isNaN(usd) ? set : set | (1 << s)), 0);
  const { fleet } = own;
  const unitUsd = (fleet?.usdPerHour ?? 0) * workload.hoursPerMonth;
  return {
    kind: own.kind,
    places: own.kind,
    staff: own.staff,
    isOwned: own.owns !== null,
    serves,
    isExact: true,
    least(into) {
      for (let set = 1; set < into.length; set++)
        into[set] = (set & ~serves) === 0 ? leastCost(own, bitsOf(set), workload) : Number.POSITIVE_INFINITY;
    },
    billedShare: 1,
    upfrontUsd: 0,
    base: () =>
      fleet === null || fleet.followsHours || fleet.beyondOwned !== null
        ? null
        : {
            linearUsd: own.linear,
            workUsd: own.linear.map((_, s) => leastWorkUsd(own, s, workload)),
            unitUsd,
            fixedUsd: own.fixed,
          },
    lookCloser: () => false,
    undercuts: (other) => dominates(own, other.candidate()),
    candidate: () => own,
    model: own.option?.(),
  } as Row;
}

/** Each a machine of its own. */
const groupsOf = (machines: readonly Candidate[], workload: Workload): RowGroup[] =>
  machines.map((own) => {
    const row = rowOf(own, workload);
    return {
      kind: own.kind,
      places: [own.kind],
      serves: row.serves,
      staffs: [own.staff],
      fewestUnits: 1,
      floorUsd: 0,
      floorBelowApiUsd: 0,
      rows: () => [row],
      served: () => row.serves,
      everyRow: () => [row],
      confirm: () => row,
    };
  });

/** What finds plans of machines and APIs, of at most so many deployments and under no rule. */
export function assignerByHand(
  { machines, apis }: { machines: readonly Candidate[]; apis: readonly Candidate[] },
  workload: Workload,
  maxDeployments = 2,
): Assigner {
  const offered: Offered = {
    columns: workloadColumns(workload),
    candidates: apis,
    groups: groupsOf(machines, workload),
    overflow: true,
    timed: 0,
  };
  const rule = { maxDeployments, ruled: false, allows: () => true };
  return new Assigner({ workload } as Context, offered, rule);
}
