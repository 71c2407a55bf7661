import { suggestion } from '../units/problem.js';
import { kinds, namesIn } from './column.js';
import type { GuideRow, LeverRow, PlaybookRow } from './columns.js';
import type { Around, Complaint } from './parse.js';

const yesNo = ['yes', 'no'] as const;

/** Facts of a scenario for guides, each a number or one of some words. */
export const scenarioFacts = {
  tokensPerDay: 'number',
  requestsPerDay: 'number',
  requestsPerMonth: 'number',
  /** Of tasks whose preset is simple and that are not tuned. */
  simpleRequestsPerMonth: 'number',
  allSimple: yesNo,
  /** Smallest target of the user's for the first token, milliseconds. */
  ttftP95Ms: 'number',
  peakToMean: 'number',
  horizonMonths: 'number',
  launchWeeks: 'number',
  /** Full-time equivalents: DevOps and ML infrastructure in sum, and the latter. */
  people: 'number',
  mlPeople: 'number',
  /** Different capability tiers among the tasks, and the name of the highest. */
  tiers: 'number',
  hardestTask: 'word',
  /** The task with most requests. */
  largestTask: ['frontier', 'tuned', 'simple', 'general'],
  /** Of the most sensitive task. */
  sensitivity: ['public', 'internal', 'pii', 'regulated', 'device-only'],
  /** Share of requests whose data are regulated or stay on the device. */
  sensitiveShare: 'number',
  /** How far the data of the narrowest task may go. */
  boundary: ['device', 'own-premises', 'own-account', 'under-contract', 'anywhere'],
  baa: yesNo,
  fineTuning: yesNo,
  offline: yesNo,
  // Facts in no scenario.
  stage: ['mvp', 'growth', 'scale'],
  priority: ['quality', 'cost'],
  qualityFirst: yesNo,
  balance: yesNo,
  complexReasoning: yesNo,
  privateCloud: yesNo,
} as const satisfies Record<string, 'number' | 'word' | readonly string[]>;

export type ScenarioFact = keyof typeof scenarioFacts;
export const factNames = Object.keys(scenarioFacts) as ScenarioFact[];

/** Whether a fact may be that. */
export function isValueOf(name: ScenarioFact, value: number | string): boolean {
  const kind: 'number' | 'word' | readonly string[] = scenarioFacts[name];
  if (kind === 'number') return typeof value === 'number';
  return typeof value === 'string' && (kind === 'word' || kind.includes(value));
}

/**
 * What must hold within a row of guides.csv: conditions need facts with their words, points of the guide's own names
 * and what its gates leave; gates name deployment types.
 */
export function guideRules({ guide, when, effect, places }: GuideRow, { rows }: Around): Complaint[] {
  const wrongWords = when.flatMap(({ fact, values }): Complaint[] => {
    const kind = (scenarioFacts as Readonly<Record<string, string | readonly string[]>>)[fact] ?? 'number';
    if (typeof kind === 'string') return [];
    const wrong = values.find((value) => value !== 'unknown' && !kind.includes(value));
    const message = `"${wrong}" is none of ${kind.join(', ')}`;
    return wrong === undefined ? [] : [{ header: 'when', code: 'unknown-reference', message }];
  });
  const counted = rows.guides.flatMap((row) => (row.guide === guide && row.effect === 'for' ? row.places : []));
  const answers = effect === 'only' ? [] : ['voted', ...counted];
  return [
    ...wrongWords,
    ...unknownNames({ when: when.map(({ fact }) => fact) }, [...factNames, ...kinds, 'points', 'gated', ...counted]),
    ...unknownNames({ places }, [...kinds, ...answers]),
  ];
}

/** Facts of a plan for rows of playbook.csv, with parameters. USD a month unless stated otherwise. */
const planFacts = [
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
  /** Extra cost of the plan where today's bill is below it, and list prices of today's option above. */
  'dearer',
  'todayBill',
  'todayList',
  /** Agreements and settings that the data require, in words. */
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
export const playbookRules = ({ when, takes, text }: PlaybookRow, { rows }: Around): Complaint[] =>
  unknownNames(
    {
      when: when.map(({ fact }) => fact),
      takes: takes === null ? [] : [takes],
      text: [...namesIn(text), ...(/[{}]/.test(text.replace(forms, '')) ? ['{…}'] : [])],
    },
    [...planFacts, ...[...rows.owning, ...rows.latency, ...rows.assumptions].map(({ name }) => name)],
  );

/** What levers read and set for a task: tokens of one turn, requests a day, USD a month. */
const leverFactNames = [
  'sensitivity',
  'uncachedRequests',
  'embeddingUsd',
  /** What it sends and what is found for it. */
  'promptTokens',
  'trimmedInput',
  'trimmedPrefix',
  'outputTokens',
  'trimmedOutput',
  /** In the plan; `none`: it does not reason there. */
  'reasoning',
  'turns',
  'lessHistory',
  'prefix',
  'sharedPrefix',
  /** Long enough for providers, or on a machine that caches prefixes of any length. */
  'cacheable',
  /** Its preset says that nobody waits, and no target that somebody does. */
  'mayWait',
  'batched',
  'easy',
  /** Where the tier below the one it needs begins; 0: there is none, or the lowest. */
  'easierIndex',
  'tuned',
  'rented',
  /** Forms of purchase that the scenario does not exclude. */
  'onDemand',
  'terms',
] as const;
export type LeverFact = (typeof leverFactNames)[number];

const inAll = (settings: LeverRow['set']): string[] => settings.flatMap(({ value }) => namesIn(value));

/** What must hold within a row of levers.csv. */
export const leverRules = ({ when, set, without, extra, reason }: LeverRow, { rows }: Around): Complaint[] =>
  unknownNames(
    {
      when: when.map(({ fact }) => fact),
      set: inAll(set),
      without: inAll(without),
      extra: extra === null ? [] : [extra],
      reason: namesIn(reason),
    },
    [...leverFactNames, ...rows.assumptions.map(({ name }) => name)],
  );

/** Names in cells that stand in none of the lists given. */
function unknownNames(cells: Readonly<Record<string, readonly string[]>>, known: readonly string[]): Complaint[] {
  return Object.entries(cells).flatMap(([header, names]) =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => {
        const near = suggestion(name, known, 'names', 20);
        const message = `"${name}" is no name that may stand here${near === null ? '' : `; ${near}`}`;
        return { header, code: 'unknown-reference', message };
      }),
  );
}
