import type { Compared } from '../analyses/compare/compare.js';
import type { Decision } from '../decide/decision.js';
import type { Problem } from '../units/problem.js';
import type { ReadScenario } from '../workload/read.js';
import { fileProblem } from './file-problem.js';

/** What a scenario was before: decided again by files of then, or as a result kept; null: it was not there. */
export type Before = {
  before: Compared | null;
  /** Why it cannot be told what it was, though it may have been there; null: it can. */
  untold: string | null;
  problems: Problem[];
};

/** What scenarios are compared with. */
export type Baseline = {
  name: string;
  of(file: string, read: ReadScenario, now: Decision): Promise<Before>;
  /** What is said where it has none of all scenarios. */
  unmatched?: Problem;
};

/** A baseline, or why there is none; what deserves a second look beside it. */
export type ReadBaseline = { baseline: Baseline | null; problems: Problem[] };

/** What was broken before does not keep a change from being checked that mends it. */
export const unreadThen = (file: string, baseline: string, why: string): Problem => ({
  ...fileProblem('baseline-unread', file, `as of ${baseline} it cannot be read, so nothing is compared: ${why}`),
  severity: 'warning',
});
