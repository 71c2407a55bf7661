import type { Guide, GuideRule } from '../../tables/guides/guide.js';
import type { Opinion } from './consult.js';

const most = 3;

/** Rules that hold and lead to the verdict: gates, votes for its places, items of the score that won. */
export function reasonsOf({ held, verdict, name, branches }: Opinion, guide: Guide): GuideRule[] {
  const won =
    guide.verdicts.find((one) => one.name === name && one.branches.length === branches.length)?.points ?? null;
  return held.filter(({ gate, vote, adds }) => {
    if (gate !== null) return true;
    if (vote !== null) return vote.some((kind) => verdict.includes(kind));
    return adds === won;
  });
}

/** Why a guide says what it says, in a sentence. */
export function becauseOf(opinion: Opinion, guide: Guide): string {
  const { name, scores, held } = opinion;
  if (name === 'conflict')
    return `conflict: ${held.flatMap(({ id, gate }) => (gate === null ? [] : [id])).join(' and ')} leave no place`;
  if (name === 'compute') return 'compute: neither side has a point, so it leaves the answer to the costs';
  const says = reasonsOf(opinion, guide).map((rule) => rule.says);
  const few = [...new Set(says)].slice(0, most).join('; ');
  const compared = scores.length > 1 ? ` (${scores.map((one) => `${one.name} ${figure(one.value)}`).join(', ')})` : '';
  return `${few === '' ? 'no rule of it applies: its default' : few}${compared}`;
}

const figure = (value: number): string => String(Number(value.toFixed(3)));
