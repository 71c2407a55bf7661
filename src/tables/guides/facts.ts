import type { NameKind, Scope } from './expression.js';

const number: NameKind = { is: 'number' };
const flag: NameKind = { is: 'flag' };
const word = (...values: string[]): NameKind => ({ is: 'word', values: values.length > 0 ? values : null });

/** What guides may ask about one task. */
export const taskFacts = {
  /** Preset of the task. */
  type: word(),
  /** Name of the capability tier that its need lies in. */
  tier: word(),
  fine_tuning: flag,
} as const satisfies Record<string, NameKind>;

/** What guides may ask about a scenario, or about some of its tasks. */
export const scenarioFacts = {
  tokens_day: number,
  requests_day: number,
  requests_month: number,
  /** Requests a month of tasks of the class `basic`. */
  basic_requests_month: number,
  /** Smallest target that the user wrote for the time to the first token, milliseconds. */
  ttft_p95_ms: number,
  peak_to_mean: number,
  /** Where written. */
  horizon_months: number,
  launch_weeks: number,
  /** Full-time equivalents: devops and ML infrastructure together, and the latter alone. */
  people: number,
  ml_people: number,
  /** Different tiers among the tasks. */
  tiers: number,
  /** Of the most sensitive task. */
  sensitivity: word('public', 'internal', 'pii', 'regulated', 'device-only'),
  /** Share of requests whose data are regulated or stay on the device. */
  sensitive_share: number,
  /** How far the data of the narrowest task may go. */
  boundary: word('device', 'own-premises', 'own-account', 'under-contract', 'anywhere'),
  baa: flag,
  frontier: flag,
  fine_tuning: flag,
  offline: flag,
  all_basic: flag,
  objective: word('cost', 'balanced', 'quality'),
  /** Of the task with most requests. */
  largest_class: word(),
  largest_type: word(),
} as const satisfies Record<string, NameKind>;

export type ScenarioFact = keyof typeof scenarioFacts;
export type TaskFact = keyof typeof taskFacts;

export const scopeOf = (names: Readonly<Record<string, NameKind>>): Scope => new Map(Object.entries(names));
