import type { SweepAnswer, SweepRow } from '../analyses/sweep/row.js';
import { csvText } from './csv-text.js';
import { jsonText } from './json-text.js';
import { escaped } from './plain-text.js';

/** Characters JSON lets through that a terminal may obey. */
const unprintable = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu;

/** The sweep as one document; every cell names its values by path. */
export const sweepJson = (answer: SweepAnswer): string =>
  jsonText({ ...answer, cells: answer.cells.map((row) => named(row, answer)) });

/** One line a cell, each a document of its own. */
export const sweepJsonl = (answer: SweepAnswer): string =>
  answer.cells.map((row) => `${JSON.stringify(named(row, answer)).replace(unprintable, escaped)}\n`).join('');

const named = ({ values, ...row }: SweepRow, { axes }: SweepAnswer) => ({
  values: Object.fromEntries(axes.map(({ path }, i) => [path, values[i]])),
  ...row,
});

/** One row a cell, for a spreadsheet: a column for each path that varies, then what is advised there. */
export function sweepCsv({ axes, cells }: SweepAnswer): string {
  const header = [
    ...axes.map(({ path }) => path),
    'status',
    'plan',
    'shape',
    'kinds',
    'kindsByTask',
    'monthlyCost',
    'firstMonthCost',
    'peakMonthCost',
    'upfrontCost',
    'fteNeeded',
    'label',
    'reason',
  ];
  const text = (value: string | number | null) => (value === null ? '' : String(value));
  return csvText(
    header,
    cells.map((row) => [
      ...row.values,
      row.status,
      text(row.plan),
      text(row.shape),
      row.kinds.join('+'),
      text(row.kindsByTask),
      text(row.monthlyCost),
      text(row.firstMonthCost),
      text(row.peakMonthCost),
      text(row.upfrontCost),
      text(row.fteNeeded),
      text(row.label),
      text(row.reason),
    ]),
  );
}
