import type { CriteriaRow, Decision, Factor, Scores } from '../decide/decision.js';
import { type Document, indented, narrow, table, textColumns } from './document.js';
import { decimal, grouped, narrowMoney } from './numbers.js';
import { type Mark, markOfPlans } from './plan-names.js';

type Cell = { factor: Factor | 'total'; title: string };
const factors: Cell[] = [
  { factor: 'volume', title: 'vol' },
  { factor: 'sensitivity', title: 'sens' },
  { factor: 'capability', title: 'cap' },
  { factor: 'team', title: 'team' },
  { factor: 'latency', title: 'lat' },
];
const total: Cell = { factor: 'total', title: 'total' };

/** Every score of every row, the total and the option among them, each on as many lines as it takes. */
export function scoreList(decision: Decision): Document {
  return decision.scorecard.flatMap(({ kind, option, verdict, monthlyCost, scores }) => {
    const texts = [...factors, total].map(({ factor }) => `${factor} ${scoreText(scores, factor)}`);
    return [
      indented(`${kind}: ${verdict}`, 1),
      ...(option === null ? [] : [indented(option, 3)]),
      indented(`$/month ${costText(monthlyCost, markOfPlans(decision, option))}, ${texts.join(', ')}`, 3),
    ];
  });
}

function costText(usd: number | null, mark: Mark): string {
  return `${usd === null ? '-' : narrowMoney(usd)}${mark}`;
}

function scoreText(scores: Scores | null, factor: Factor | 'total'): string {
  const score = scores?.[factor] ?? null;
  return score === null ? '-' : grouped(score);
}

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
export function criteriaTable({ criteria: rows }: Decision): Document {
  if (rows.length === 0) return [];
  return [
    table(
      narrow(textColumns('', ...rows.map(({ kind }) => columnNames[kind]))),
      criteria.map(({ title, text }) => [title, ...rows.map(text)]),
      { indent: 1, asList: rows.map(({ kind }) => kind) },
    ),
  ];
}
