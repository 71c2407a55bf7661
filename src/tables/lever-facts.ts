import { namesIn } from './condition.js';
import type { Around, Complaint } from './parse.js';
import type { LeverRow } from './rows.js';
import { unknownNames } from './unknown-names.js';

/** What levers may ask of a task and set: tokens of one turn, requests a day, USD a month. */
export const leverFactNames = [
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
  /** Forms of purchase beside what the scenario excludes. */
  'onDemand',
  'terms',
] as const;
export type LeverFact = (typeof leverFactNames)[number];

const inAll = (settings: LeverRow['set']): string[] => settings.flatMap(({ value }) => namesIn(value));

/** What must hold within a row of levers.csv. */
export const leverRules: ((row: LeverRow, around: Around) => Complaint[])[] = [
  ({ when, set, without, extra, reason }, { rows }) =>
    unknownNames(
      {
        when: when.map(({ fact }) => fact),
        set: inAll(set),
        without: inAll(without),
        extra: extra === null ? [] : [extra],
        reason: namesIn(reason),
      },
      [...leverFactNames, ...rows.assumptions.map(({ name }) => name)],
    ),
];
