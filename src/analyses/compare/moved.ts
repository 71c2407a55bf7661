import { findPlan } from '../../decide/find-plan.js';
import { optionsOf } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import type { ApiRow, ParameterRow } from '../../tables/columns.js';
import { snapshotTables } from '../../tables/columns.js';
import { type FigureChange, figureChanges, type Row } from '../../tables/diff.js';
import { rowName, withRows } from '../../tables/query.js';
import type { TableName, Tables } from '../../tables/tables.js';
import { changeOf, joined, percentChange } from '../../units/amount.js';
import { percentText, roundedOrNull } from '../../units/numeric.js';
import { withScenarioPrices } from '../../workload/read.js';
import type { Subject } from '../flips/inputs.js';
import { changedValues, type MovedInput, type MovedPrice, type PlanCost } from './comparison.js';
import type { Decided } from './read-result.js';

/** A row that differs between two versions of the tables. */
export type RowChange = {
  table: TableName;
  /** Its key within its table. */
  name: string;
  change: 'added' | 'removed' | 'changed';
  figures: FigureChange[];
  /** Its number in the tables that have it, the later ones if both do. */
  at: { side: 'before' | 'after'; row: number };
};

export const changeKey = ({ table, name }: { table: string; name: string }): string => `${table} ${name}`;

/** Every row that differs, of some tables or the price lists; by `changeKey`. */
export function rowChanges(
  before: Tables,
  after: Tables,
  among: readonly TableName[] = snapshotTables,
): Map<string, RowChange> {
  const changes = among.flatMap((table) =>
    joinedRows(table, before, after).flatMap(({ key, before: old, after: now }): RowChange[] => {
      const figures = old === now ? [] : figureChanges(table, old, now);
      const change = changeOf(old, now);
      if (change === 'changed' && figures.length === 0) return [];
      const at = { side: now === null ? ('before' as const) : ('after' as const), row: (now ?? old)?.row ?? 0 };
      return [{ table, name: key, change, figures, at }];
    }),
  );
  return new Map(changes.map((change) => [changeKey(change), change]));
}

/**
 * The earlier prices with some later rows, by default on the catalog of the later date, which has all models of both.
 *
 * @param base whose catalog to use, one of the two
 */
export function tablesWith(
  before: Tables,
  after: Tables,
  taken: ReadonlySet<string>,
  base: Tables = laterOf(before, after),
): Tables {
  const rows = Object.fromEntries(
    snapshotTables.map((table) => {
      const kept = joinedRows(table, before, after).flatMap(({ key, before: old, after: now }) => {
        const row = taken.has(changeKey({ table, name: key })) ? now : old;
        if (row === null || !isKnown(row, base)) return [];
        return [{ row, number: (base === after ? now : old)?.row ?? null }];
      });
      let next = Math.max(...base[table].map(({ row }) => row), 0);
      const numbered = kept.map(({ row, number }) => {
        const own = number ?? ++next;
        return row.row === own ? row : { ...row, row: own };
      });
      return [table, numbered.sort((a, b) => a.row - b.row)];
    }),
  );
  return withRows(base, rows as Partial<Tables>);
}

/** The tables of the later date; of one date, those compared with. */
export const laterOf = (before: Tables, after: Tables): Tables =>
  before.snapshot.date > after.snapshot.date ? before : after;

const joinedRows = (table: TableName, before: Tables, after: Tables) =>
  joined<Row>(before[table], after[table], (row) => rowName(table, row));

/** Machines that a catalog does not know cannot be judged by it. */
const isKnown = (row: Row, { acceleratorOf }: Tables): boolean =>
  !('accelerator' in row) || row.accelerator === null || acceleratorOf.has(row.accelerator);

/** A row of bills that moved, with the row in whose place it bills a plan. */
type MovedRow = Pick<MovedPrice, 'table' | 'row' | 'formerRow' | 'change' | 'source' | 'date'> & {
  figures: FigureChange[];
};

