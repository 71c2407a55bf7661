import { kindsByTask } from '../../decide/choice.js';
import { advisedIn } from '../../decide/core-choice.js';
import { optionsOf, type Plan, placeWords, planKey } from '../../decide/plan.js';
import { askedRow } from '../../decide/shortlist.js';
import type { Context } from '../../places/placement.js';
import { catalogTables } from '../../tables/columns.js';
import { rowName } from '../../tables/query.js';
import type { Origin, Tables } from '../../tables/tables.js';
import { changeOf, percentChange } from '../../units/amount.js';
import { rounded, roundedOrNull } from '../../units/numeric.js';
import { withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import type { Workload } from '../../workload/workload.js';
import type { Subject } from '../flips/inputs.js';
import {
  type Cause,
  changesBelow,
  type InputChange,
  inputChanges,
  type MovedInput,
  type MovedPrice,
  type PlanCost,
  scenarioWith,
} from './comparison.js';
import { changeKey, laterOf, type RowChange, rowChanges, tablesWith } from './moved.js';
import type { Decided } from './read-result.js';

/** A decision, and its case where it can be computed again. */
type Asked = { decision: Decided; context: Context | null };

type OnSide = PlanCost['before'];

const advised = 'advised';

/** Costs on both sides of the advised plans, the best of each type and requested ids; advised first. */
export function planCosts(before: Asked, after: Asked): PlanCost[] {
  const [was, is] = [plansOf(before.decision), plansOf(after.decision)];
  // A plan in both is called as it is in the later one.
  const compared = new Map([...was.costed, ...is.costed].map(([key, { plan }]) => [key, plan]));
  const costs = [...compared].map(([key, plan]): PlanCost => {
    const [old, now] = [onSide(plan, was.known.get(key), before), onSide(plan, is.known.get(key), after)];
    const [from, to] = [old.monthlyCost, now.monthlyCost];
    const both = from !== null && to !== null;
    return {
      plan,
      label: labelOf(plan, after) ?? labelOf(plan, before) ?? plan,
      before: old,
      after: now,
      change: both ? rounded(to - from) : null,
      percent: both ? roundedOrNull(percentChange(from, to)) : null,
    };
  });
  const rank = ({ before: old, after: now }: PlanCost): number =>
    Number(old.as === advised) + Number(now.as === advised);
  return costs.sort((a, b) => rank(b) - rank(a));
}

/** Plans of a decision by key: those whose cost is compared, the advised one last, and all that it knows. */
function plansOf({ recommendation, scorecard, options, asked }: Decided) {
  const { plan, monthlyCost } = recommendation;
  const listed = ({ id, monthlyCost: usd, feasible }: Decided['asked'][number] | Decided['options'][number]) => [
    { plan: id, monthlyCost: usd, feasible, as: null },
  ];
  const requested = asked.flatMap(listed);
  const best = scorecard.flatMap(({ kind, option, monthlyCost: usd, feasible }) =>
    option === null ? [] : [{ plan: option, monthlyCost: usd, feasible, as: kind }],
  );
  const first = plan === null ? [] : [{ plan, monthlyCost, feasible: true, as: advised }];
  const byKey = (plans: readonly (OnSide & { plan: string })[]) =>
    new Map(plans.map((one) => [planKey(one.plan), one]));
  return {
    costed: byKey([...requested, ...best, ...first]),
    known: byKey([...requested, ...options.flatMap(listed), ...best, ...first]),
  };
}

function onSide(plan: string, known: OnSide | undefined, { context }: Asked): OnSide {
  const found = known ?? (context === null ? undefined : askedRow(plan, null, context));
  return { monthlyCost: found?.monthlyCost ?? null, feasible: found?.feasible ?? false, as: known?.as ?? null };
}

function labelOf(plan: string, { decision, context }: Asked): string | null {
  const { recommendation, options } = decision;
  if (recommendation.plan === plan) return recommendation.label;
  if (context !== null) return askedRow(plan, null, context).label;
  const option = options.find(({ id }) => id === plan);
  return option?.names === undefined ? (option?.id ?? null) : placeWords({ ...option, names: option.names });
}

/** A side whose decision can be made again on other inputs. */
export type Judged = Subject;

type Explained = { causes: Cause[]; proof: 'decided' | 'listed' | null };

/** Rows of the tables and groups of inputs taken over from the later side, by their keys. */
type Taken = ReadonlySet<string>;

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
  const rows = rowChanges(before.list, after.list);
  const inputs = inputChanges(before.read.tree, after.read.tree);
  const groups = new Set(inputs.map(({ group }) => group));
  const most = after.context.workload.assume('compareDecisions');
  let decisions = 0;

  /** The plan advised then; undefined: that is no scenario, or no decision more may be made. */
  const advise = (taken: Taken, base?: Tables): Plan | null | undefined => {
    if (decisions >= most) return undefined;
    progress(++decisions);
    const list = tablesWith(before.list, after.list, taken, base);
    const changes = inputs.filter(({ group }) => taken.has(group));
    const read = changes.length > 0 ? scenarioWith(before.read, after.read, changes, list, asOf) : before.read;
    if (read === null) return undefined;
    const { tables } = withScenarioPrices(read, list, after.prose);
    return advisedIn({ workload: resolve(read, tables, asOf), tables });
  };
  const shared = sharedTasks(before.context.workload, after.context.workload);
  const [from, to] = [advisedIn(before.context), advisedIn(after.context)];
  const isWanted = (plan: Plan | null | undefined): boolean =>
    plan !== undefined && adviceFor(shared, plan) === adviceFor(shared, to);

  /** Changed rows of each plan met, first of those advised on the two sides. */
  const [ofFrom, ofTo] = [changedRows(from, before.context.tables), changedRows(to, after.context.tables)];
  const met = new Set([...ofTo, ...ofFrom]);
  const gives = (taken: Taken): boolean => {
    const plan = advise(taken);
    if (plan === undefined) return false;
    if (isWanted(plan)) return true;
    for (const key of changedRows(plan, tablesWith(before.list, after.list, taken))) met.add(key);
    return false;
  };

  const found = search();
  const causes = found === null ? [] : proved(withoutSpare(found));
  if (causes.length > 0) return { causes, proof: 'decided' };
  return unproved(
    causesOfTaken(new Set([...groups, ...ofFrom, ...ofTo]), [...ofCatalog(), ...dayCause(before, after)]),
  );

  function search(): Taken | null {
    const none: Taken = new Set();
    if (gives(none)) return none;
    if (groups.size === 0) return grown(none);
    // If prices alone give the later advice, no input is to blame.
    if (rows.size > 0 && isWanted(advise(new Set(rows.keys())))) return grown(none);
    return gives(groups) ? groups : grown(groups);
  }

  /** Takes over rows of the plans met up to the later advice; else all changed rows. */
  function grown(start: Taken): Taken | null {
    const taken = new Set(start);
    for (;;) {
      const [some, all] = [[...met], [...rows.keys()]].map((keys) => keys.filter((key) => !taken.has(key)));
      const more = some?.length === 0 ? all : some;
      if (more === undefined || more.length === 0) return null;
      for (const key of more) taken.add(key);
      if (gives(taken)) return taken;
    }
  }

  /**
   * Removes what the advice does not need: rows by halves and smaller parts, all inputs of a map at once, then each,
   * since one input alone may leave no scenario. One may be spare only once another is left out.
   */
  function withoutSpare(all: Taken): Taken {
    let kept = all;
    const tryWithout = (some: readonly string[], least = 1): void => {
      const left = new Set([...kept].filter((key) => !some.includes(key)));
      // Taking nothing over was tried first, and does not suffice.
      if (kept.size - left.size >= least && left.size > 0 && gives(left)) kept = left;
    };
    for (const some of parts([...all].filter((key) => rows.has(key)))) tryWithout(some);
    for (const some of changesBelow(inputs))
      tryWithout(
        some.map(({ group }) => group),
        2,
      );
    for (const group of groups) tryWithout([group]);
    return kept === all || kept.size < 2 ? kept : withoutSpare(kept);
  }

  /** Rows of a plan that are not the same on both sides. */
  function changedRows(plan: Plan | null | undefined, tables: Tables): string[] {
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
    return keys.filter((key) => rows.has(key));
  }

  /** The changes that were taken over as causes, then further ones. */
  function causesOfTaken(taken: Taken, rest: readonly Cause[]): Cause[] {
    return [
      ...inputs
        .filter(({ group }) => taken.has(group))
        .map(({ steps, ...values }) => outsideTables('input', steps.join('.'), steps.at(-1) ?? '', values)),
      ...[...taken].flatMap((key) => rows.get(key) ?? []).map((row) => rowCause('price', row, before, after)),
      ...rest,
    ];
  }

  /** Where nothing was taken over, differences of the catalogs, or else the day. */
  function proved(taken: Taken): Cause[] {
    if (taken.size > 0) return causesOfTaken(taken, asksForCatalog(taken) ? ofCatalog() : []);
    const catalog = ofCatalog();
    return catalog.length > 0 ? catalog : dayCause(before, after);
  }

  /** Whether these changes give the later advice on the later catalog alone, not on the earlier one. */
  function asksForCatalog(taken: Taken): boolean {
    if (laterOf(before.list, after.list) !== after.list || ofCatalog().length === 0) return false;
    const plan = advise(taken, before.list);
    return plan !== undefined && !isWanted(plan);
  }

  function ofCatalog(): Cause[] {
    return catalogCauses({ judged: before, advised: from }, { judged: after, advised: to });
  }
}

