import { advisedPlan } from '../../decide/advice.js';
import { kindsByTask } from '../../decide/kinds-by-task.js';
import { optionsOf, type Plan } from '../../decide/plan.js';
import { catalogTables } from '../../tables/columns.js';
import { rowName } from '../../tables/query.js';
import type { Origin, Prose, Tables } from '../../tables/tables.js';
import { withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import type { Workload } from '../../workload/workload.js';
import type { Subject } from '../flips/inputs.js';
import type { Cause } from './comparison.js';
import { changeGroup, type InputChange, inputChanges, scenarioWith } from './mixed-scenario.js';
import { changeKey, laterOf, type RowChange, rowChanges, tablesWith } from './moved.js';

/** A side whose decision can be made again on other inputs. */
export type Judged = Subject;

export type Explained = { causes: Cause[]; proof: 'decided' | 'listed' | null };

/** What may have changed the advice: inputs that change together, a row of the price lists, the catalog, or the day. */
type Change = { groups?: string; row?: string; catalog?: true; day?: true };

/**
 * Which changes explain that another kind of place is advised: those that the later side must not be without. Half of all changes is
 * left out of it at a time; where the advice stays, none of them is needed. Where it changes without both halves and without neither,
 * they explain it together, but for those that the earlier side does not need beside the others.
 *
 * @param progress told how many decisions were made; `compareDecisions` at the most, else all that moved is listed
 */
export function causesOf(before: Judged, after: Judged, progress: (decisions: number) => void = () => {}): Explained {
  const changes = rowChanges(before.list, after.list);
  const inputs = inputChanges(before.read.tree, after.read.tree);
  const groupOf = (change: InputChange): string => changeGroup(change, before.read.tree, after.read.tree);
  const most = after.context.workload.assume('compareDecisions');
  let decisions = 0;
  const shared = sharedTasks(before.context.workload, after.context.workload);
  const [from, to] = [advisedPlan(before.context), advisedPlan(after.context)];
  const wanted = adviceFor(shared, to);
  const ofCatalog = catalogCauses({ judged: before, advised: from }, { judged: after, advised: to });
  const ofDay = dayCause(before, after);
  const all = enough();
  const found = withoutSpare(neededOf(all));
  const isProved = decisions < most && found.length > 0;
  const causes = (isProved ? found : all).flatMap(causesIn);
  return { causes, proof: causes.length === 0 ? null : isProved ? 'decided' : 'listed' };

  /** What is advised on the later side without some changes; undefined: that is no scenario, or it was asked too often. */
  function without(some: readonly Change[]): Plan | null | undefined {
    if (decisions >= most) return undefined;
    progress(++decisions);
    const groups = new Set(some.flatMap((one) => one.groups ?? []));
    const rows = new Set(some.flatMap((one) => one.row ?? []));
    const base = some.some(({ catalog }) => catalog) ? before.list : after.list;
    const { asOf } = (some.some(({ day }) => day) ? before : after).context.workload;
    const list = tablesWith(after.list, before.list, rows, base);
    const read = groups.size === 0 ? after.read : scenarioWith(after.read, before.read, groups, list, asOf);
    if (read === null) return undefined;
    const { tables } = withScenarioPrices(read, list, after.prose);
    return advisedPlan({ workload: resolve(read, tables, asOf), tables });
  }

  function neededOf(some: readonly Change[]): readonly Change[] {
    if (some.length === 0) return [];
    const plan = without(some);
    const isOther = plan === undefined || adviceFor(shared, plan) !== wanted;
    if (!isOther || (some.length === 1 && plan === undefined)) return [];
    if (some.length === 1) return some;
    const half = Math.ceil(some.length / 2);
    const needed = [...neededOf(some.slice(0, half)), ...neededOf(some.slice(half))];
    return needed.length > 0 ? needed : some;
  }

  /** Less what the earlier side with the others gives the later advice without. */
  function withoutSpare(needed: readonly Change[]): readonly Change[] {
    let kept = needed;
    for (const one of needed) {
      const others = kept.filter((other) => other !== one);
      const plan = others.length === 0 ? undefined : without(all.filter((each) => !others.includes(each)));
      if (plan !== undefined && adviceFor(shared, plan) === wanted) kept = others;
    }
    return kept;
  }

  /** Changes without which the later advice is not given: of rows those of the plans advised, and of plans that stand in their place. */
  function enough(): readonly Change[] {
    const met = new Set([...changedRows(from, before.context.tables), ...changedRows(to, after.context.tables)]);
    const others: readonly Change[] = [
      ...(ofCatalog.length > 0 ? [{ catalog: true as const }] : []),
      ...(ofDay.length > 0 ? [{ day: true as const }] : []),
    ];
    const inGroups = [...new Set(inputs.map(groupOf))].map((groups) => ({ groups }));
    // What would be advised with all prices as they were.
    const plan = changes.size > met.size ? without([...changes.keys()].map((row) => ({ row }))) : null;
    const former = tablesWith(after.list, before.list, new Set(changes.keys()));
    for (const key of changedRows(plan ?? null, former)) met.add(key);
    for (;;) {
      const some = [...inGroups, ...[...met].map((row) => ({ row })), ...others];
      const plan = without(some);
      if (plan === undefined || adviceFor(shared, plan) !== wanted || met.size === changes.size) return some;
      const base = ofCatalog.length > 0 ? before.list : after.list;
      const rows = changedRows(plan, tablesWith(after.list, before.list, met, base)).filter((key) => !met.has(key));
      for (const key of rows.length > 0 ? rows : changes.keys()) met.add(key);
    }
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

  function causesIn({ groups, row, catalog, day }: Change): Cause[] {
    return [
      ...inputs.filter((change) => groupOf(change) === groups).map(inputCause),
      ...(row === undefined ? [] : [priceCause(changes.get(row) as RowChange, before, after)]),
      ...(catalog ? ofCatalog : []),
      ...(day ? ofDay : []),
    ];
  }
}

/** Tasks that both sides have: what serves the others moves no advice. */
function sharedTasks(one: Workload, other: Workload): ReadonlySet<string> {
  const others = new Set(other.taskParts.map(({ task }) => task));
  return new Set(one.taskParts.flatMap(({ task }) => (others.has(task) ? [task] : [])));
}

/** The kinds of place of some tasks; of none (all were renamed) those of the whole plan, told together. */
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

/** Tables whose rows are about one model or card: they move no plan that does not stand on it. */
const ofOneThing: ReadonlySet<string> = new Set(['models', 'capability', 'accelerators']);

/**
 * What the catalogs have otherwise: rows with other cells, and rows of the later advised plan that the earlier catalog lacks.
 * Of models and cards those that one of the plans advised stands on, where there is any.
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
