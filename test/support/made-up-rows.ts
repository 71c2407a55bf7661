import { withSpare } from '../../src/cost/curve.js';
import { type Candidate, dominates, leastCost } from '../../src/places/candidate.js';
import type { Base, Row, RowGroup } from '../../src/places/row.js';
import { workloadColumns } from '../../src/places/task-columns.js';
import type { Workload } from '../../src/workload/workload.js';

/**
 * A fleet that a test makes up. `asked`: what targets on latency leave of it (null: nothing), where they are asked late; `loose`:
 * which part of what it costs at the least its row tells.
 */
export type MadeUp = { candidate: Candidate; asked?: Candidate | null; loose: number };

/** What a test may make of it: how often targets were asked. */
export type MadeUpGroup = RowGroup & { asked: number };

const servedBy = ({ linear }: Candidate): number =>
  linear.reduce((set, usd, s) => (Number.isNaN(usd) ? set : set | (1 << s)), 0);

/** A fleet as a row. */
function rowOf({ candidate, loose }: MadeUp, isExact: boolean, workload: Workload): Row {
  const { kind, fleet, linear, fixed } = candidate;
  if (fleet === null) throw new Error('a row is a fleet');
  const { hoursPerMonth, taskParts } = workload;
  const { meanMultiple } = workloadColumns(workload);
  const serves = servedBy(candidate);
  const unitUsd = fleet.usdPerHour * hoursPerMonth;
  const base: Base = {
    linearUsd: linear,
    workUsd: fleet.need.map((need, s) => unitUsd * need * (meanMultiple[s] as number)),
    unitUsd,
    fixedUsd: fixed,
  };
  const option = candidate.option();
  return {
    kind,
    places: kind,
    staff: candidate.staff,
    isOwned: candidate.owns !== null,
    order: 0,
    serves,
    isExact,
    lookCloser: () => false,
    undercuts: (other) => dominates(candidate, other.candidate()),
    least(into) {
      into.fill(Number.POSITIVE_INFINITY);
      for (let set = 1; set < into.length; set++) {
        const tasks = taskParts.flatMap((_, s) => ((set >> s) & 1 ? [s] : []));
        if ((set & ~serves) === 0) into[set] = leastCost(candidate, tasks, workload) * loose;
      }
    },
    billedShare: fleet.beyondOwned === null ? 1 - fleet.onceUsdPerHour / fleet.usdPerHour : 0,
    upfrontUsd: fleet.beyondOwned === null ? fleet.upfrontUsdPerUnit * withSpare(fleet.min, fleet) : 0,
    base: () => (fleet.followsHours || fleet.beyondOwned !== null ? null : base),
    candidate: () => candidate,
    model: option,
  };
}

/** Fleets on one machine, which ask the same of people. */
export function groupOf(fleets: readonly MadeUp[], workload: Workload): MadeUpGroup {
  const [{ candidate: first }] = fleets as [MadeUp];
  const numbers = fleets.map(({ candidate: { fleet } }) => fleet as NonNullable<typeof fleet>);
  const rows = new Map<Row, Row | null>();
  const open = fleets.map((one): Row => {
    const row = rowOf(one, one.asked === undefined, workload);
    if (one.asked !== undefined)
      rows.set(row, one.asked && rowOf({ candidate: one.asked, loose: one.loose }, true, workload));
    return row;
  });
  const known = new Set<Row>();
  const now = (): Row[] => open.flatMap((row) => (known.has(row) ? (rows.get(row) ?? []) : row));
  const least = (row: Row): number => {
    const usd = new Float64Array(2 ** workload.taskParts.length);
    row.least(usd);
    const base = row.base();
    return Math.min(...usd.subarray(1), base === null ? Number.POSITIVE_INFINITY : base.unitUsd + base.fixedUsd);
  };
  const below = (usd: number): Row[] => now().filter((row) => least(row) < usd);
  const group: MadeUpGroup = {
    kind: first.kind,
    places: [first.kind],
    serves: fleets.reduce((all, { candidate }) => all | servedBy(candidate), 0),
    staffs: [first.staff],
    fewestUnits: Math.min(...numbers.map((fleet) => withSpare(fleet.min, fleet))),
    floorUsd: Math.min(...open.map((row) => Math.min(...leastOf(row, workload)))),
    floorBelowApiUsd: Math.min(...open.map((row) => row.base()?.unitUsd ?? Number.POSITIVE_INFINITY)),
    asked: 0,
    rows: below,
    served: () => now().reduce((all, { serves }) => all | serves, 0),
    everyRow: below,
    confirm(row) {
      const isOpen = rows.has(row);
      if (!isOpen) return row;
      known.add(row);
      group.asked++;
      return rows.get(row) ?? null;
    },
  };
  return group;
}

function leastOf(row: Row, workload: Workload): Float64Array {
  const usd = new Float64Array(2 ** workload.taskParts.length);
  row.least(usd);
  return usd.subarray(1);
}
