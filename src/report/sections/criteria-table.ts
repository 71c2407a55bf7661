import type { CriteriaRow, Decision } from '../../decide/decision.js';
import { indented, type Line } from '../lines.js';
import { narrowMoney } from '../money.js';
import { decimal, grouped } from '../number-text.js';
import { columns, padded } from '../wrap.js';

type Criterion = { title: string; text: (row: CriteriaRow) => string };

const unknown = '-';
const orUnknown = <T>(value: T | null, text: (value: T) => string): string => (value === null ? unknown : text(value));

/** Short enough for seven columns of a screen. */
const boundaryWords: Readonly<Record<NonNullable<CriteriaRow['boundary']>, string>> = {
  device: 'device',
  'own-premises': 'premises',
  'own-account': 'account',
  'under-contract': 'contract',
  anywhere: 'anywhere',
};
const columnNames: Readonly<Record<CriteriaRow['kind'], string>> = {
  'cloud-api': 'cloud',
  'open-model-api': 'open API',
  'managed-hosting': 'hosting',
  'serverless-gpu': 'on call',
  'self-hosted-cloud': 'rented',
  'on-prem': 'owned',
  edge: 'edge',
};

const criteria: readonly Criterion[] = [
  { title: 'weeks to start', text: ({ startWeeks }) => orUnknown(startWeeks, ({ likely }) => decimal(likely)) },
  { title: '$/month small', text: ({ costSmall }) => orUnknown(costSmall, narrowMoney) },
  { title: '$/month large', text: ({ costLarge }) => orUnknown(costLarge, narrowMoney) },
  { title: 'quality', text: ({ quality }) => orUnknown(quality, (index) => index.toFixed(1)) },
  { title: 'data boundary', text: ({ boundary }) => orUnknown(boundary, (word) => boundaryWords[word]) },
  { title: 'TTFT p95 ms', text: ({ ttftP95Ms }) => orUnknown(ttftP95Ms, grouped) },
  { title: 'customization', text: ({ customization }) => customization ?? unknown },
  { title: 'burden', text: ({ burden }) => burden ?? unknown },
  { title: 'lock-in', text: ({ lockIn }) => lockIn ?? unknown },
  { title: 'scaling', text: ({ scaling }) => scaling ?? unknown },
  { title: 'dependency', text: ({ dependency }) => dependency ?? unknown },
];

/** Criteria down, kinds of place across; one kind after the other where that is too wide. */
export function criteriaTable({ criteria: rows }: Decision, width: number): Line[] {
  if (rows.length === 0) return [];
  const titleWidth = Math.max(...criteria.map(({ title }) => columns(title)));
  const cells = rows.map((row) => [columnNames[row.kind], ...criteria.map(({ text }) => text(row))]);
  const widths = cells.map((column) => Math.max(...column.map(columns)));
  const total = 1 + titleWidth + widths.reduce((sum, one) => sum + one + 1, 0);
  if (total > width) {
    return rows.flatMap((row) => [
      ...indented(row.kind, 1, width),
      ...indented(criteria.map(({ title, text }) => `${title} ${text(row)}`).join(', '), 3, width),
    ]);
  }
  return ['', ...criteria.map(({ title }) => title)].map((title, line) => ({
    tag: '',
    text: ` ${padded(title, titleWidth)}${cells.map((column, i) => ` ${padded(column[line] ?? '', widths[i] as number)}`).join('')}`.trimEnd(),
    tone: line === 0 ? 'faint' : 'plain',
  }));
}
