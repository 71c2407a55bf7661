import { suggestion } from '../units/suggest.js';
import { kinds } from './kinds.js';
import type { Around, Complaint } from './parse.js';
import type { GuideRow } from './rows.js';

const yesNo = ['yes', 'no'] as const;

/** What guides may ask of a scenario, each a number or one of some words. */
export const scenarioFacts = {
  tokensPerDay: 'number',
  requestsPerDay: 'number',
  requestsPerMonth: 'number',
  /** Of tasks whose preset is simple and that are not tuned. */
  simpleRequestsPerMonth: 'number',
  allSimple: yesNo,
  /** Smallest target that the user wrote for the time to the first token, milliseconds. */
  ttftP95Ms: 'number',
  peakToMean: 'number',
  horizonMonths: 'number',
  launchWeeks: 'number',
  /** Full-time equivalents: DevOps and ML infrastructure together, and the latter alone. */
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
  // What no scenario tells.
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

/** Conditions ask for facts of a scenario, points of the guide's own names, and what its gates leave. */
function asked({ guide, when }: GuideRow, { rows }: Around): Complaint[] {
  const counted = rows.guides.flatMap((row) => (row.guide === guide && row.effect === 'for' ? row.places : []));
  const names: string[] = [...factNames, ...kinds, 'points', 'gated', ...counted];
  const complain = (message: string): Complaint => ({ header: 'when', code: 'unknown-reference', message });
  return when.flatMap(({ fact, values }) => {
    if (!names.includes(fact)) return [complain(`"${fact}" is not a fact; ${suggestion(fact, names, 'facts')}`)];
    const kind = fact in scenarioFacts ? scenarioFacts[fact as ScenarioFact] : 'number';
    if (kind === 'number' || kind === 'word') return [];
    const wrong = values.find((value) => value !== 'unknown' && !(kind as readonly string[]).includes(value));
    return wrong === undefined ? [] : [complain(`"${wrong}" is none of ${kind.join(', ')}`)];
  });
}

/** Gates and answers name deployment types; a gate needs one. */
function named({ effect, places, guide }: GuideRow, { rows }: Around): Complaint[] {
  if (effect === 'for') return [];
  const counted = rows.guides.flatMap((row) => (row.guide === guide && row.effect === 'for' ? row.places : []));
  const known: string[] = effect === 'only' ? [...kinds] : [...kinds, 'voted', ...counted];
  return places
    .filter((place) => !known.includes(place))
    .map((place) => ({
      header: 'places',
      code: 'unknown-reference',
      message: `"${place}" is no deployment type; ${suggestion(place, known, 'deployment types')}`,
    }));
}

/** What must hold within a row of guides.csv. */
export const guideRules: ((row: GuideRow, around: Around) => Complaint[])[] = [asked, named];
