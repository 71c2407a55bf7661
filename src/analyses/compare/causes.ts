import { kindsByTask } from '../../decide/choice.js';
import { advisedIn } from '../../decide/core-choice.js';
import { optionsOf, type Plan, placeWords, planKey } from '../../decide/plan.js';
import { askedRow } from '../../decide/shortlist.js';
import type { Context } from '../../places/placement.js';
import { catalogTables } from '../../tables/columns.js';
import { rowName } from '../../tables/query.js';
import type { Origin, Prose, Tables } from '../../tables/tables.js';
import { percentChange } from '../../units/amount.js';
import { rounded, roundedOrNull } from '../../units/numeric.js';
import { withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import type { Workload } from '../../workload/workload.js';
import type { Subject } from '../flips/inputs.js';
import {
  type Cause,
  changeGroup,
  changesBelow,
  type InputChange,
  inputChanges,
  type PlanCost,
  scenarioWith,
} from './comparison.js';
import { changeKey, laterOf, type RowChange, rowChanges, tablesWith } from './moved.js';
import type { Decided } from './read-result.js';

/** A decision, and its case where it can be computed again. */
export type Asked = { decision: Decided; context: Context | null };

type OnSide = PlanCost['before'];

/** Costs on both sides of the advised plans, the best of each type and requested ids; advised first. */
export function planCosts(before: Asked, after: Asked): PlanCost[] {
  const roles = [rolesOf(before.decision), rolesOf(after.decision)] as const;
  // A plan in both is called as it is in the later one.
  const ids = new Map([...roles[0], ...roles[1]].map(([key, { plan }]) => [key, plan]));
  const costs = [...ids.values()].map((plan): PlanCost => {
    const [old, now] = [onSide(plan, before, roles[0]), onSide(plan, after, roles[1])];
    const both = old.monthlyCost !== null && now.monthlyCost !== null;
    return {
      plan,
      label: labelOf(plan, after) ?? labelOf(plan, before) ?? plan,
      before: old,
      after: now,
      change: both ? rounded((now.monthlyCost as number) - (old.monthlyCost as number)) : null,
      percent: both ? roundedOrNull(percentChange(old.monthlyCost as number, now.monthlyCost as number)) : null,
    };
  });
  const rank = ({ before: old, after: now }: PlanCost): number =>
    Number(old.as === advised) + Number(now.as === advised);
  return costs.sort((a, b) => rank(b) - rank(a));
}

const advised = 'advised';

type Roles = ReadonlyMap<string, { plan: string; as: string | null }>;

/** Plans of a decision by key, with their roles; none for those only requested. */
function rolesOf({ recommendation, scorecard, asked }: Decided): Roles {
  const own = asked.map(({ id }) => ({ plan: id, as: null }));
  const best = scorecard.flatMap(({ kind, option }) => (option === null ? [] : [{ plan: option, as: kind }]));
  const { plan } = recommendation;
  // The plan advised may be the best of its kind too.
  const all = [...own, ...best, ...(plan === null ? [] : [{ plan, as: advised }])];
  return new Map(all.map((role) => [planKey(role.plan), role]));
}

function onSide(plan: string, { decision, context }: Asked, roles: Roles): OnSide {
  const key = planKey(plan);
  const as = roles.get(key)?.as ?? null;
  const { recommendation, scorecard, options, asked } = decision;
  const isIt = (id: string | null): boolean => id !== null && planKey(id) === key;
  if (isIt(recommendation.plan)) return { monthlyCost: recommendation.monthlyCost, feasible: true, as };
  const known =
    scorecard.find(({ option }) => isIt(option)) ??
    [...options, ...asked].find(({ id }) => isIt(id)) ??
    (context === null ? undefined : askedRow(plan, null, context));
  return { monthlyCost: known?.monthlyCost ?? null, feasible: known?.feasible ?? false, as };
}

function labelOf(plan: string, { decision, context }: Asked): string | null {
  const { recommendation, pareto, options } = decision;
  if (recommendation.plan === plan) return recommendation.label;
  const listed = pareto.find((one) => one.plan === plan)?.label;
  if (listed !== undefined) return listed;
  const option = options.find(({ id }) => id === plan);
  if (option !== undefined && context === null)
    return option.names === undefined ? option.id : placeWords({ ...option, names: option.names });
  return context === null ? null : askedRow(plan, null, context).label;
}

/** A side whose decision can be made again on other inputs. */
export type Judged = Subject;

type Explained = { causes: Cause[]; proof: 'decided' | 'listed' | null };

/** What is taken over from the later side. */
type Taken = { groups: ReadonlySet<string>; rows: ReadonlySet<string> };

/**
 * Which changes explain another deployment type: the fewest found that give the later advice when the earlier side
 * takes them over, on the later catalog and day; prices alone before inputs. Other differences of the later catalog are
 * added where needed. None can be left out, nor those of one map together, unless `compareDecisions` ran out first.
 * Changed rows are searched in the advised plans met, so a few decisions cover thousands of rows.
 *
 * @param progress called with the number of decisions made
 */
export function causesOf(before: Judged, after: Judged, progress: (decisions: number) => void = () => {}): Explained {
  const asOf = after.context.workload.asOf;
  const changes = rowChanges(before.list, after.list);
  const inputs = inputChanges(before.read.tree, after.read.tree);
  const groupOf = (change: InputChange): string => changeGroup(change, before.read.tree, after.read.tree);
  const allGroups = new Set(inputs.map(groupOf));
  const most = after.context.workload.assume('compareDecisions');
  let decisions = 0;

  const caseWith = ({ groups, rows }: Taken, base?: Tables): Context | null => {
    const list = tablesWith(before.list, after.list, rows, base);
    const read = groups.size === 0 ? before.read : scenarioWith(before.read, after.read, groups, list, asOf);
    if (read === null) return null;
    const { tables } = withScenarioPrices(read, list, after.prose);
    return { workload: resolve(read, tables, asOf), tables };
  };
  const advise = (taken: Taken, base?: Tables): Plan | null | undefined => {
    if (decisions >= most) return undefined;
    progress(++decisions);
    const context = caseWith(taken, base);
    return context === null ? undefined : advisedIn(context);
  };
  const shared = sharedTasks(before.context.workload, after.context.workload);
  const [from, to] = [advisedIn(before.context), advisedIn(after.context)];
  const wanted = adviceFor(shared, to);
  const gives = (taken: Taken): boolean => {
    const plan = advise(taken);
    return plan !== undefined && adviceFor(shared, plan) === wanted;
  };

  /** Changed rows of each plan met, first of those advised on the two sides. */
  const met = new Set([...changedRows(to, after.context.tables), ...changedRows(from, before.context.tables)]);
  const meets = (taken: Taken): boolean => {
    const plan = advise(taken);
    if (plan === undefined) return false;
    if (adviceFor(shared, plan) === wanted) return true;
    for (const key of changedRows(plan, tablesWith(before.list, after.list, taken.rows))) met.add(key);
    return false;
  };

  const none: ReadonlySet<string> = new Set();
  const found = firstThatMeets({ groups: none, rows: none }) ?? (isOfPricesAlone() ? grown(none) : ofInputs());
  if (found === null) return listed();
  const taken = withoutSpare(found);
  const causes = causesIn(taken);
  return causes.length === 0 ? listed() : { causes, proof: 'decided' };

  function firstThatMeets(taken: Taken): Taken | null {
    return meets(taken) ? taken : null;
  }

  /** Whether prices alone give the later advice, so that no input is to blame. */
  function isOfPricesAlone(): boolean {
    return allGroups.size > 0 && changes.size > 0 && gives({ groups: none, rows: new Set(changes.keys()) });
  }

  function ofInputs(): Taken | null {
    const inputsAlone = allGroups.size > 0 ? firstThatMeets({ groups: allGroups, rows: none }) : null;
    return inputsAlone ?? grown(allGroups);
  }

  /** Takes over rows of the plans met up to the later advice; else all changed rows. */
  function grown(groups: ReadonlySet<string>): Taken | null {
    const rows = new Set<string>();
    for (;;) {
      const isNew = (key: string): boolean => !rows.has(key);
      const some = [...met].filter(isNew);
      const more = some.length > 0 ? some : [...changes.keys()].filter(isNew);
      if (more.length === 0) return null;
      for (const key of more) rows.add(key);
      const state = { groups, rows: new Set(rows) };
      if (meets(state)) return state;
    }
  }

  /**
   * Removes what the advice does not need: rows by halves and smaller parts, all inputs of a map at once, then each,
   * since one input alone may leave no scenario. One may be spare only once another is left out.
   */
  function withoutSpare(all: Taken): Taken {
    let kept = all;
    const tryWithout = (less: Taken): void => {
      // Taking nothing over was tried first, and does not suffice.
      if (sizeOf(less) > 0 && gives(less)) kept = less;
    };
    for (const some of parts([...all.rows]))
      if (some.some((key) => kept.rows.has(key))) tryWithout({ ...kept, rows: minus(kept.rows, some) });
    for (const some of changesBelow(inputs)) {
      const together = [...new Set(some.map(groupOf))].filter((group) => kept.groups.has(group));
      if (together.length > 1) tryWithout({ ...kept, groups: minus(kept.groups, together) });
    }
    for (const group of kept.groups) tryWithout({ ...kept, groups: minus(kept.groups, [group]) });
    return kept === all || sizeOf(kept) < 2 ? kept : withoutSpare(kept);
  }

  /** Rows of a plan that are not the same on both sides. */
  function changedRows(plan: Plan | null, tables: Tables): string[] {
    const origins = (plan?.deployments ?? [])
      .flatMap(optionsOf)
      .flatMap(({ api, fleet }): Origin[] => [
        ...(api === null ? [] : [{ table: 'api' as const, row: api.row }]),
        ...(fleet === null ? [] : [fleet.offer.row]),
      ]);
    const keys = origins.flatMap(({ table, row }) => {
      const found = (tables[table] as readonly { row: number }[]).find((one) => one.row === row);
      return found === undefined ? [] : [changeKey({ table, name: rowName(table, found) })];
    });
    return [...new Set(keys)].filter((key) => changes.has(key));
  }

  function causesIn({ groups, rows }: Taken): Cause[] {
    return [
      ...inputs.filter((change) => groups.has(groupOf(change))).map(inputCause),
      ...[...rows].flatMap((key) => priceCause(changes.get(key) as RowChange, before, after)),
      ...(groups.size + rows.size === 0 ? baseCauses() : asksForCatalog({ groups, rows }) ? ofCatalog() : []),
    ];
  }

  /** Whether these changes give the later advice on the later catalog alone, not on the earlier one. */
  function asksForCatalog(taken: Taken): boolean {
    if (laterOf(before.list, after.list) !== after.list || ofCatalog().length === 0) return false;
    const plan = advise(taken, before.list);
    return plan !== undefined && adviceFor(shared, plan) !== wanted;
  }

  function ofCatalog(): Cause[] {
    return catalogCauses({ judged: before, advised: from }, { judged: after, advised: to });
  }

  /** Nothing was taken over: differences of the catalogs, or else the day. */
  function baseCauses(): Cause[] {
    const found = ofCatalog();
    return found.length > 0 ? found : dayCause(before, after);
  }

  /** What moved of the plans advised, without proof that it suffices. */
  function listed(): Explained {
    const keys = new Set([...changedRows(from, before.context.tables), ...changedRows(to, after.context.tables)]);
    const causes = [
      ...inputs.map(inputCause),
      ...[...keys].map((key) => priceCause(changes.get(key) as RowChange, before, after)),
      ...ofCatalog(),
      ...dayCause(before, after),
    ];
    return { causes, proof: causes.length === 0 ? null : 'listed' };
  }
}

const sizeOf = ({ groups, rows }: Taken): number => groups.size + rows.size;

const minus = (all: ReadonlySet<string>, some: readonly string[]): Set<string> =>
  new Set([...all].filter((each) => !some.includes(each)));

/** A list in halves, in quarters and so on, down to each. */
function parts<Each>(all: readonly Each[]): Each[][] {
  const found: Each[][] = [];
  for (let size = Math.ceil(all.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let start = 0; start < all.length; start += size) found.push(all.slice(start, start + size));
  return found;
}

/** Tasks that both sides have: what serves the others moves no advice. */
function sharedTasks(one: Workload, other: Workload): ReadonlySet<string> {
  const others = new Set(other.taskParts.map(({ task }) => task));
  return new Set(one.taskParts.flatMap(({ task }) => (others.has(task) ? [task] : [])));
}

/** Deployment types of some tasks; for none (all renamed) those of the whole plan. */
function adviceFor(tasks: ReadonlySet<string>, plan: Plan | null): string {
  if (plan === null) return '';
  const { deployments } = plan;
  if (tasks.size === 0) return [...new Set(deployments.flatMap(optionsOf).map(({ kind }) => kind))].sort().join();
  return kindsByTask({
    deployments: deployments.map((one) => ({ ...one, taskParts: one.taskParts.filter(({ task }) => tasks.has(task)) })),
  });
}

const inputCause = ({ steps, before, after }: InputChange): Cause => ({
  what: 'input',
  table: null,
  name: steps.join('.'),
  change: before === null ? 'added' : after === null ? 'removed' : 'changed',
  figures: [{ figure: steps.at(-1) ?? '', before, after }],
  source: null,
  date: null,
});

function priceCause({ table, name, change, figures, at }: RowChange, before: Judged, after: Judged): Cause {
  const prose: Prose = (at.side === 'after' ? after : before).prose;
  const { source, date } = prose({ table, row: at.row });
  return { what: 'price', table, name, change, figures, source, date };
}

/** Tables with rows on one model or card; they affect only plans that use it. */
const ofOneThing: ReadonlySet<string> = new Set(['models', 'capability', 'accelerators']);

/**
 * Differences of the catalogs: rows with other cells, and rows of the later plan that the earlier catalog lacks. Of
 * models and cards those that an advised plan uses, if any.
 */
function catalogCauses(before: Side, after: Side): Cause[] {
  const late = laterOf(before.judged.list, after.judged.list) === after.judged.list ? after : before;
  const [added, used] = [standsOn([late.advised]), standsOn([before.advised, after.advised])];
  const moved = [...rowChanges(before.judged.list, after.judged.list, catalogTables)].filter(
    ([key, { change }]) => change === 'changed' || added.has(key),
  );
  const near = moved.filter(([key, { table }]) => !ofOneThing.has(table) || used.has(key));
  return (near.length > 0 ? near : moved).map(([, change]) => ({
    ...priceCause(change, before.judged, after.judged),
    what: 'catalog',
  }));
}

/** One side, and what is advised on it. */
type Side = { judged: Judged; advised: Plan | null };

/** Rows of the catalog about the models and cards of plans. */
const standsOn = (plans: readonly (Plan | null)[]): ReadonlySet<string> =>
  new Set(
    plans
      .flatMap((plan) => plan?.deployments ?? [])
      .flatMap(optionsOf)
      .flatMap(({ family, hardware }) => [
        ...(['models', 'capability'] as const).map((table) => changeKey({ table, name: family })),
        ...(hardware === null ? [] : [changeKey({ table: 'accelerators', name: hardware })]),
      ]),
  );

/** The day that both are judged on, where it is not the same. */
function dayCause(before: Judged, after: Judged): Cause[] {
  const [from, to] = [before.context.workload.asOf, after.context.workload.asOf];
  if (from === to) return [];
  const figures = [{ figure: 'as-of', before: from, after: to }];
  return [{ what: 'day', table: null, name: 'as-of', change: 'changed', figures, source: null, date: null }];
}