/** Without a proof: changes in the bills of the advised plans, and of the user's inputs. */
export const listedCauses = (inputs: readonly MovedInput[], prices: readonly MovedPrice[]): Explained =>
  unproved([
    ...inputs
      .filter(({ originBefore, originAfter }) => originBefore === 'user' || originAfter === 'user')
      .map(({ path, before, after }) => outsideTables('input', path, path, { before, after })),
    ...prices
      .filter(({ billedBefore, billedAfter }) => billedBefore || billedAfter)
      .map(({ table, row: name, figure, before, after, source, date }): Cause => {
        const figures = [{ figure, before, after }];
        return { what: 'price', table, name, change: 'changed', figures, source, date };
      }),
  ]);

const unproved = (causes: Cause[]): Explained => ({ causes, proof: causes.length === 0 ? null : 'listed' });

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

/** A cause that stands in no table. */
const outsideTables = (
  what: 'input' | 'day',
  name: string,
  figure: string,
  { before, after }: Pick<InputChange, 'before' | 'after'>,
): Cause => ({
  what,
  table: null,
  name,
  change: changeOf(before, after),
  figures: [{ figure, before, after }],
  source: null,
  date: null,
});

function rowCause(what: 'price' | 'catalog', { at, ...change }: RowChange, before: Judged, after: Judged): Cause {
  const { source, date } = (at.side === 'after' ? after : before).prose({ table: change.table, row: at.row });
  return { what, ...change, source, date };
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
  return (near.length > 0 ? near : moved).map(([, change]) => rowCause('catalog', change, before.judged, after.judged));
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
  return from === to ? [] : [outsideTables('day', 'as-of', 'as-of', { before: from, after: to })];
}