/** Rows that replace a removed row: a plan's cost moves from one to the other. */
export function replacedRows(plans: readonly PlanCost[], before: Subject, after: Subject): MovedRow[] {
  const { prose } = withScenarioPrices(after.read, after.list, after.prose);
  const replaced = new Map<string, MovedRow>();
  for (const { plan, change } of plans) {
    if (change === null) continue;
    const olds = rowsOf(plan, before);
    for (const [place, now] of rowsOf(plan, after)) {
      const old = olds.get(place);
      if (old === undefined) continue;
      const [formerRow, row] = [rowName('api', old), rowName('api', now)];
      if (formerRow === row) continue;
      const { source, date } = prose({ table: 'api', row: now.row });
      const figures = figureChanges('api', old, now);
      const moved = { table: 'api', row, formerRow, change: 'changed' as const, source, date };
      replaced.set(`${formerRow}\0${row}`, { ...moved, figures });
    }
  }
  return [...replaced.values()];
}

/** API rows of a plan, by the part of a task and its place. */
function rowsOf(id: string, { context }: Subject): Map<string, ApiRow> {
  const plan = findPlan(id, context);
  if (typeof plan === 'string') return new Map();
  return new Map(
    plan.deployments.flatMap((deployment) =>
      optionsOf(deployment).flatMap(({ api }, place) =>
        api === null ? [] : deployment.taskParts.map((taskPart): [string, ApiRow] => [`${taskPart.id} ${place}`, api]),
      ),
    ),
  );
}

/** What a side was made of, where that is known. */
type MadeOf = Pick<Context, 'workload' | 'tables'> | null;

/**
 * Inputs that differ between two decisions, in any notation. A parameter set in one only is compared with its value in
 * the other, where that one's tables are known. Where one has no inputs listed, only those that both name.
 */
export function movedInputs(
  before: Decided,
  after: Decided,
  madeOf: readonly [before: MadeOf, after: MadeOf] = [null, null],
): MovedInput[] {
  const [said, saidAfter] = [inputsOf(before), inputsOf(after)];
  const areKnown = areInputsKnown(before, after);
  return changedValues(
    [...said, ...standing(said, saidAfter, madeOf[0])],
    [...saidAfter, ...standing(saidAfter, said, madeOf[1])],
    ({ path }) => path,
  )
    .filter(({ before: old, after: now }) => areKnown || (old !== null && now !== null))
    .map(({ key, before: old, after: now }) => ({
      path: key,
      before: old?.value ?? null,
      after: now?.value ?? null,
      originBefore: old?.origin ?? null,
      originAfter: now?.origin ?? null,
    }));
}

type Input = { path: string; value: string; origin: 'user' | 'assumed' };

/** A path may hold a value in one and be a prefix in the other: those are other inputs. */
const inputsOf = ({ scenario }: Decided): Input[] => [
  ...scenario.assumed.map((one): Input => ({ ...one, origin: 'assumed' })),
  ...(scenario.given ?? []).map((one): Input => ({ ...one, origin: 'user' })),
];

/** Whether both list their inputs; otherwise a missing one may have been given. */
export const areInputsKnown = (before: Decided, after: Decided): boolean =>
  before.scenario.given !== null && after.scenario.given !== null;

const parameterAt = 'assumptions.';

/** What parameters stand at that the other side sets and this one does not. */
function standing(said: readonly Input[], others: readonly Input[], context: MadeOf): Input[] {
  if (context === null) return [];
  const here = new Set(said.map(({ path }) => path));
  return others.flatMap(({ path }): Input[] => {
    const [name = '', end = null] = path.startsWith(parameterAt) ? path.slice(parameterAt.length).split('.') : [];
    const row = context.tables.parameterOf.get(name);
    if (row === undefined || here.has(path)) return [];
    const stands = context.workload.assume(name);
    if (end === null) return [{ path, value: standsAt(row, stands), origin: 'assumed' }];
    // A range is given end by end; what the user sets otherwise has none.
    if ((end !== 'low' && end !== 'likely' && end !== 'high') || stands !== row.likely) return [];
    return [{ path, value: valueText(row, row[end]), origin: 'assumed' }];
  });
}

/** A value with its simulated range: setting the value alone drops the range. */
function standsAt(row: ParameterRow, value: number): string {
  const { low, likely, high, drawn } = row;
  const text = (one: number): string => valueText(row, one);
  return !drawn || low === high || value !== likely ? text(value) : `${text(value)} (${text(low)} to ${text(high)})`;
}

