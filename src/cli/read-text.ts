import type { Problem } from '../units/problem.js';

/** Text, or the problem if there is none. */
export type ReadText = { text: string; problem: null } | { text: null; problem: Problem };
