import { type Decision, resultSchema } from '../decide/decision.js';
import { inKeyOrder } from '../decide/json-schema.js';
import { safeJson } from './json.js';

/**
 * The decision as JSON: keys in schema order, two spaces of indent, a final line break, control characters escaped.
 * Parsing gives the same decision back.
 *
 * @throws RangeError for a number JSON has no words for: as `null` it would read as "not applicable".
 */
export const json = (decision: Decision): string => decisionText(decision, 2);

/** As `json`, with so many spaces of indent; without any it is one line. */
function decisionText(decision: Decision, indent: number): string {
  refuseNonFinite('', decision);
  return safeJson(JSON.stringify(inKeyOrder(resultSchema, decision), null, indent));
}

// A replacer of `JSON.stringify` does the same in five times as long.
function refuseNonFinite(key: string, value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${key} is ${value} in the result`);
  if (typeof value !== 'object' || value === null) return;
  for (const name in value) refuseNonFinite(name, value[name as keyof typeof value]);
}

/** The decision as one line of JSON Lines: the document of `json` without line breaks. */
export const jsonl = (decision: Decision): string => decisionText(decision, 0);