const valueText = ({ unit }: ParameterRow, value: number): string =>
  unit.startsWith('fraction') ? percentText(value) : String(value);

type BasisRow = Decided['basis'][number];

/**
 * Changed figures of rows in the bills of either; advised plans first, the largest change leading.
 *
 * @param changes every row of the tables that differs; null: not known, so that bills alone are compared
 * @param replaced rows that bill plans of both in place of others
 */
export function movedPrices(
  before: Decided,
  after: Decided,
  changes: ReadonlyMap<string, RowChange> | null,
  replaced: readonly MovedRow[] = [],
): MovedPrice[] {
  const used = new Map([...before.basis, ...after.basis].map((row) => [nameOf(row), row]));
  const inLists = [...used].flatMap(([key, { table, row, source, date }]): MovedRow[] => {
    const found = changes?.get(key);
    if (found === undefined) return [];
    return [{ table, row, formerRow: null, change: found.change, source, date, figures: found.figures }];
  });
  const moved = [...inLists, ...replaced, ...(changes === null ? billChanges(before, after) : [])];
  const billed = (name: string, { basis, recommendation: { plan } }: Decided): boolean =>
    plan !== null && basis.some((one) => nameOf(one) === name && one.plans.includes(plan));
  const all = moved.flatMap(({ table, row, formerRow, change, source, date, figures }) => {
    const billedBefore = billed(nameOf({ table, row: formerRow ?? row }), before);
    const billedAfter = billed(nameOf({ table, row }), after);
    return figures.map(({ figure, before: from, after: to }): MovedPrice => {
      const percent =
        typeof from === 'number' && typeof to === 'number' ? roundedOrNull(percentChange(from, to)) : null;
      const told = { table, row, formerRow, figure, change, before: from, after: to, percent };
      return { ...told, source, date, billedBefore, billedAfter };
    });
  });
  const rank = ({ billedBefore, billedAfter }: MovedPrice): number => Number(billedBefore) + Number(billedAfter);
  const size = ({ percent }: MovedPrice): number => (percent === null ? -1 : Math.abs(percent));
  return all.sort((a, b) => rank(b) - rank(a) || size(b) - size(a));
}

const nameOf = ({ table, row }: Pick<BasisRow, 'table' | 'row'>): string => changeKey({ table, name: row });

/**
 * From results alone: figures that differ in the bills of both, and prices that an advised plan's bill gained or lost.
 * None with the same tables.
 */
function billChanges(before: Decided, after: Decided): MovedRow[] {
  if (havePricesAlike(before, after) || !arePricesKnown(before, after)) return [];
  const isBilled = ({ plans, table }: BasisRow, { recommendation: { plan } }: Decided): boolean =>
    (snapshotTables as readonly string[]).includes(table) && plan !== null && plans.includes(plan);
  const figureOf = ({ table, row, figure }: BasisRow): string => [table, row, figure].join('\0');
  return joined(before.basis, after.basis, figureOf).flatMap(({ before: old, after: now }): MovedRow[] => {
    const told = now ?? old;
    const isInBoth = old !== null && now !== null;
    const isMoved = isInBoth ? old.value !== now.value : told !== null && isBilled(told, now === null ? before : after);
    if (told === null || !isMoved) return [];
    const { table, row, figure, source, date } = told;
    const figures = [{ figure, before: old?.value ?? null, after: now?.value ?? null }];
    return [{ table, row, formerRow: null, change: isInBoth ? 'changed' : null, source, date, figures }];
  });
}

/** Whether results list the prices of their bills; those stored with `--point` do not. */
export const arePricesKnown = (before: Decided, after: Decided): boolean =>
  havePricesAlike(before, after) ||
  [before, after].every(({ basis, recommendation: { plan } }) => plan === null || basis.length > 0);

/** Whether tables and the user's own prices, in a book or the scenario, are the same. */
const havePricesAlike = (before: Decided, after: Decided): boolean =>
  before.tables.sha256 === after.tables.sha256 &&
  before.tables.priceBook === after.tables.priceBook &&
  !movedInputs(before, after).some(({ path }) => path.startsWith('prices.'));
