import type { Decision } from '../../decide/decision.js';
import { decisionText } from './json.js';

/** The decision as one line of JSON Lines: the document that `json` writes, without its line breaks. */
export const jsonl = (decision: Decision): string => decisionText(decision, 0);
