import type { GuideReport } from '../../decide/decision.js';
import { rounded } from '../../decide/round.js';
import type { Guide, GuideBook, GuideRule } from '../../tables/guides/guide.js';
import type { Kind } from '../../tables/rows.js';
import { consult, type Opinion, type Value, type Values } from './consult.js';
import { type Asked, factsOf, fedBy } from './facts.js';

const most = 3;

/** Rules that hold and lead to the verdict: gates, votes for its places, items of the score that won. */
export const reasonsOf = ({ held, verdict, chosen }: Opinion): GuideRule[] =>
  held.filter(({ gate, vote, adds }) => {
    if (gate !== null) return true;
    return vote === null ? adds === chosen.points : vote.some((kind) => verdict.includes(kind));
  });

/** Why a guide says what it says, in a sentence. */
export function becauseOf(opinion: Opinion): string {
  const { name, scores, held, chosen } = opinion;
  if (name === 'conflict')
    return `conflict: ${held.flatMap(({ id, gate }) => (gate === null ? [] : [id])).join(' and ')} leave no place`;
  const says = [...(chosen.says === null ? [] : [chosen.says]), ...reasonsOf(opinion).map((rule) => rule.says)];
  const few = [...new Set(says)].slice(0, most).join('; ');
  const compared = scores.length > 1 ? ` (${scores.map((one) => `${one.name} ${figure(one.value)}`).join(', ')})` : '';
  return `${few === '' ? 'no rule of it applies: its default' : few}${compared}`;
}

const figure = (value: number): string => String(Number(value.toFixed(3)));

/** Values given for inputs of guides, by the guide's id. */
export type Answers = ReadonlyMap<string, ReadonlyMap<string, Value>>;

/** A guide asked about a scenario. */
export type Asking = { guide: Guide; fed: Values; given: Values; opinion: Opinion };

/** Every guide's opinion of a scenario; answers win over what the scenario tells. */
export function opinionsOn(asked: Asked, answers: Answers = new Map()): Asking[] {
  const book: GuideBook = asked.tables.guides;
  const facts = factsOf(asked, asked.workload.taskParts, book);
  return book.guides.map((guide) => asking(guide, facts, answers));
}

/** A guide asked on some facts. */
export function asking(guide: Guide, facts: Values, answers: Answers): Asking {
  const fed = fedBy(guide, facts);
  const given = new Map([...fed, ...(answers.get(guide.id) ?? [])]);
  return { guide, fed, given, opinion: consult(guide, given) };
}

const hosted: Kind = 'open-model-api';

/** Kinds as a guide calls them: to one that nowhere names hosted open models, they are APIs like others. */
export function calledBy({ rules, verdicts, default: usual }: Guide, kinds: readonly Kind[]): Kind[] {
  const named = [
    ...rules.flatMap(({ gate, vote }) => [...(gate ?? []), ...(vote ?? [])]),
    ...verdicts.flatMap(({ branches }) => branches.flatMap(({ places }) => places)),
    ...usual,
  ];
  return named.includes(hosted) ? [...kinds] : kinds.map((kind) => (kind === hosted ? 'cloud-api' : kind));
}

/** An opinion as the decision lists it; it agrees where every recommended kind is among its places. */
export function guideReport({ guide, opinion }: Asking, kinds: readonly Kind[]): GuideReport {
  const recommended = calledBy(guide, kinds);
  const { verdict, hybrid, points, unmet, unknown } = opinion;
  return {
    id: guide.id,
    verdict,
    shape: hybrid ? 'hybrid' : null,
    agrees: recommended.length > 0 && recommended.every((kind) => verdict.includes(kind)),
    points: rounded(points),
    unmet,
    unknown,
    because: becauseOf(opinion),
  };
}
