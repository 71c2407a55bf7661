import type { SweepAnswer, SweepRow } from '../analyses/sweep/row.js';
import { money } from './money.js';
import { counted, decimal } from './number-text.js';
import { plainText } from './plain-text.js';
import { gridBlocks } from './sweep-grid.js';
import { sweepHeading, sweepKinds } from './sweep-heading.js';
import { columns, padded, paddedLeft, wrap } from './wrap.js';

const width = 80;
const longestValue = 24;
const gap = 2;

/**
 * The sweep for reading: over two axes a grid of kinds and costs, else a list in which it is marked where the advice
 * changes; whatever is axis or kind is explained below.
 */
export function sweepTable(answer: SweepAnswer): string {
  const { axes } = answer;
  const isGrid = axes.filter(({ values }) => values.length > 1).length === 2;
  const blocks = [sweepHeading(answer, width), ...(isGrid ? gridBlocks(answer, width) : [list(answer)]), notes(answer)];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.trimEnd()).join('\n'))
    .join('\n\n')}\n`;
}

type Column = { title: string; texts: string[]; right: boolean };

/** One line a cell; what the advice asks for beside its cost is left out where there is no room. */
function list({ axes, cells }: SweepAnswer): string[] {
  const paths = axes.map(({ path }) => path);
  const usd = (amount: number | null) => (amount === null ? '' : money(amount));
  const needed: Column[] = [
    { title: '', texts: cells.map((row, i) => change(row, neighborOf(row, cells[i - 1]))), right: false },
    ...paths.map((path, axis) => ({
      title: shortened(titleOf(path, paths)),
      texts: cells.map(({ values }) => shortened(plainText(values[axis] ?? ''))),
      right: isNumeric(cells, axis),
    })),
    { title: 'advice', texts: cells.map(whatOf), right: false },
    { title: '$/month', texts: cells.map(({ monthlyCost }) => usd(monthlyCost)), right: true },
  ];
  const more: Column[] = [
    { title: 'up front', texts: cells.map(({ upfrontCost }) => usd(upfrontCost)), right: true },
    {
      title: 'FTE',
      texts: cells.map(({ fteNeeded }) => (fteNeeded === null ? '' : decimal(fteNeeded))),
      right: true,
    },
  ];
  const shown = [...needed];
  for (const column of more) if (widthOf([...shown, column]) <= width) shown.push(column);
  const line = (textOf: (column: Column) => string): string =>
    shown.map((column) => (column.right ? paddedLeft : padded)(textOf(column), roomOf(column))).join(' '.repeat(gap));
  return [line(({ title }) => title), ...cells.map((_, i) => line(({ texts }) => texts[i] ?? ''))];
}

const roomOf = ({ title, texts }: Column): number =>
  texts.reduce((most, text) => Math.max(most, columns(text)), columns(title));

const widthOf = (all: readonly Column[]): number =>
  all.reduce((sum, column) => sum + roomOf(column), gap * (all.length - 1));

const isNumeric = (cells: readonly SweepRow[], axis: number): boolean =>
  cells.every(({ values }) => /^\$?-?[\d.]/.test(values[axis] ?? ''));

/** Long texts by their beginning. */
const shortened = (text: string): string =>
  columns(text) > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;

/** As much of the end of a path as tells it from the others. */
function titleOf(path: string, all: readonly string[]): string {
  const steps = path.split('.');
  const ends = steps.map((_, i) => steps.slice(-1 - i).join('.'));
  const told = ends.find((end) => all.every((other) => other === path || !`.${other}`.endsWith(`.${end}`)));
  return plainText(told ?? path);
}

/** The line above, where it is one step of one axis away: past the end of a run several values move at once. */
function neighborOf({ values }: SweepRow, above: SweepRow | undefined): SweepRow | undefined {
  const moved = values.filter((value, axis) => value !== above?.values[axis]).length;
  return moved === 1 ? above : undefined;
}

/** Where the advice changes from one line to the next; `*`: another plan of the same kinds. */
function change(row: SweepRow, before: SweepRow | undefined): string {
  if (before === undefined) return '';
  if (row.status !== before.status || row.kindsByTask !== before.kindsByTask) return '>';
  return row.plan === before.plan ? '' : '*';
}

function whatOf(row: SweepRow): string {
  if (row.status === 'infeasible') return 'nothing fits';
  if (row.status === 'invalid') return 'invalid';
  return sweepKinds(row);
}

/** What the marks mean, how many cells are without a plan, and why some are no scenario. */
function notes({ axes, cells }: SweepAnswer): string[] {
  const of = (status: SweepRow['status']) => cells.filter((row) => row.status === status);
  const [none, invalid] = [of('infeasible'), of('invalid')];
  const reasons = [...new Set(invalid.map(({ reason }) => reason ?? ''))];
  const shown = 3;
  const varied = axes.filter(({ values }) => values.length > 1).length;
  const listed = varied !== 2;
  const changes = `the advice changes${varied > 2 ? ' with the last axis' : ''}`;
  return [
    ...(listed && cells.length > 1 ? [`> ${changes}; * another plan of the same kinds`] : []),
    ...(none.length === 0 ? [] : [`${counted(none.length, 'cell')} with no plan that satisfies the hard rules`]),
    ...(invalid.length === 0
      ? []
      : [
          `${counted(invalid.length, 'cell')} whose values together are no scenario:`,
          ...reasons.slice(0, shown).flatMap((reason) => wrap(plainText(reason), width - 2).map((line) => `  ${line}`)),
          ...(reasons.length > shown ? [`  ${counted(reasons.length - shown, 'more reason')}: --format csv`] : []),
        ]),
  ];
}
