import { fteUsdPerMonth, type Staff, turnsDown, weeksPerYear } from '../cost/people.js';
import { type Candidate, dropDominated, leastCost, servedBy } from '../places/candidate.js';
import type { Context } from '../places/placement.js';
import { type Base, type Row, RowFront, type RowGroup } from '../places/row.js';
import type { TaskColumns } from '../places/task-columns.js';
import type { Kind } from '../tables/rows.js';
import { certainlyAbove, certainlyBelow } from '../units/float.js';
import { type Assignment, assignmentFte, ownsOnce, PeopleTable } from './assignment.js';
import { type CombineRule, combine, leastSums, type Visit } from './combine.js';
import { type CostClass, classesOf } from './cost-classes.js';
import { classOf, Fronts } from './fronts.js';
import { assignmentOf, isApi, type Met, type Part, PartTable, placesOf } from './parts.js';

/** Everything that may serve tasks: what is priced one by one, and rows of machines and workers. */
export type Offered = {
  columns: TaskColumns;
  candidates: readonly Candidate[];
  groups: readonly RowGroup[];
  /** Whether machines may leave what exceeds them to an API. */
  overflow: boolean;
  /** Tasks with targets on latency that are asked of rows. */
  timed: number;
};

export type PlanRule = {
  maxDeployments: number;
  /** Whether rules about whole plans (team and budget, say) can turn a plan down, and whether they let one through. */
  ruled: boolean;
  allows(assignment: Assignment): boolean;
};

type MayServe = (places: string, isOwned: boolean) => number;

/** Which plans are asked for. */
export type Scope = {
  /** Tasks, as a set, that kinds of place may serve: `self-hosted-cloud`, or two as `cloud-api+open-model-api`; on owned machines or not. */
  mayServe?: MayServe;
  /** The one kind of place that machines are looked at of. */
  only?: Kind;
  /** USD a month from which on plans do not matter. */
  below?: number;
  /** Rules about whole plans are not asked, but that what is owned is used once. */
  unruled?: boolean;
};

/**
 * Finds the cheapest way to serve tasks: every set of tasks on some deployment, at most so many of them. Exact: parts are left
 * out only where what they cost at the least, with the least that all other tasks cost, reaches the best plan that is known, or
 * where another part of their class serves the same tasks for less and asks no more of people.
 */
export class Assigner {
  readonly #sets: number;
  readonly #all: number;
  readonly #people: PeopleTable;
  readonly #parts: PartTable;
  readonly #pairs = new Map<Candidate, Map<Candidate, Candidate>>();
  readonly #servedKnown = new Map<RowGroup, number>();
  readonly #front = new RowFront((row, group) => this.#keyOf(row, group));
  readonly #keys = new Map<RowGroup, Map<string, Map<Staff, string>>>();
  /** Candidates that are priced one by one, of these the cheapest of every class and set. */
  readonly #candidates: readonly Candidate[];
  readonly #classes: readonly CostClass[];
  readonly #apis: readonly Candidate[];
  readonly #floors: readonly Floor[];
  readonly #bounds: Float64Array;
  /** Of every task what it costs on the cheapest API, and whether an API asks another price in one month than in another. */
  readonly #cheapestApiUsd: Float64Array;
  readonly #moves: boolean;

