import type { Case } from '../../placements/placement.js';
import { resolve } from '../../scenario/resolve.js';
import { withScenarioPrices } from '../../scenario/with-scenario-prices.js';
import { catalogTables } from '../../tables/columns.js';
import { rowName } from '../../tables/row-name.js';
import type { Origin, Prose, Tables } from '../../tables/tables.js';
import { advisedAlone } from '../choose.js';
import type { Subject } from '../flips/changed-case.js';
import { kindsByTask } from '../kinds-by-task.js';
import { optionsOf, type Plan } from '../plan.js';
import type { Cause } from './comparison.js';
import { changeGroup, changesBelow, type InputChange, inputChanges, scenarioWith } from './mixed-scenario.js';
import { changeKey, laterOf, type RowChange, rowChanges, tablesWith } from './row-changes.js';

/** A side whose decision can be made again on other inputs. */
export type Judged = Subject;

export type Explained = { causes: Cause[]; proof: 'decided' | 'listed' | null };

/** What is taken over from the later side. */
type Taken = { groups: ReadonlySet<string>; rows: ReadonlySet<string> };

/**
 * Which changes explain that another kind of place is advised: the fewest found that give the later advice when the earlier
 * side takes them over, on the later catalog and day. None of them can be left out, nor those of one map together, unless
 * `compareDecisions` ran out before each was tried. Changes are met by asking of each advised plan which of its rows moved,
 * so that a few decisions do for thousands of rows.
 *
 * @param progress told how many decisions were made
 */
export function causesOf(before: Judged, after: Judged, progress: (decisions: number) => void = () => {}): Explained {
  const asOf = after.of.demand.asOf;
  const changes = rowChanges(before.list, after.list);
  const inputs = inputChanges(before.read.tree, after.read.tree);
  const groupOf = (change: InputChange): string => changeGroup(change, before.read.tree, after.read.tree);
  const allGroups = new Set(inputs.map(groupOf));
  const most = after.of.demand.assume('compareDecisions');
  let decisions = 0;

  const caseWith = ({ groups, rows }: Taken): Case | null => {
    const list = tablesWith(before.list, after.list, rows);
    const read = groups.size === 0 ? before.read : scenarioWith(before.read, after.read, groups, list, asOf);
    if (read === null) return null;
    const { tables } = withScenarioPrices(read, list, after.prose);
    return { demand: resolve(read, tables, asOf), tables };
  };
  const advise = (taken: Taken): Plan | null | undefined => {
    if (decisions >= most) return undefined;
    progress(++decisions);
    const of = caseWith(taken);
    return of === null ? undefined : advisedAlone(of);
  };
  const wanted = textOf(advisedAlone(after.of));
  const gives = (taken: Taken): boolean => {
    const plan = advise(taken);
    return plan !== undefined && textOf(plan) === wanted;
  };

  const none: ReadonlySet<string> = new Set();
  const found =
    [
      { groups: none, rows: none },
      { groups: allGroups, rows: none },
    ].find(gives) ?? grown();
  if (found === null) return listed();
  const taken = withoutSpare(found);
  const causes = causesIn(taken);
  return causes.length === 0 ? listed() : { causes, proof: 'decided' };

  /** Takes over what moved of the rows of each plan met, first of those that are advised in the end. */
  function grown(): Taken | null {
    const groups = allGroups;
    const rows = new Set<string>();
    let plan: Plan | null | undefined = advisedAlone(after.of);
    let list: Tables = after.of.tables;
    for (;;) {
      const moved = plan ? changedRows(plan, list).filter((key) => !rows.has(key)) : [];
      const more = moved.length > 0 ? moved : [...changes.keys()].filter((key) => !rows.has(key));
      if (more.length === 0) return null;
      for (const key of more) rows.add(key);
      const state = { groups, rows: new Set(rows) };
      plan = advise(state);
      if (plan === undefined) return null;
      if (textOf(plan) === wanted) return state;
      list = tablesWith(before.list, after.list, rows);
    }
  }

  /**
   * Without what it gives the same advice without: all inputs of a map at once, so that many are passed over by one
   * decision, and since one alone may leave no scenario, then each. One may be spare only once another is left out.
   */
  function withoutSpare(all: Taken): Taken {
    let kept = all;
    const tryWithout = (less: Taken): void => {
      if (gives(less)) kept = less;
    };
    for (const key of all.rows) tryWithout({ ...kept, rows: minus(kept.rows, [key]) });
    for (const some of changesBelow(inputs)) {
      const together = [...new Set(some.map(groupOf))].filter((group) => kept.groups.has(group));
      const less = { ...kept, groups: minus(kept.groups, together) };
      // That nothing at all suffices is known by now.
      if (together.length > 1 && sizeOf(less) > 0) tryWithout(less);
    }
    for (const group of kept.groups) tryWithout({ ...kept, groups: minus(kept.groups, [group]) });
    return kept === all || sizeOf(kept) < 2 ? kept : withoutSpare(kept);
  }

  /** Rows of a plan that are not the same on both sides. */
  function changedRows({ deployments }: Plan, tables: Tables): string[] {
    const origins = deployments
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
      ...(groups.size + rows.size === 0 ? baseCauses() : []),
    ];
  }

  /** Nothing else was taken over: it is what the catalogs have otherwise, and if that is nothing, the day. */
  function baseCauses(): Cause[] {
    const found = catalogCauses(before, after);
    return found.length > 0 ? found : dayCause(before, after);
  }

  /** What moved of the plans advised, without proof that it suffices. */
  function listed(): Explained {
    const plans = [
      [advisedAlone(before.of), before.of.tables],
      [advisedAlone(after.of), after.of.tables],
    ] as const;
    const keys = new Set(plans.flatMap(([plan, tables]) => (plan === null ? [] : changedRows(plan, tables))));
    const causes = [
      ...inputs.map(inputCause),
      ...[...keys].map((key) => priceCause(changes.get(key) as RowChange, before, after)),
      ...catalogCauses(before, after),
      ...dayCause(before, after),
    ];
    return { causes, proof: causes.length === 0 ? null : 'listed' };
  }
}

