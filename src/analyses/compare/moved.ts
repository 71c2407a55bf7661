import { findPlan } from '../../decide/find-plan.js';
import { optionsOf } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { listText } from '../../tables/column.js';
import type { ApiRow, ParameterRow } from '../../tables/columns.js';
import { schemas, snapshotTables } from '../../tables/columns.js';
import { rowName, withRows } from '../../tables/query.js';
import type { TableName, Tables } from '../../tables/tables.js';
import { paired, percentChange } from '../../units/amount.js';
import { percentText, rounded, roundedOrNull } from '../../units/numeric.js';
import { withScenarioPrices } from '../../workload/read.js';
import { isSameValue } from '../../workload/set.js';
import type { Subject } from '../flips/inputs.js';
import type { MovedInput, MovedPrice, PlanCost } from './comparison.js';
import type { Decided } from './read-result.js';

/** A cell that differs in two versions of a row, by its column's header; null: empty. */
export type FigureChange = { figure: string; before: string | number | null; after: string | number | null };

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

type Row = Tables[TableName][number];

export const changeKey = ({ table, name }: { table: string; name: string }): string => `${table} ${name}`;

/** Every row that differs, of some tables or the price lists; by `changeKey`. */
export function rowChanges(
  before: Tables,
  after: Tables,
  among: readonly TableName[] = snapshotTables,
): Map<string, RowChange> {
  const changes = among.flatMap((table): RowChange[] => {
    const { pairs, added, removed } = pairedRows(table, before, after);
    const whole = (row: Row, change: 'added' | 'removed', side: 'before' | 'after'): RowChange => ({
      table,
      name: rowName(table, row),
      change,
      figures: figureChanges(table, change === 'removed' ? row : null, change === 'added' ? row : null),
      at: { side, row: row.row },
    });
    return [
      ...pairs.flatMap(({ key, old, now }): RowChange[] => {
        if (old === now) return [];
        const figures = figureChanges(table, old, now);
        return figures.length === 0
          ? []
          : [{ table, name: key, change: 'changed', figures, at: { side: 'after', row: now.row } }];
      }),
      ...added.map((row) => whole(row, 'added', 'after')),
      ...removed.map((row) => whole(row, 'removed', 'before')),
    ];
  });
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
      const { pairs, added, removed } = pairedRows(table, before, after);
      const isTaken = (row: Row): boolean => taken.has(changeKey({ table, name: rowName(table, row) }));
      const kept = [
        ...pairs.map(({ old, now }) => ({ row: isTaken(now) ? now : old, number: base === after ? now.row : old.row })),
        ...added.filter(isTaken).map((row) => ({ row, number: base === after ? row.row : null })),
        ...removed.filter((row) => !isTaken(row)).map((row) => ({ row, number: base === before ? row.row : null })),
      ].filter(({ row }) => isKnown(row, base));
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

const pairedRows = (table: TableName, before: Tables, after: Tables) =>
  paired<Row>(before[table], after[table], (row) => rowName(table, row));

/** Machines that a catalog does not know cannot be judged by it. */
const isKnown = (row: Row, { acceleratorOf }: Tables): boolean =>
  !('accelerator' in row) || row.accelerator === null || acceleratorOf.has(row.accelerator);

/** Differences of two rows, without keys and sources. */
function figureChanges(table: TableName, old: Row | null, now: Row | null): FigureChange[] {
  const { columns, key, dated } = schemas[table] as {
    columns: Record<string, { header: string }>;
    key: readonly string[];
    dated: readonly string[];
  };
  return Object.entries(columns).flatMap(([field, { header }]) => {
    if (key.includes(field) || dated.includes(header)) return [];
    const [before, after] = [cellOf(old, field), cellOf(now, field)];
    return before === after ? [] : [{ figure: header, before, after }];
  });
}

function cellOf(row: Row | null, field: string): string | number | null {
  const cell = (row as unknown as Record<string, unknown> | null)?.[field] ?? null;
  if (Array.isArray(cell)) return cell.length === 0 ? null : listText(cell);
  if (cell instanceof Float64Array) return cell.join(';');
  if (typeof cell === 'object' && cell !== null) return JSON.stringify(cell);
  if (typeof cell === 'number') return rounded(cell);
  return typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : (cell as string | null);
}

/** A row that bills a plan on the later side, where another did before. */
type ReplacedRow = {
  table: 'api';
  row: string;
  formerRow: string;
  figures: FigureChange[];
  source: string;
  date: string;
};

/** Rows that replace a removed row: a plan's cost moves from one to the other. */
export function replacedRows(plans: readonly PlanCost[], before: Subject, after: Subject): ReplacedRow[] {
  const { prose } = withScenarioPrices(after.read, after.list, after.prose);
  const replaced = new Map<string, ReplacedRow>();
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
      replaced.set(`${formerRow}\0${row}`, { table: 'api', row, formerRow, figures, source, date });
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
  const { pairs, added, removed } = paired(
    [...said, ...standing(said, saidAfter, madeOf[0])],
    [...saidAfter, ...standing(saidAfter, said, madeOf[1])],
    ({ path }) => path,
  );
  const areKnown = areInputsKnown(before, after);
  return [
    ...pairs.flatMap(({ key, old, now }) =>
      isSameValue(key, old.value, now.value)
        ? []
        : [{ path: key, before: old.value, after: now.value, originBefore: old.origin, originAfter: now.origin }],
    ),
    ...(areKnown ? added : []).map(({ path, value, origin }) => ({
      path,
      before: null,
      after: value,
      originBefore: null,
      originAfter: origin,
    })),
    ...(areKnown ? removed : []).map(({ path, value, origin }) => ({
      path,
      before: value,
      after: null,
      originBefore: origin,
      originAfter: null,
    })),
  ];
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
  replaced: readonly ReplacedRow[] = [],
): MovedPrice[] {
  const used = new Map<string, BasisRow>();
  for (const row of [...before.basis, ...after.basis]) used.set(changeKey({ table: row.table, name: row.row }), row);
  const billed = (name: string, { basis, recommendation: { plan } }: Decided): boolean =>
    plan !== null &&
    basis.some((one) => changeKey({ table: one.table, name: one.row }) === name && one.plans.includes(plan));
  const moved = (
    row: Pick<BasisRow, 'table' | 'row' | 'source' | 'date'>,
    { figure, before: from, after: to }: FigureChange,
    change: MovedPrice['change'],
    formerRow: string | null = null,
  ): MovedPrice => {
    const { table } = row;
    return {
      table,
      row: row.row,
      formerRow,
      figure,
      change,
      before: from,
      after: to,
      percent: typeof from === 'number' && typeof to === 'number' ? roundedOrNull(percentChange(from, to)) : null,
      source: row.source,
      date: row.date,
      billedBefore: billed(changeKey({ table, name: formerRow ?? row.row }), before),
      billedAfter: billed(changeKey({ table, name: row.row }), after),
    };
  };
  const inLists = [...used].flatMap(([key, row]) => {
    const found = changes?.get(key);
    return found === undefined ? [] : found.figures.map((figure) => moved(row, figure, found.change));
  });
  const inBills = changes === null ? billChanges(before, after) : [];
  const inPlaceOf = replaced.flatMap((one) =>
    one.figures.map((figure) => moved(one, figure, 'changed', one.formerRow)),
  );
  const all = [
    ...inLists,
    ...inPlaceOf,
    ...inBills.map(({ row, change, inBoth }) => moved(row, change, inBoth ? 'changed' : null)),
  ];
  const rank = ({ billedBefore, billedAfter }: MovedPrice): number => (billedBefore ? 1 : 0) + (billedAfter ? 1 : 0);
  const size = ({ percent }: MovedPrice): number => (percent === null ? -1 : Math.abs(percent));
  return all.sort((a, b) => rank(b) - rank(a) || size(b) - size(a));
}

/**
 * From results alone: figures that differ in the bills of both, and prices that an advised plan's bill gained or lost.
 * None with the same tables.
 */
function billChanges(before: Decided, after: Decided): { row: BasisRow; change: FigureChange; inBoth: boolean }[] {
  if (havePricesAlike(before, after) || !arePricesKnown(before, after)) return [];
  const { pairs, added, removed } = paired(before.basis, after.basis, ({ table, row, figure }) =>
    [table, row, figure].join('\0'),
  );
  const isBilled = ({ plans, table }: BasisRow, { recommendation: { plan } }: Decided): boolean =>
    (snapshotTables as readonly string[]).includes(table) && plan !== null && plans.includes(plan);
  const gained = added.filter((row) => isBilled(row, after));
  const lost = removed.filter((row) => isBilled(row, before));
  return [
    ...pairs.flatMap(({ old, now }) =>
      old.value === now.value
        ? []
        : [{ row: now, change: { figure: now.figure, before: old.value, after: now.value }, inBoth: true }],
    ),
    ...gained.map((row) => ({ row, change: { figure: row.figure, before: null, after: row.value }, inBoth: false })),
    ...lost.map((row) => ({ row, change: { figure: row.figure, before: row.value, after: null }, inBoth: false })),
  ];
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
