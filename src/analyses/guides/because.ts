import type { GuideRule } from '../../tables/guides/guide.js';
import type { Opinion } from './consult.js';

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
