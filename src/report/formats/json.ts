import { type Decision, resultSchema } from '../../decide/decision.js';
import { inKeyOrder } from '../../decide/json-schema.js';
import { escaped } from '../plain-text.js';

/** Characters JSON lets through that a terminal may obey; inside JSON they can only stand in strings. */
const unprintable = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu;

/**
 * The decision as JSON: keys in the order of the type, two spaces of indent, a line break at the end. Control
 * characters are escaped; parsing gives the same decision back.
 *
 * @throws RangeError for a number JSON has no words for: as `null` it would read as "not applicable".
 */
export const json = (decision: Decision): string => decisionText(decision, 2);

/** As `json`, with so many spaces of indent; without any it is one line. */
export function decisionText(decision: Decision, indent: number): string {
  const text = JSON.stringify(inKeyOrder(resultSchema, decision), refuseNonFinite, indent);
  return `${text.replace(unprintable, escaped)}\n`;
}

function refuseNonFinite(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${key} is ${value} in the result`);
  return value;
}
