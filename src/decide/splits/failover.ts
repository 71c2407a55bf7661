import { type Candidate, dropDominated, servedBy } from '../../places/candidate.js';
import type { Context } from '../../places/placement.js';
import { placements } from '../../places/registry.js';
import type { Row, RowGroup } from '../../places/row.js';
import type { TaskColumns } from '../../places/task-columns.js';
import { availability, availabilityOf, mayLack, twoTogether } from '../../rules/service.js';
import { isAtLeast } from '../../units/float.js';
import { filterBy } from '../filter.js';
import { bestSecondPlaces, groupOfSecond, type SecondChoice } from './shapes.js';

/**
 * A second provider where a task asks for more availability than one place has: each API, and each machine, with the cheapest
 * other APIs that reach it together with the first, billed for the time that the first is down.
 */
export function failovers(
  context: Context,
  columns: TaskColumns,
): { candidates: readonly Candidate[]; groups: readonly RowGroup[] } {
  const asked = context.workload.taskParts.reduce((most, { needs }) => Math.max(most, needs.availability ?? 0), 0);
  const none = { candidates: [], groups: [] };
  if (asked === 0) return none;
  const { filter } = filterBy(context, { ignore: availability.id });
  const apis = placements
    .flatMap(({ perToken, candidates }) => (perToken ? dropDominated(candidates?.(context, filter) ?? []) : []))
    .flatMap((place): Available[] => {
      const share = availabilityOf(place.option(), context);
      return share === null ? [] : [{ place, share }];
    });
  if (apis.length === 0) return none;
  const behind = secondsBehind(apis, context);
  const lacking = placements.filter(({ kind, perToken }) => !perToken && mayLack(kind, asked, context));
  return {
    candidates: apis.flatMap(behind),
    groups: lacking
      .flatMap(({ groups }) => groups?.(context, filter, columns) ?? [])
      .map((group) => withSeconds(group, apis, behind, context, columns)),
  };
}

type Available = { place: Candidate; share: NonNullable<ReturnType<typeof availabilityOf>> };

/** The pairs of a first place with the best of all others. */
function secondsBehind(others: readonly Available[], context: Context): (first: Available) => Candidate[] {
  const { workload } = context;
  const groupOf = groupOfSecond(workload);
  return ({ place: first, share }) => {
    const down = 1 - share.share;
    const choices = others.flatMap((other): (SecondChoice & { linear: Float64Array })[] => {
      if (other.place.provider === first.provider) return [];
      const together = twoTogether(share, other.share, context);
      const linear = first.linear.map((usd, s) =>
        isAtLeast(together, workload.taskParts[s]?.needs.availability ?? 0)
          ? usd + down * (other.place.linear[s] as number)
          : Number.NaN,
      );
      const served = linear.filter((usd) => !Number.isNaN(usd));
      const usd = served.reduce((sum, one) => sum + one, other.place.fixed);
      return served.length === 0 ? [] : [{ place: other.place, taskParts: served.length, usd, linear }];
    });
    return bestSecondPlaces(choices, groupOf).map(
      ({ place, linear }): Candidate => ({
        ...first,
        linear,
        fixed: first.fixed + place.fixed,
        second: { role: 'failover', candidate: place },
      }),
    );
  };
}

/** Rows of machines, each with the best places behind it: what these add is the same for rows of one place and the same tasks. */
function withSeconds(
  group: RowGroup,
  apis: readonly Available[],
  behind: (first: Available) => Candidate[],
  context: Context,
  columns: TaskColumns,
): RowGroup {
  const places = [...new Set(apis.map(({ place }) => `${group.kind}+${place.kind}`))];
  const made = new Map<Candidate, PairedRow[]>();
  const pairsOf = (row: Row): PairedRow[] => {
    const place = row.candidate();
    const share = availabilityOf(place.option(), context);
    const pairs =
      made.get(place) ??
      (share === null ? [] : behind({ place, share }).map((pair) => new PairedRow(row, pair, columns)));
    made.set(place, pairs);
    return pairs;
  };
  const rowsOf = (rows: readonly Row[]): PairedRow[] => rows.flatMap(pairsOf);
  return {
    kind: group.kind,
    places,
    serves: group.serves,
    staffs: group.staffs,
    fewestUnits: group.fewestUnits,
    floorUsd: group.floorUsd,
    floorBelowApiUsd: Number.POSITIVE_INFINITY,
    rows: (belowUsd) => rowsOf(group.rows(belowUsd)),
    served: () => rowsOf(group.rows(Number.POSITIVE_INFINITY)).reduce((all, { serves }) => all | serves, 0),
    everyRow: (belowUsd) => rowsOf(group.everyRow(belowUsd)),
    confirm(row) {
      const { first, pair } = row as PairedRow;
      const exact = group.confirm(first);
      const second = pair.second?.candidate;
      return exact === null ? null : (rowsOf([exact]).find((one) => one.pair.second?.candidate === second) ?? null);
    },
  };
}

class PairedRow implements Row {
  readonly kind;
  readonly places: string;
  readonly serves: number;
  readonly #extraUsd: Float64Array;

  constructor(
    readonly first: Row,
    readonly pair: Candidate,
    readonly columns: TaskColumns,
  ) {
    const { kind, second, linear } = pair;
    this.kind = kind;
    this.places = `${kind}+${second?.candidate.kind}`;
    this.serves = servedBy(pair, columns) & first.serves;
    const alone = first.candidate().linear;
    this.#extraUsd = linear.map((usd, s) => (Number.isNaN(usd) ? 0 : usd - (alone[s] as number)));
  }

  get isExact(): boolean {
    return this.first.isExact;
  }

  get model() {
    return this.first.model;
  }

  get isOwned() {
    return this.first.isOwned;
  }

  get staff() {
    return this.first.staff;
  }

  least(into: Float64Array): void {
    this.first.least(into);
    for (let set = 1; set < into.length; set++) {
      if ((set & ~this.serves) !== 0) into[set] = Number.POSITIVE_INFINITY;
      else for (const s of this.columns.tasksIn(set)) into[set] = (into[set] as number) + (this.#extraUsd[s] as number);
    }
  }

  lookCloser(): boolean {
    return this.first.lookCloser();
  }

  undercuts(row: Row): boolean {
    const other = row as PairedRow;
    return (
      this.pair.second?.candidate === other.pair.second?.candidate &&
      (other.serves & ~this.serves) === 0 &&
      this.first.undercuts(other.first) &&
      this.columns.tasksIn(other.serves).every((s) => (this.#extraUsd[s] as number) <= (other.#extraUsd[s] as number))
    );
  }

  get order(): number {
    return this.first.order;
  }

  get billedShare(): number {
    return this.first.billedShare;
  }

  get upfrontUsd(): number {
    return this.first.upfrontUsd;
  }

  base(): null {
    return null;
  }

  candidate(): Candidate {
    return this.pair;
  }
}
