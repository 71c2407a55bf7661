import { kinds } from './kinds.js';
import type { Around, Complaint } from './parse.js';
import { unknownNames } from './row-facts.js';
import type { GuideRow } from './rows.js';

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
