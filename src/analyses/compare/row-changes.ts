import { rounded } from '../../decide/round.js';
import { schemas, snapshotTables } from '../../tables/columns.js';
import { rowName } from '../../tables/row-name.js';
import type { TableName, Tables } from '../../tables/tables.js';
import { withRows } from '../../tables/with-rows.js';
import { paired } from '../../units/amount.js';

/** A cell that is not the same in two versions of a row, by the header of its column; null: empty. */
export type FigureChange = { figure: string; before: string | number | null; after: string | number | null };

/** A row that two versions of the tables do not have alike. */
export type RowChange = {
  table: TableName;
  /** What tells it from the others of its table. */
  name: string;
  change: 'added' | 'removed' | 'changed';
  figures: FigureChange[];
  /** Its number in the tables that have it, the later ones if both do. */
  at: { side: 'before' | 'after'; row: number };
};

type Row = Tables[TableName][number];

export const changeKey = ({ table, name }: { table: string; name: string }): string => `${table} ${name}`;

/** Every row of some tables, by default the price lists, that differs; by `changeKey`. */
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
 * The earlier prices with some rows as the later ones have them, by default on the catalog of the later date, which knows
 * whatever either of them prices.
 *
 * @param base whose catalog they stand on, one of the two
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

/** What differs of two rows, but for what tells them from others and where they come from. */
export function figureChanges(table: TableName, old: Row | null, now: Row | null): FigureChange[] {
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
  if (Array.isArray(cell)) return cell.length === 0 ? null : cell.join(';');
  if (cell instanceof Float64Array) return cell.join(';');
  if (typeof cell === 'object' && cell !== null) return JSON.stringify(cell);
  if (typeof cell === 'number') return rounded(cell);
  return typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : (cell as string | null);
}