  constructor(
    readonly context: Context,
    readonly offered: Offered,
    readonly rule: PlanRule,
  ) {
    const { columns, candidates, groups } = offered;
    this.#all = columns.all;
    this.#sets = columns.all + 1;
    this.#people = new PeopleTable(context.workload);
    this.#candidates = dropDominated(candidates);
    this.#parts = new PartTable(this.#candidates, columns, this.#people, context.workload);
    this.#classes = classesOf(this.#candidates, columns, this.#people, (one) => this.#parts.placeOf(one));
    this.#apis = this.#candidates.filter(isApi);
    this.#bounds = new Float64Array(this.#sets);
    this.#cheapestApiUsd = new Float64Array(columns.count).fill(Number.POSITIVE_INFINITY);
    for (const { linear } of this.#apis)
      for (let s = 0; s < columns.count; s++)
        if ((linear[s] as number) < (this.#cheapestApiUsd[s] as number)) this.#cheapestApiUsd[s] = linear[s] as number;
    this.#moves = context.workload.growth.length > 1 && this.#apis.some(({ months }) => (months?.() ?? null) !== null);
    const isPaired = offered.overflow && this.#apis.length > 0 && rule.maxDeployments > 1;
    const others = new Map(
      [
        ...this.#candidates,
        ...groups.flatMap(({ kind, staffs }) => staffs.map((staff) => ({ kind, staff, provider: '', model: null }))),
      ].map((one) => [this.#people.classOf(one), this.#people.asking(one, 0, [])]),
    );
    this.#floors = groups
      .map((group) => {
        // Below an API there may be one machine.
        const units = isPaired ? Math.min(1, group.fewestUnits) : group.fewestUnits;
        // Of several tasks it may serve those that ask least of people.
        const served = this.#sets === 2 ? context.workload.taskParts.map((_, s) => s) : [];
        const ways = group.staffs.map((staff) =>
          this.#people.asking({ provider: '', staff, model: null }, units, served),
        );
        const alone = ways.map((asking) => ({ asking, ...this.#people.of([asking]) }));
        const besideUsd = Math.min(
          ...ways.flatMap((asking) => [...others.values()].map((other) => this.#people.of([asking, other]).sharedUsd)),
        );
        const usd = isPaired ? Math.min(group.floorUsd, group.floorBelowApiUsd) : group.floorUsd;
        const isTurnedDown = rule.ruled && alone.every((people) => turnsDown(people, 0, context.workload, 0));
        return {
          group,
          usd: usd + Math.min(...alone.map(({ asking, sharedUsd }) => asking.usd + sharedUsd)),
          peopleUsd: Math.min(...alone.map(({ sharedUsd }) => sharedUsd)),
          besideUsd,
          isTurnedDown,
        };
      })
      .sort((a, b) => a.usd - b.usd);
  }

  /** The cheapest plan; null where none costs less than what matters. */
  cheapest(scope: Scope = {}): Met | null {
    const { below = Number.POSITIVE_INFINITY } = scope;
    if (this.#sets > 2 && below === Number.POSITIVE_INFINITY) {
      // Where nothing bounds what machines may cost, few are looked at first.
      const kinds =
        scope.only === undefined ? this.#floors : this.#floors.filter(({ group }) => group.kind === scope.only);
      const floorUsd = kinds[0]?.usd ?? 0;
      for (let most = floorUsd * deeper; floorUsd > 0 && most < dearestUsd; most *= deeper) {
        const found = this.#cheapestBelow({ ...scope, below: most });
        if (found !== null) return found;
      }
    }
    return this.#cheapestBelow(scope);
  }

  #cheapestBelow(scope: Scope): Met | null {
    for (let more = 1; ; more *= 2) {
      const { best, rejectedUsd, open } = this.#cheapestAsKnown(scope, false);
      // What rules turned down may have stood for dearer parts that they let through.
      const isProven = rejectedUsd >= (best?.usd ?? Number.POSITIVE_INFINITY);
      const found = isProven
        ? best
        : (this.#cheapestAsKnown({ ...scope, ...(best && { below: best.usd }) }, true).best ?? best);
      if (found === null || !this.confirm(found)) return found;
      // Where the first rows miss their targets, more and more rows are checked at once, in the end those of all models.
      this.#confirmCheapest(more < rowsAtFirst ? open : this.#openBelow(scope), more * rowsAtFirst);
    }
  }

  /** Rows of all models within a scope whose targets on latency were not checked yet. */
  #openBelow({ below = Number.POSITIVE_INFINITY, only }: Scope): { row: Row; group: RowGroup }[] {
    return this.#floors.flatMap(({ group, usd, peopleUsd }) =>
      usd >= below || (only !== undefined && group.kind !== only)
        ? []
        : group.everyRow(below - peopleUsd).flatMap((row) => (row.isExact ? [] : { row, group })),
    );
  }

  /** Checks the targets on latency of the cheapest of some rows: a row counts by the task with a target that costs least there. */
  #confirmCheapest(rows: readonly { row: Row; group: RowGroup }[], most: number): void {
    const usdOf = (row: Row): number => {
      row.least(this.#bounds);
      let least = Number.POSITIVE_INFINITY;
      for (let set = 1; set < this.#sets; set *= 2)
        if ((set & this.offered.timed) !== 0) least = Math.min(least, this.#bounds[set] as number);
      return least;
    };
    const known = rows.map((one) => ({ ...one, usd: usdOf(one.row) }));
    this.#check(known.sort((a, b) => a.usd - b.usd).slice(0, most));
  }

  /** Checks the targets on latency of rows; what was known of their groups is forgotten. */
  #check(rows: readonly { row: Row; group: RowGroup }[]): void {
    for (const { row, group } of rows) group.confirm(row);
    const groups = new Set(rows.map((one) => one.group));
    this.#front.forget(groups);
    for (const group of groups) this.#servedKnown.delete(group);
  }

  /** Asks what targets on latency leave of the rows of a plan; whether there was any to ask. */
  confirm({ parts }: Met): boolean {
    const open = parts.flatMap((part) => part.open ?? []);
    this.#check(open);
    return open.length > 0;
  }

  /** The same plans under stricter limits: on people (FTE), and on how many deployments there are. */
  narrowed({ maxFte, maxDeployments }: { maxFte: number; maxDeployments: number }): Assigner {
    const { context, offered, rule } = this;
    const workload = { ...context.workload, rules: { ...context.workload.rules, maxFte } };
    const allows = (assignment: Assignment): boolean =>
      assignmentFte(assignment, workload) <= maxFte && (!rule.ruled || rule.allows(assignment));
    return new Assigner(
      { ...context, workload },
      { ...offered, candidates: this.#candidates },
      { ...rule, maxDeployments, ruled: true, allows },
    );
  }

  /** Bundles, as a set, that nothing of a kind may serve as a whole. */
  unserved(kind: Kind): number {
    let open = this.#all;
    const isOfKind = (places: string): boolean => places === kind || places === `${kind}+${kind}`;
    for (const candidate of this.#candidates)
      if (isOfKind(placesOf(candidate))) open &= ~servedBy(candidate, this.offered.columns);
    for (const { group } of this.#floors) {
      if (group.kind !== kind || open === 0) continue;
      for (const row of group.everyRow(Number.POSITIVE_INFINITY)) {
        if ((row.serves & open) === 0 || !isOfKind(row.places)) continue;
        const exact = row.isExact ? row : group.confirm(row);
        open &= ~(exact?.serves ?? 0);
        if (open === 0) break;
      }
    }
    return open;
  }

  /**
   * The cheapest plan as far as targets on latency were asked, and what the cheapest one costs that rules about whole plans turned
   * down.
   *
   * @param all no part is left out for one that costs less and asks no more of people
   */
  #cheapestAsKnown(
    { mayServe = () => this.#all, below = Number.POSITIVE_INFINITY, unruled = false, only }: Scope,
    all: boolean,
  ): { best: Met | null; rejectedUsd: number; open: Reached[] } {
    const ruled = this.rule.ruled && !unruled;
    const allows = (met: Met): boolean => {
      if (met.parts.some(({ open }) => open !== null)) return true;
      return unruled ? ownsOnce(assignmentOf(met)) : this.rule.allows(assignmentOf(met));
    };
    let best: Met | null = null;
    let rejectedUsd = Number.POSITIVE_INFINITY;
    let limit = below;
    const visit = (parts: readonly Part[], usd: number, isEqual = false): number => {
      if (isEqual ? usd > limit : usd >= limit) return limit;
      const met = { parts: [...parts], usd };
      if (!this.rule.ruled || allows(met)) {
        best = met;
        limit = usd;
      } else rejectedUsd = Math.min(rejectedUsd, usd);
      return limit;
    };
    const lists: Part[][] = Array.from({ length: this.#sets }, () => []);
    const reached: Reached[] = [];
    const result = () => ({ best, rejectedUsd, open: reached.filter(({ row }) => !row.isExact) });
    if (this.#sets > 2 && (this.#all & ~this.#servedIn(mayServe)) !== 0) return result();
    // What is priced one by one comes first: it bounds what machines may cost.
    const leastUsd = new Float64Array(this.#sets).fill(Number.POSITIVE_INFINITY);
    const listed = all
      ? this.#candidates.map((candidate) => ({ places: placesOf(candidate), candidate }))
      : this.#classes;
    for (const one of listed) {
      const may = mayServe(one.places, false);
      for (let set = 1; set < this.#sets; set++) {
        if ((set & ~may) !== 0) continue;
        const candidate = 'best' in one ? one.best[set] : one.candidate;
        if (candidate === undefined) continue;
        const part = this.#parts.of(candidate, set, null);
        if (part === null) continue;
        lists[set]?.push(part);
        leastUsd[set] = Math.min(leastUsd[set] as number, part.usd);
      }
    }
    combine(lists, limit, this.#combineRule(ruled), visit);
    const bars = new Float64Array(this.#sets).fill(Number.POSITIVE_INFINITY);
    if (!ruled)
      for (const list of lists)
        for (const part of list)
          if (part.deployments === 1)
            bars[part.set] = Math.min(bars[part.set] as number, part.usd + this.#marginUsd(part));

    if (this.#sets === 2) {
      this.#oneTask(mayServe, limit, ruled, visit);
      return result();
    }
    // Of every class of machines and set of tasks the row that costs least at the least.
    const firsts = new Map<string, { usd: Float64Array; rows: (Reached | undefined)[] }>();
    const own = new Float64Array(this.#sets);
    for (const { group, peopleUsd, besideUsd, pairs, rows } of this.#rowsBelow(() => limit, ruled, only, mayServe)) {
      let first: Reached | null = null;
      let firstUsd = Number.POSITIVE_INFINITY;
      for (const row of rows) {
        const may = mayServe(row.places, row.isOwned) & row.serves;
        const base = pairs.length === 0 ? null : row.base();
        if ((may === 0 && base === null) || !this.#front.has(row, group)) continue;
        row.least(own);
        const one: Reached = { row, group, may, peopleUsd, besideUsd, pairs: base === null ? [] : pairs };
        reached.push(one);
        const { usd, rows: least } = this.#firstOf(firsts, row, group);
        for (let set = 1; set < this.#sets; set++) {
          if (base !== null && (set & ~row.serves) === 0)
            leastUsd[set] = Math.min(leastUsd[set] as number, this.#leastBelowApi(base, set));
          if ((set & ~may) !== 0) continue;
          const atLeast = own[set] as number;
          if (atLeast < (leastUsd[set] as number)) leastUsd[set] = atLeast;
          if (atLeast < (usd[set] as number)) {
            usd[set] = atLeast;
            least[set] = one;
          }
        }
        if ((this.#all & ~may) === 0 && (own[this.#all] as number) < firstUsd) {
          first = one;
          firstUsd = own[this.#all] as number;
        }
      }
      // What serves everything bounds what others may cost.
      if (first === null || firstUsd + peopleUsd >= limit) continue;
      const part = this.#parts.of(first.row.candidate(), this.#all, first.row.isExact ? null : first);
      if (part !== null) this.#tryAlone(part, limit, ruled, visit);
    }
    if (!all) {
      for (const { rows: least } of firsts.values()) {
        for (let set = 1; set < this.#sets; set++) {
          const one = least[set];
          if (one === undefined) continue;
          const part = this.#parts.of(one.row.candidate(), set, one.row.isExact ? null : one);
          if (part === null) continue;
          lists[set]?.push(part);
          // What rules turn down stands for nothing.
          if (!ruled && part.deployments === 1)
            bars[set] = Math.min(bars[set] as number, part.usd + this.#marginUsd(part));
        }
      }
      combine(lists, limit, this.#combineRule(ruled), visit);
    }
    const rest = leastSums(leastUsd, this.rule.maxDeployments);
    const others = (set: number, used: number): number =>
      (rest[this.rule.maxDeployments - used]?.[this.#all ^ set] as number) ?? Number.POSITIVE_INFINITY;
    const { budgetMonthlyUsd, budgetUpfrontUsd } = this.context.workload.rules;
    const fronts = new Fronts(this.#sets, ruled && budgetMonthlyUsd !== null, ruled && budgetUpfrontUsd !== null);
    for (const one of reached) {
      const { row, group, may, peopleUsd, besideUsd, pairs } = one;
      const key = this.#keyOf(row, group);
      row.least(own);
      for (let set = 1; set < this.#sets; set++) {
        if ((set & ~may) === 0) {
          const atLeast = own[set] as number;
          if (
            atLeast + (set === this.#all ? peopleUsd : besideUsd) + others(set, 1) < limit &&
            atLeast < (bars[set] as number)
          ) {
            const part =
              !all && fronts.isBeaten(key, row, set, atLeast, group.fewestUnits * row.staff.sites)
                ? null
                : this.#parts.of(row.candidate(), set, row.isExact ? null : one);
            if (part !== null) fronts.put(key, part, part.asking.machines, all);
          }
        }
        if (pairs.length > 0 && (set & ~row.serves) === 0)
          for (const part of this.#pairParts(
            one,
            set,
            Math.min(limit - peopleUsd - others(set, 2), bars[set] as number),
          ))
            fronts.put(`${key} ${placesOf(part.candidate)}`, part, part.asking.machines, all);
      }
    }
    for (const part of fronts.all()) lists[part.set]?.push(part);
    combine(
      lists.map((list) => [...new Set(list)]),
      limit,
      this.#combineRule(ruled),
      visit,
    );
    return result();
  }

  /** Machines with their rows that may be in a plan below a limit, which may fall on the way. */
  *#rowsBelow(limit: () => number, ruled: boolean, only: Kind | undefined, mayServe: MayServe): Generator<RowsOfGroup> {
    for (const { group, usd, peopleUsd, besideUsd, isTurnedDown } of this.#floors) {
      if (usd >= limit()) break;
      if ((ruled && isTurnedDown) || (only !== undefined && group.kind !== only)) continue;
      const pairs = this.#overflowPlaces(group.kind, mayServe);
      if (pairs.length === 0 && !isAllowed(group, mayServe)) continue;
      yield { group, peopleUsd, besideUsd, pairs, rows: group.rows(limit() - peopleUsd) };
    }
  }

  /** Tasks that something may serve, as far as targets on latency were asked. */
  #servedIn(mayServe: MayServe): number {
    let served = 0;
    for (const candidate of this.#candidates)
      served |= mayServe(placesOf(candidate), candidate.owns !== null) & servedBy(candidate, this.offered.columns);
    for (const { group } of this.#floors) {
      const open = this.#all & ~served;
      if (open === 0) break;
      const pairs = this.#overflowPlaces(group.kind, mayServe).reduce((all, { may }) => all | may, 0);
      const may = group.serves & group.places.reduce((all, places) => all | mayServe(places, true), pairs);
      if ((open & may) !== 0) served |= may & this.#servedByRows(group);
    }
    return served;
  }

  /** Tasks that some row of a group serves: known from then on, unless less is left of its rows. */
  #servedByRows(group: RowGroup): number {
    const known = this.#servedKnown.get(group) ?? group.served();
    this.#servedKnown.set(group, known);
    return known;
  }

  /** One task: machines in the order of what they cost at the least; targets on latency are asked of the cheapest alone. */
  #oneTask(mayServe: MayServe, below: number, ruled: boolean, visit: Visit): void {
    let limit = below;
    const placeOf = new Map(this.#floors.map(({ group }, place) => [group, place]));
    /** Place of the best row, where it is one: of what costs the same, the first is taken. */
    let first: readonly [floor: number, row: number] | null = null;
    const attempt = (part: Part | null, one?: Reached): void => {
      if (part === null) return;
      const order = one === undefined ? null : ([placeOf.get(one.group) ?? 0, one.row.order] as const);
      const usd = part.usd + this.#people.of([part.asking]).sharedUsd;
      const comesFirst = order !== null && first !== null && (order[0] - first[0] || order[1] - first[1]) < 0;
      if (usd > limit || (usd === limit && !comesFirst)) return;
      const before = limit;
      limit = Math.min(limit, this.#tryAlone(part, limit, ruled, visit, comesFirst));
      if (limit < before || usd === before) first = order;
    };
    const withPairs = (one: Reached): void => {
      if ((1 & one.may) === 1) attempt(this.#parts.of(one.row.candidate(), 1, null), one);
      for (const part of this.#pairParts(one, 1, limit - one.peopleUsd)) attempt(part);
    };
    const reachedIn = (floor: Floor, all: boolean): (Reached & { usd: number })[] => {
      const { group, peopleUsd, besideUsd } = floor;
      const pairs = this.#overflowPlaces(group.kind, mayServe);
      if (pairs.length === 0 && !isAllowed(group, mayServe)) return [];
      const rows = all ? group.everyRow(limit - peopleUsd) : group.rows(limit - peopleUsd);
      return rows.flatMap((row): (Reached & { usd: number })[] => {
        const may = mayServe(row.places, row.isOwned) & row.serves;
        if (may === 0 && pairs.length === 0) return [];
        row.least(this.#bounds);
        return [{ row, group, may, peopleUsd, besideUsd, pairs, usd: (this.#bounds[1] as number) + peopleUsd }];
      });
    };
    const confirmed = (one: Reached): void => {
      // Targets on latency only add machines and people.
      if (ruled && one.pairs.length === 0 && this.#isTurnedDown(this.#parts.of(one.row.candidate(), 1, one))) return;
      const row = one.group.confirm(one.row);
      if (row !== null) withPairs({ ...one, row });
    };
    const floors = this.#floors.filter(({ isTurnedDown }) => !(ruled && isTurnedDown));
    const open: Floor[] = [];
    for (const floor of floors) {
      if (floor.usd >= limit) break;
      const here = reachedIn(floor, false);
      const exact = here.filter(({ row }) => row.isExact).sort((a, b) => a.usd - b.usd);
      for (const one of exact) {
        if (one.usd > limit) break;
        if ((1 & one.may) === 1) attempt(this.#parts.of(one.row.candidate(), 1, null), one);
      }
      for (const one of exact) for (const part of this.#pairParts(one, 1, limit - one.peopleUsd)) attempt(part);
      if (exact.length === here.length) continue;
      open.push(floor);
      // A first plan bounds what others may cost.
      const [first] = here.filter(({ row }) => !row.isExact).sort((a, b) => a.usd - b.usd);
      if (first !== undefined && first.usd < limit / 2) confirmed(first);
    }
    const left = open.flatMap((floor) => (floor.usd >= limit ? [] : reachedIn(floor, true)));
    for (const one of left.sort((a, b) => a.usd - b.usd)) {
      if (one.usd > limit && one.pairs.length === 0) break;
      if (one.usd <= limit || this.#mayBeBelowApi(one, limit - one.peopleUsd)) confirmed(one);
    }
  }

  /** A plan of one part; the limit from then on. */
  #tryAlone(part: Part, limit: number, ruled: boolean, visit: Visit, isEqual = false): number {
    const people = this.#people.of([part.asking]);
    const usd = part.usd + people.sharedUsd;
    if ((isEqual ? usd > limit : usd >= limit) || part.deployments > this.rule.maxDeployments) return limit;
    if (ruled && this.#isTurnedDown(part)) return limit;
    return visit([part], usd, isEqual);
  }

  /** Whether rules about people and money turn down any plan with a part. */
  #isTurnedDown(part: Part | null): boolean {
    if (part === null) return true;
    return turnsDown(this.#people.of([part.asking]), part.billedUsd, this.context.workload, part.upfrontUsd);
  }

  #combineRule(ruled: boolean): CombineRule {
    return { most: this.rule.maxDeployments, ruled, people: this.#people, workload: this.context.workload };
  }

  /** The most that a part may add to what deployments of a plan share of people. */
  #marginUsd({ asking, candidate }: Part): number {
    // What boxes at desks serve makes servers of all of them.
    if (candidate.staff.site === 'fteDeskBox') return Number.POSITIVE_INFINITY;
    const { workload } = this.context;
    const { assume } = workload;
    const isFleet = candidate.staff.share > 0 || candidate.staff.site !== null;
    // With others beside it: all that is once for machines, each fleet one more, a model, a provider, machines that double theirs.
    const fte =
      (isFleet ? assume('fteOwnWeightsBase') + assume('fteOnCall') : 0) +
      (isFleet ? this.rule.maxDeployments * assume('ftePerFleet') : 0) +
      assume('ftePerModel') +
      assume('fteApi');
    const doublings = Math.log2(1 + asking.machines / assume('setupMachinesFrom'));
    const weeks = doublings * assume('setupPerDoubling') * (workload.team.isLearning ? assume('learningFactor') : 1);
    return (
      this.#people.of([asking]).sharedUsd +
      fteUsdPerMonth(fte, workload) +
      ((weeks / weeksPerYear) * workload.team.yearlyCostUsd) / workload.months
    );
  }

  /** Kinds of API that machines of a kind may leave their peaks to, with the tasks that the two may serve together. */
  #overflowPlaces(kind: Kind, mayServe: MayServe): { api: Kind; may: number }[] {
    if (!this.offered.overflow || this.rule.maxDeployments < 2) return [];
    return [...new Set(this.#apis.map((api) => api.kind))]
      .map((api) => ({ api, may: mayServe(`${kind}+${api}`, false) }))
      .filter(({ may }) => may !== 0);
  }

  /** A row below the APIs that are cheapest above it, where the pair costs less than either alone and than a limit. */
  #pairParts(one: Reached, set: number, limit: number): Part[] {
    const { row, group, pairs } = one;
    if (pairs.length === 0 || group.floorBelowApiUsd >= limit || (set & ~row.serves) !== 0) return [];
    const base = row.base();
    if (base === null || this.#leastBelowApi(base, set) >= limit) return [];
    const { workload } = this.context;
    const tasks = this.offered.columns.tasksIn(set);
    const [first] = tasks as [number];
    if (tasks.some((s) => workload.taskParts[s]?.scales !== workload.taskParts[first]?.scales)) return [];
    const own = row.candidate();
    if (own.fleet === null || own.fleet.followsHours || own.fleet.beyondOwned !== null) return [];
    const found: Part[] = [];
    for (const { api, usd } of this.#apisAbove(pairs, set)) {
      // What rules turn down stands for nothing.
      const { ruled } = this.rule;
      const most = ruled ? limit : Math.min(limit, usd);
      if (this.#leastBelowApi(base, set) >= most) continue;
      const both = this.#pairOf(own, api);
      if (leastCost(both, tasks, workload) >= most * certainlyAbove) continue;
      const part = this.#parts.of(both, set, row.isExact ? null : { row, group });
      if (part === null || part.usd >= most) continue;
      const alone = this.#parts.of(own, set, null);
      if (alone !== null && (ruled || part.usd < alone.usd)) found.push(part);
    }
    return found;
  }

  /** Whether the one task may cost less than a limit on a row below an API, and less than on that API alone. */
  #mayBeBelowApi({ row, group, pairs }: Reached, limit: number): boolean {
    const base = pairs.length === 0 || group.floorBelowApiUsd >= limit ? null : row.base();
    if (base === null) return false;
    const least = this.#leastBelowApi(base, 1);
    if (least >= limit) return false;
    return this.rule.ruled || this.#apisAbove(pairs, 1).some(({ usd }) => least < usd);
  }

  /** What machines with any API above them cost at the least for a set of tasks. */
  #leastBelowApi({ linearUsd, workUsd, unitUsd, fixedUsd }: Base, set: number): number {
    let linear = 0;
    let work = 0;
    for (const s of this.offered.columns.tasksIn(set)) {
      const own = linearUsd[s] as number;
      linear += own;
      // What one task would save at the API counts against what another would cost more there; prices may move in a month.
      work += this.#moves
        ? Math.min(0, (this.#cheapestApiUsd[s] as number) - own)
        : Math.min(workUsd[s] as number, (this.#cheapestApiUsd[s] as number) - own);
    }
    return (fixedUsd + linear + Math.max(work, unitUsd)) * certainlyBelow;
  }

  /**
   * The cheapest APIs for a set of tasks: of each kind, or of each provider where a plan has room for more than the pair, as it may
   * use one already.
   */
  #apisAbove(pairs: Reached['pairs'], set: number): { api: Candidate; usd: number }[] {
    const isWhole = this.#sets === 2 || this.rule.maxDeployments <= 2;
    const byGroup = new Map<string, { api: Candidate; usd: number; place: number }>();
    for (const { places, usd, best } of this.#classes) {
      const api = best[set];
      const pair = pairs.find((one) => one.api === places);
      if (api === undefined || pair === undefined || (set & ~pair.may) !== 0) continue;
      const key = isWhole ? places : `${places} ${api.provider}`;
      const known = byGroup.get(key);
      const place = this.#parts.placeOf(api);
      const one = { api, usd: usd[set] as number, place };
      if (known === undefined || one.usd < known.usd || (one.usd === known.usd && place < known.place))
        byGroup.set(key, one);
    }
    return [...byGroup.values()];
  }

  #pairOf(own: Candidate, api: Candidate): Candidate {
    const known = this.#pairs.get(own) ?? new Map<Candidate, Candidate>();
    this.#pairs.set(own, known);
    let pair = known.get(api);
    if (pair === undefined) {
      pair = {
        ...own,
        fixed: own.fixed + api.fixed,
        linear: own.linear.map((usd, s) => (Number.isNaN(api.linear[s] as number) ? Number.NaN : usd)),
        fleet: own.fleet && { ...own.fleet, min: 1, spare: 0, spareShare: 0 },
        second: { role: 'overflow', candidate: api },
      };
      known.set(api, pair);
    }
    return pair;
  }

  #keyOf(row: Row, group: RowGroup): string {
    const known = this.#keys.get(group) ?? new Map<string, Map<Staff, string>>();
    this.#keys.set(group, known);
    const { staff } = row;
    const key = known.get(row.places)?.get(staff) ?? classOf(row);
    known.set(row.places, (known.get(row.places) ?? new Map<Staff, string>()).set(staff, key));
    return key;
  }

  /** Of a class of rows the first for every set of tasks. */
  #firstOf(
    firsts: Map<string, { usd: Float64Array; rows: (Reached | undefined)[] }>,
    row: Row,
    group: RowGroup,
  ): { usd: Float64Array; rows: (Reached | undefined)[] } {
    const key = this.#keyOf(row, group);
    let first = firsts.get(key);
    if (first === undefined) {
      first = { usd: new Float64Array(this.#sets).fill(Number.POSITIVE_INFINITY), rows: [] };
      firsts.set(key, first);
    }
    return first;
  }
}

/** Times as dear as the cheapest machine, and again, that a plan may be at first; beyond the last anything may be. */
const deeper = 6;
const dearestUsd = 1e9;

/** Rows whose targets on latency are asked at once, where those of a plan were missed. */
const rowsAtFirst = 8;

/** What rows of a group cost at the least, people included and alone, and whether rules turn down even its people. */
type Floor = PeopleUsd & { group: RowGroup; usd: number; isTurnedDown: boolean };

/** A machine with some of its rows, and what they may leave to an API. */
type RowsOfGroup = PeopleUsd & { group: RowGroup; rows: readonly Row[]; pairs: Reached['pairs'] };

/** Whether any row of a group may serve a task, whatever it costs: else none of them is made. */
const isAllowed = ({ places, serves }: RowGroup, mayServe: MayServe): boolean =>
  places.some((one) => ((mayServe(one, false) | mayServe(one, true)) & serves) !== 0);

/** What people of a plan cost at the least with this alone, and with anything else beside it (USD a month). */
type PeopleUsd = { peopleUsd: number; besideUsd: number };

/** A row that is looked at, with the tasks that it may serve and what its people cost at the least (USD a month). */
type Reached = PeopleUsd & { row: Row; group: RowGroup; may: number; pairs: { api: Kind; may: number }[] };
