import type { CriteriaRow, Decision, Factor } from '../decide/decision.js';
import { kindNames } from '../tables/kinds.js';
import { type Document, indented, narrow, table, textColumns } from './document.js';
import { decimal, grouped, narrowMoney, seconds } from './numbers.js';
import { findOption, markOfPlans } from './plan-names.js';

const factors: Readonly<Record<Factor | 'total', string>> = {
  volume: 'cost',
  sensitivity: 'data boundary',
  capability: 'good enough',
  team: 'people',
  latency: 'latency',
  total: 'total',
};

/** Every score of every row with total and option, wrapped. */
export function scoreList(decision: Decision): Document {
  return decision.scorecard.flatMap(({ kind, option, verdict, monthlyCost, scores }) => {
    const texts = (Object.keys(factors) as (keyof typeof factors)[]).map(
      (factor) => `${factors[factor]} ${orUnknown(scores[factor], grouped)}`,
    );
    if (option === null) return indented(`${kindNames[kind]}: ${verdict}`, 1);
    const known = findOption(decision, option);
    return [
      indented(`${kindNames[kind]}: ${verdict}`, 1),
      indented(known === undefined ? option : `${known.names.model}, ${known.names.provider}`, 3),
      indented(
        `$${orUnknown(monthlyCost, narrowMoney)}${markOfPlans(decision, option)} a month; scores ${texts.join(', ')}`,
        3,
      ),
    ];
  });
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
  'cloud-api': 'closed',
  'open-model-api': 'hosted',
  'managed-hosting': 'managed',
  'serverless-gpu': 'serverless',
  'self-hosted-cloud': 'rented',
  'on-prem': 'owned',
  edge: 'device',
};

const criteria: readonly Criterion[] = [
  { title: 'weeks to start', text: ({ startWeeks }) => orUnknown(startWeeks, ({ likely }) => decimal(likely)) },
  { title: '$/month small', text: ({ costSmall }) => orUnknown(costSmall, narrowMoney) },
  { title: '$/month large', text: ({ costLarge }) => orUnknown(costLarge, narrowMoney) },
  { title: 'quality', text: ({ quality }) => orUnknown(quality, (index) => index.toFixed(0)) },
  { title: 'data boundary', text: ({ boundary }) => orUnknown(boundary, (word) => boundaryWords[word]) },
  { title: 'first token', text: ({ ttftP95Ms }) => seconds(ttftP95Ms) },
  { title: 'customization', text: ({ customization }) => customization ?? unknown },
  { title: 'burden', text: ({ burden }) => burden ?? unknown },
  { title: 'lock-in', text: ({ lockIn }) => lockIn ?? unknown },
  { title: 'scaling', text: ({ scaling }) => scaling ?? unknown },
  { title: 'dependency', text: ({ dependency }) => dependency ?? unknown },
];

/** Criteria down, deployment types across; one after the other if too wide. */
export function criteriaTable({ criteria: rows }: Decision): Document {
  if (rows.length === 0) return [];
  return [
    table(
      narrow(textColumns('', ...rows.map(({ kind }) => columnNames[kind]))),
      criteria.map(({ title, text }) => [title, ...rows.map(text)]),
      { indent: 1, asList: rows.map(({ kind }) => kindNames[kind]) },
    ),
  ];
}
