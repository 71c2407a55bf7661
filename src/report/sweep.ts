import type { SweepAnswer, SweepRow } from '../analyses/sweep/cell.js';
import {
  type Column,
  type Document,
  indented,
  line,
  numberColumns,
  separated,
  type Table,
  table,
  title,
} from './document.js';
import { counted, decimal, grouped, letterOf, money, narrowMoney } from './numbers.js';
import { kindsText } from './plan-words.js';
import { type CsvColumns, columns, csvTable, jsonLine, jsonText, plainText } from './printable.js';
import { renderText } from './text.js';

/** The sweep as one document; every cell names its values by path. */
export const sweepJson = (answer: SweepAnswer): string =>
  jsonText({ ...answer, cells: answer.cells.map((row) => named(row, answer)) });

/** One line a cell, each a document of its own. */
export const sweepJsonl = (answer: SweepAnswer): string =>
  answer.cells.map((row) => jsonLine(named(row, answer))).join('');

const named = ({ values, ...row }: SweepRow, { axes }: SweepAnswer) => ({
  values: Object.fromEntries(axes.map(({ path }, i) => [path, values[i]])),
  ...row,
});

const planColumns: CsvColumns<SweepRow> = {
  status: ({ status }) => status,
  plan: ({ plan }) => plan,
  shape: ({ shape }) => shape,
  kinds: ({ kinds }) => kinds.join('+'),
  kindsByTask: ({ kindsByTask }) => kindsByTask,
  monthlyCost: ({ monthlyCost }) => monthlyCost,
  firstMonthCost: ({ firstMonthCost }) => firstMonthCost,
  peakMonthCost: ({ peakMonthCost }) => peakMonthCost,
  upfrontCost: ({ upfrontCost }) => upfrontCost,
  fteNeeded: ({ fteNeeded }) => fteNeeded,
  label: ({ label }) => label,
  reason: ({ reason }) => reason,
};

/** One row a cell, for a spreadsheet: a column for each axis, then the advice. */
export function sweepCsv({ axes, cells }: SweepAnswer): string {
  const varied = axes.map(({ path }, axis) => [path, ({ values }: SweepRow) => values[axis] ?? null] as const);
  return csvTable({ ...Object.fromEntries(varied), ...planColumns }, cells);
}

const width = 80;
const longestValue = 24;

/**
 * The sweep for reading: over two axes a grid of types and costs, else a list with changes of the advice marked, and a
 * legend.
 */
export function sweepTable(answer: SweepAnswer): string {
  const { axes } = answer;
  const isGrid = axes.filter(({ values }) => values.length > 1).length === 2;
  const document = separated([heading(answer), ...(isGrid ? gridBlocks(answer) : [[list(answer)]]), notes(answer)]);
  return renderText(document, { color: false, width });
}

/** One line a cell; columns beyond cost are optional. */
function list({ axes, cells }: SweepAnswer): Table {
  const paths = axes.map(({ path }) => path);
  const usd = (amount: number | null) => (amount === null ? '' : money(amount));
  const columns: Column[] = [
    { title: '' },
    ...paths.map((path, axis): Column => {
      const name = { title: shortened(titleOf(path, paths)) };
      return isNumeric(cells, axis) ? { ...name, number: true } : name;
    }),
    { title: 'advice' },
    { title: '$/month', number: true },
    { title: 'one-time', number: true, optional: 1 },
    { title: 'FTE', number: true, optional: 2 },
  ];
  return table(
    columns.map((column) => ({ ...column, least: 0 })),
    cells.map((row, at) => [
      change(row, neighborOf(row, cells[at - 1])),
      ...paths.map((_, axis) => shortened(plainText(row.values[axis] ?? ''))),
      row.status === 'invalid' ? 'invalid' : kindsText(row.kinds),
      usd(row.monthlyCost),
      usd(row.upfrontCost),
      row.fteNeeded === null ? '' : decimal(row.fteNeeded),
    ]),
  );
}

const isNumeric = (cells: readonly SweepRow[], axis: number): boolean =>
  cells.every(({ values }) => /^\$?-?[\d.]/.test(values[axis] ?? ''));

/** Long texts by their beginning. */
const shortened = (text: string): string =>
  columns(text) > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;

/** The shortest end of a path that is unique. */
function titleOf(path: string, all: readonly string[]): string {
  const steps = path.split('.');
  const ends = steps.map((_, i) => steps.slice(-1 - i).join('.'));
  const told = ends.find((end) => all.every((other) => other === path || !`.${other}`.endsWith(`.${end}`)));
  return plainText(told ?? path);
}

/** The line above, if one step of one axis away: at the end of a run several values change. */
function neighborOf({ values }: SweepRow, above: SweepRow | undefined): SweepRow | undefined {
  const moved = values.filter((value, axis) => value !== above?.values[axis]).length;
  return moved === 1 ? above : undefined;
}

/** Where the advice changes between lines; `*`: another plan of the same types. */
function change(row: SweepRow, before: SweepRow | undefined): string {
  if (before === undefined) return '';
  if (row.status !== before.status || row.kindsByTask !== before.kindsByTask) return '>';
  return row.plan === before.plan ? '' : '*';
}

