import type { Expression, Operand } from '../../tables/guides/expression.js';
import type { Guide, GuideRule, GuideScore, GuideVerdict, PlaceList } from '../../tables/guides/guide.js';
import { kinds } from '../../tables/kinds.js';
import type { Kind } from '../../tables/rows.js';

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

/** What a guide says on some values of its inputs. */
export type Opinion = {
  /** As the guide calls it; `conflict`: its gates leave no place. */
  name: string;
  /** In the order of all kinds; a hybrid is the union of its branches. */
  verdict: Kind[];
  hybrid: boolean;
  branches: { what: string | null; kinds: Kind[] }[];
  points: number;
  scores: { name: string; value: number }[];
  /** Factors whose vote names no place of the verdict. */
  unmet: string[];
  /** Inputs that are not known and that a rule or a verdict hangs on; a default may stand in for them. */
  unknown: string[];
  /** Rules that hold. */
  held: GuideRule[];
  notes: { id: string; says: string }[];
  /** The one that was chosen, whatever became of it. */
  chosen: GuideVerdict;
};

/** Asks a guide: values that are not `given` have its default, or are missing and make what needs them false. */
export function consult(guide: Guide, given: Values): Opinion {
  const state = {
    given: new Map<string, Value>(given),
    values: new Map<string, Value>([
      ...guide.inputs.flatMap(({ name, default: own }): [string, Value][] => (own === null ? [] : [[name, own]])),
      ...given,
    ]),
    open: new Set<string>(),
  };
  const held = guide.rules.filter((rule) => {
    const holds = ask(rule.when, state);
    define(rule.id, holds, state);
    return holds;
  });
  const scores = guide.scores.map((score) => {
    const value = scoreOf(score, guide, held, state);
    define(score.name, value, state);
    return { name: score.name, value };
  });

  const gates = held.flatMap(({ gate }) => (gate === null ? [] : [gate]));
  const candidates = kinds.filter((kind) => gates.every((gate) => gate.includes(kind)));
  const votes = held.flatMap(({ vote }) => (vote === null ? [] : [vote]));
  const votesFor = (kind: Kind): number => votes.filter((vote) => vote.includes(kind)).length;
  const mostOf = (among: readonly Kind[]): number => among.reduce((most, kind) => Math.max(most, votesFor(kind)), 0);
  const most = mostOf(candidates);
  const voted =
    gates.length === 0 && votes.length === 0 ? guide.default : candidates.filter((kind) => votesFor(kind) === most);

  const chosen = guide.verdicts.find(({ when }) => when === null || ask(when, state)) ?? mostVoted;
  const placesOf = (places: PlaceList): Kind[] => {
    const named = places.flatMap((place) =>
      place === 'voted' ? voted : place === 'candidates' ? candidates : [place],
    );
    return kinds.filter((kind) => named.includes(kind));
  };
  const branches = chosen.branches.map(({ what, places }) => ({ what, kinds: placesOf(places) }));
  const excluded = branches.some((branch) => branch.kinds.length === 0);
  const verdict = excluded ? [] : kinds.filter((kind) => branches.some((branch) => branch.kinds.includes(kind)));
  return {
    name: excluded ? 'conflict' : chosen.name,
    verdict,
    hybrid: chosen.hybrid && !excluded,
    branches: excluded ? [] : branches,
    points: chosen.points === null ? mostOf(verdict) : (scores.find(({ name }) => name === chosen.points)?.value ?? 0),
    scores,
    unmet: [
      ...new Set(
        held
          .filter(({ vote }) => vote !== null && !vote.some((kind) => verdict.includes(kind)))
          .map(({ factor }) => factor),
      ),
    ],
    unknown: guide.inputs.filter(({ name }) => state.open.has(name)).map(({ name }) => name),
    held,
    chosen,
    notes: guide.notes.filter(({ when }) => when === null || evaluate(when, state.values) === true),
  };
}

/** Values with those of rules and scores so far: as given, and with the guide's defaults; and what was missing. */
type State = { given: Map<string, Value>; values: Map<string, Value>; open: Set<string> };

const mostVoted: GuideVerdict = {
  name: 'most points',
  when: null,
  branches: [{ what: null, places: ['voted'] }],
  hybrid: false,
  points: null,
  says: null,
  about: null,
};

function define(name: string, value: Value, { given, values }: State): void {
  given.set(name, value);
  values.set(name, value);
}

/** Whether a condition holds by the values with defaults; what it hangs on without them is noted. */
function ask(when: GuideRule['when'], { given, values, open }: State): boolean {
  evaluate(when, given, open);
  return evaluate(when, values) === true;
}

function scoreOf(
  { name, as, zeroWhen }: GuideScore,
  { rules }: Guide,
  held: readonly GuideRule[],
  state: State,
): number {
  if (zeroWhen !== null && ask(zeroWhen, state)) return 0;
  const items = rules.filter(({ adds }) => adds === name).length;
  const met = held.filter(({ adds }) => adds === name).length;
  return as === 'count' || items === 0 ? met : met / items;
}
