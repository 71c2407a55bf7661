import { suggestion } from '../../units/suggest.js';

export type Sign = '<' | '<=' | '>' | '>=' | '==';
export type Operand = { name: string } | { number: number } | { word: string };

/** A condition of a guide, checked: every name in it is known. */
export type Expression =
  | { is: 'and' | 'or'; of: Expression[] }
  | { is: 'not'; of: Expression }
  | { is: 'name'; name: string }
  | { is: 'compare'; left: Operand; sign: Sign; right: Operand };

/** What a name stands for; `word` with the words it may be, null: any. */
export type NameKind = { is: 'number' } | { is: 'flag' } | { is: 'word'; values: readonly string[] | null };
/** The names that an expression may use. */
export type Scope = ReadonlyMap<string, NameKind>;

/** A mistake, `at` characters into the expression. */
export type Mistake = { at: number; message: string; suggestion: string | null };

type Token = { text: string; at: number };
type Atom = { at: number; text: string; number: number | null };
const signs: readonly string[] = ['<', '<=', '>', '>=', '=='];
const keywords: readonly string[] = ['and', 'or', 'not'];
const token = /\s*(<=|>=|==|[<>()]|\d+(?:\.\d+)?(?![\w.])|[A-Za-z_][\w-]*)/y;

/** Thrown inside this file only. */
class Wrong extends Error {
  readonly mistake: Mistake;
  constructor(at: number, message: string, suggestion: string | null = null) {
    super(message);
    this.mistake = { at, message, suggestion };
  }
}

/**
 * Reads a condition: names, numbers, `< <= > >= ==` (also in a row: `1 <= x < 2`), `not`, `and`, `or` in falling order of
 * binding, brackets. A bare word beside `==` is a value where the other side is a choice.
 */
export function readExpression(text: string, scope: Scope): { expression: Expression } | { mistake: Mistake } {
  try {
    return { expression: parse(tokensOf(text), text.length, scope) };
  } catch (error) {
    if (error instanceof Wrong) return { mistake: error.mistake };
    throw error;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  for (let at = 0; text.slice(at).trim() !== ''; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text)?.[1];
    if (found === undefined) {
      const from = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
      throw new Wrong(
        from,
        `"${/^(?:[\w.]+|.)/.exec(text.slice(from))?.[0]}" is not understood`,
        'there are names, numbers, < <= > >= == and or not ( )',
      );
    }
    tokens.push({ text: found, at: token.lastIndex - found.length });
  }
  return tokens;
}

/** Recursive descent, one function for each level of binding. */
function parse(tokens: readonly Token[], end: number, scope: Scope): Expression {
  let next = 0;
  const takes = (text: string): boolean => {
    if (tokens[next]?.text !== text) return false;
    next++;
    return true;
  };
  const joined = (word: 'and' | 'or', part: () => Expression): Expression => {
    const of = [part()];
    while (takes(word)) of.push(part());
    return of.length === 1 ? (of[0] as Expression) : { is: word, of };
  };
  const either = (): Expression => joined('or', both);
  const both = (): Expression => joined('and', turned);
  const turned = (): Expression => (takes('not') ? { is: 'not', of: turned() } : compared());
  const compared = (): Expression => {
    if (takes('(')) {
      const inner = either();
      if (!takes(')')) throw new Wrong(tokens[next]?.at ?? end, 'a bracket is not closed');
      return inner;
    }
    let left = atom();
    const parts: Expression[] = [];
    for (let sign = tokens[next]; sign !== undefined && signs.includes(sign.text); sign = tokens[next]) {
      next++;
      const right = atom();
      parts.push(comparison(left, sign.text as Sign, right, scope));
      left = right;
    }
    if (parts.length === 0) return flag(left, scope);
    return parts.length === 1 ? (parts[0] as Expression) : { is: 'and', of: parts };
  };
  const atom = (): Atom => {
    const found = tokens[next];
    if (found === undefined) throw new Wrong(end, 'the condition ends too early');
    if (!/^\w/.test(found.text) || keywords.includes(found.text))
      throw new Wrong(found.at, `"${found.text}" is not expected here`, 'write a name or a number');
    next++;
    return { ...found, number: /^\d/.test(found.text) ? Number(found.text) : null };
  };
  const whole = either();
  const rest = tokens[next];
  if (rest === undefined) return whole;
  throw new Wrong(rest.at, `"${rest.text}" is not expected here`, 'two conditions are joined by and, or');
}

function comparison(left: Atom, sign: Sign, right: Atom, scope: Scope): Expression {
  const [one, other] = [kindOf(left, scope), kindOf(right, scope)];
  const [choice, name, value] =
    one?.is === 'word' ? [one, left, right] : other?.is === 'word' ? [other, right, left] : [];
  if (choice && name && value) {
    if (sign !== '==') throw new Wrong(left.at, 'words are compared with == only');
    if (value.number !== null || (choice.values !== null && !choice.values.includes(value.text)))
      throw new Wrong(
        value.at,
        `"${value.text}" is not among the values of ${name.text}`,
        suggestion(value.text, choice.values ?? [], 'values'),
      );
    return { is: 'compare', left: { name: name.text }, sign, right: { word: value.text } };
  }
  for (const atom of [left, right])
    if (atom.number === null && known(atom, scope).is !== 'number')
      throw new Wrong(
        atom.at,
        `"${atom.text}" is true or false, not a number`,
        'write the name alone, or not before it',
      );
  return { is: 'compare', left: operand(left), sign, right: operand(right) };
}

function flag(atom: Atom, scope: Scope): Expression {
  const is = atom.number === null ? known(atom, scope).is : 'number';
  if (is !== 'flag') throw new Wrong(atom.at, `"${atom.text}" is a ${is}, no condition`, 'compare it with something');
  return { is: 'name', name: atom.text };
}

function known(atom: Atom, scope: Scope): NameKind {
  const kind = kindOf(atom, scope);
  if (kind !== null) return kind;
  throw new Wrong(atom.at, `"${atom.text}" is no name here`, suggestion(atom.text, [...scope.keys()], 'names'));
}

const kindOf = ({ text, number }: Atom, scope: Scope): NameKind | null =>
  number === null ? (scope.get(text) ?? null) : null;

const operand = ({ text, number }: Atom): Operand => (number === null ? { name: text } : { number });
