import type { Expression, Operand } from '../../tables/guides/expression.js';

export type Value = number | boolean | string;
/** What is known by name; a name that is missing is not known. */
export type Values = ReadonlyMap<string, Value>;

/**
 * Whether a condition holds; null where that hangs on names that are missing, which are added to `missing`. `false and …`
 * and `true or …` hang on nothing more.
 */
export function evaluate(expression: Expression, values: Values, missing: Set<string> = new Set()): boolean | null {
  switch (expression.is) {
    case 'and':
      return joined(expression.of, false, values, missing);
    case 'or':
      return joined(expression.of, true, values, missing);
    case 'not': {
      const of = evaluate(expression.of, values, missing);
      return of === null ? null : !of;
    }
    case 'name': {
      const value = operandOf({ name: expression.name }, values, missing);
      return value === null ? null : value === true;
    }
    case 'compare': {
      const left = operandOf(expression.left, values, missing);
      const right = operandOf(expression.right, values, missing);
      return left === null || right === null ? null : holds[expression.sign](left, right);
    }
  }
}

const holds: Record<Extract<Expression, { is: 'compare' }>['sign'], (left: Value, right: Value) => boolean> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
};

/** `and` ends on false, `or` on true; else one part that is not known leaves the whole so. */
function joined(parts: readonly Expression[], ends: boolean, values: Values, missing: Set<string>): boolean | null {
  const open = new Set<string>();
  let known = true;
  for (const part of parts) {
    const value = evaluate(part, values, open);
    if (value === ends) return ends;
    if (value === null) known = false;
  }
  if (known) return !ends;
  for (const name of open) missing.add(name);
  return null;
}

function operandOf(operand: Operand, values: Values, missing: Set<string>): Value | null {
  if ('number' in operand) return operand.number;
  if ('word' in operand) return operand.word;
  const value = values.get(operand.name);
  if (value === undefined) missing.add(operand.name);
  return value ?? null;
}

/** The value of the first case that holds; a case that hangs on what is missing does not. */
export function firstCase(
  cases: readonly { value: string; when: Expression | null }[],
  values: Values,
): string | undefined {
  return cases.find(({ when }) => when === null || evaluate(when, values) === true)?.value;
}