/** The marks, the number of cells without a plan, and why some are invalid. */
function notes({ axes, cells }: SweepAnswer): Document {
  const having = (status: SweepRow['status']) => cells.filter((row) => row.status === status);
  const [none, invalid] = [having('infeasible'), having('invalid')];
  const reasons = [...new Set(invalid.map(({ reason }) => reason ?? ''))];
  const shown = 3;
  const varied = axes.filter(({ values }) => values.length > 1).length;
  const listed = varied !== 2;
  const changes = `the advice changes${varied > 2 ? ' with the last axis' : ''}`;
  return [
    ...(listed && cells.length > 1 ? [line(`> ${changes}; * another plan of the same kinds`)] : []),
    ...(none.length === 0 ? [] : [line(`${counted(none.length, 'cell')} with no plan that satisfies the hard rules`)]),
    ...(invalid.length === 0
      ? []
      : [
          line(`${counted(invalid.length, 'cell')} whose values together are no scenario:`),
          ...reasons.slice(0, shown).map((reason) => indented(plainText(reason), 2, { hang: 0 })),
          ...(reasons.length > shown
            ? [line(`  ${counted(reasons.length - shown, 'more reason')}: --format csv`)]
            : []),
        ]),
  ];
}

/** Blanks between columns of the grid. */
const blanks = 2;

/** Two axes as rows and columns: type by letter and cost a month; in blocks of columns. */
function gridBlocks({ axes, cells }: SweepAnswer): Document[] {
  const [one, other] = axes.flatMap(({ values }, i) => (values.length > 1 ? [i] : [])) as [number, number];
  const sizeOf = (axis: number) => axes[axis]?.values.length ?? 0;
  // The longer axis goes down.
  const [down, across] = sizeOf(one) >= sizeOf(other) ? [one, other] : [other, one];
  const byValues = new Map(cells.map((row) => [keyOf(row.values[down], row.values[across]), row]));
  const letters = new Map<string, { letter: string; row: SweepRow }>();
  for (const row of cells) {
    if (row.status === 'recommended' && !letters.has(row.kindsByTask ?? ''))
      letters.set(row.kindsByTask ?? '', { letter: letterOf(letters.size), row });
  }
  const rows = axes[down]?.values ?? [];
  const textOf = (downwards: string, sideways: string): string => {
    const row = byValues.get(keyOf(downwards, sideways));
    if (row?.status === 'recommended')
      return `${letters.get(row.kindsByTask ?? '')?.letter} ${narrowMoney(row.monthlyCost ?? 0)}`;
    return row?.status === 'infeasible' ? '-' : 'x';
  };
  const names = rows.map(plainText);
  const first = Math.min(Math.max(...names.map(columns)), width - 2 * blanks - 10);
  const all = (axes[across]?.values ?? []).map((value) => {
    const texts = rows.map((row) => textOf(row, value));
    const title = plainText(value);
    const room = Math.min(Math.max(columns(title), ...texts.map(columns)), width - first - blanks);
    return { title: cut(title, room), texts: texts.map((text) => cut(text, room)), room };
  });
  const blocks: (typeof all)[] = [];
  let left = 0;
  for (const column of all) {
    if (blanks + column.room > left) {
      blocks.push([]);
      left = width - first;
    }
    blocks.at(-1)?.push(column);
    left -= blanks + column.room;
  }
  const tables = blocks.map((shown) =>
    table(
      [{ title: '', least: 0 }, ...numberColumns(...shown.map(({ title }) => title))],
      names.map((name, i) => [cut(name, first), ...shown.map(({ texts }) => texts[i] ?? '')]),
    ),
  );
  const plainParagraph = (text: string) => indented(text, 0, { hang: 0 });
  const legend = [
    plainParagraph(
      `down ${plainText(axes[down]?.path ?? '')}, across ${plainText(axes[across]?.path ?? '')}; USD a month`,
    ),
    ...[...letters.values()].map(({ letter, row }) =>
      plainParagraph(`${letter}  ${kindsText(row.kinds)}${detailOf(row, letters)}`),
    ),
    ...(cells.some(({ status }) => status === 'infeasible') ? [line('-  nothing fits')] : []),
    ...(cells.some(({ status }) => status === 'invalid') ? [line('x  no scenario')] : []),
  ];
  return [...tables.map((one) => [one]), legend];
}

/** Which task runs where, if deployment types do not distinguish plans. */
function detailOf(row: SweepRow, letters: ReadonlyMap<string, { row: SweepRow }>): string {
  const kinds = row.kinds.join();
  const alike = [...letters.values()].filter((one) => one.row.kinds.join() === kinds).length > 1;
  return alike ? ` (${plainText(row.kindsByTask ?? '').replaceAll(',', ', ')})` : '';
}

const keyOf = (down: string | undefined, across: string | undefined): string => JSON.stringify([down, across]);

const cut = (text: string, room: number): string => (columns(text) > room ? `${text.slice(0, room - 1)}…` : text);

/** The scenario, the date of the prices, and how many cells there are. */
function heading({ scenario, tables, axes, cells }: SweepAnswer): Document {
  const sizes = axes.map(({ path, values }) => `${plainText(path)} ${grouped(values.length)}`).join(' x ');
  return [
    title(plainText(scenario.name), `prices ${tables.snapshot}`),
    indented(`${sizes}: ${grouped(cells.length)} cells`, 0, { hang: 0 }),
  ];
}