const sizeOf = ({ groups, rows }: Taken): number => groups.size + rows.size;

const minus = (all: ReadonlySet<string>, some: readonly string[]): Set<string> =>
  new Set([...all].filter((each) => !some.includes(each)));

const textOf = (plan: Plan | null): string => (plan === null ? '' : kindsByTask(plan));

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

/** What the catalogs have otherwise: rows of the later advised plan that the earlier one lacks, and rows with other cells. */
function catalogCauses(before: Judged, after: Judged): Cause[] {
  const late = laterOf(before.list, after.list) === after.list ? after : before;
  const deployments = advisedAlone(late.of)?.deployments ?? [];
  const used = new Set(
    deployments
      .flatMap(optionsOf)
      .flatMap(({ family, hardware }) => [
        ...(['models', 'capability'] as const).map((table) => changeKey({ table, name: family })),
        ...(hardware === null ? [] : [changeKey({ table: 'accelerators', name: hardware })]),
      ]),
  );
  return [...rowChanges(before.list, after.list, catalogTables)]
    .filter(([key, { change }]) => change === 'changed' || used.has(key))
    .map(([, change]) => ({ ...priceCause(change, before, after), what: 'catalog' }));
}

/** The day that both are judged on, where it is not the same. */
function dayCause(before: Judged, after: Judged): Cause[] {
  const [from, to] = [before.of.demand.asOf, after.of.demand.asOf];
  if (from === to) return [];
  const figures = [{ figure: 'as-of', before: from, after: to }];
  return [{ what: 'day', table: null, name: 'as-of', change: 'changed', figures, source: null, date: null }];
}
