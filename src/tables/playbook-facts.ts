import { namesIn } from './condition.js';
import type { Around, Complaint } from './parse.js';
import type { PlaybookRow } from './rows.js';
import { unknownNames } from './unknown-names.js';

/** What rows of playbook.csv may speak of beside parameters: facts of a plan. Money is USD a month unless the fact says otherwise. */
export const planFacts = [
  /** `no`: no plan meets the rules, and nothing else is known. */
  'fits',
  /** The plan is what is in use today. */
  'stays',
  'plan',
  /** Whether a model is good enough is assumed, or decides how sure the advice is. */
  'qualityOpen',
  /** `no`: better models are known, and nobody said what a failed answer costs. */
  'failedAnswerPriced',
  'bought',
  'today',
  /** Where today's bill is below the plan and list prices of today's way are above it: what the plan costs more. */
  'dearer',
  'todayBill',
  'todayList',
  /** Agreements and settings that the data ask for, in words. */
  'agreements',
  'agreementCount',
  'fteMissing',
  'fteNeeded',
  'fteFree',
  'cashExtra',
  /** USD before the start. */
  'upfrontCost',
  /** What takes longest until it can serve, and how long. */
  'slowest',
  'leadWeeks',
  'retires',
  'retiring',
  'retiresOn',
  'nextStage',
  'stagePlan',
  'stageOn',
  'stageVolume',
  'stageCost',
  'stageMoveCost',
] as const;
export type PlanFact = (typeof planFacts)[number];

/** How numbers are written in a text: `{upfrontCost:usd}`. */
const forms = /\{\w+(?::(?:usd|count|weeks|plain))?\}/g;

/** What must hold within a row of playbook.csv. */
export const playbookRules: ((row: PlaybookRow, around: Around) => Complaint[])[] = [
  ({ when, takes, text }, { rows }) =>
    unknownNames(
      {
        when: when.map(({ fact }) => fact),
        takes: takes === null ? [] : [takes],
        text: [...namesIn(text), ...(/[{}]/.test(text.replace(forms, '')) ? ['{…}'] : [])],
      },
      [...planFacts, ...[...rows.owning, ...rows.latency, ...rows.assumptions].map(({ name }) => name)],
    ),
];
