import { rounded } from '../../decide/round.js';
import type { GuideBook, GuideTopic } from '../../tables/guides/guide.js';
import type { Kind } from '../../tables/rows.js';
import { consult } from './consult.js';
import type { Values } from './evaluate.js';
import type { Asking } from './opinions.js';

/** Something that guides differ about. */
export type GuideConflict = {
  topic: string;
  title: string;
  unit: string | null;
  /** Where each guide turns, in the unit of the topic at this scenario's tokens per request, and where the scenario is. */
  limits: { guide: string; from: number; to: number; here: number | null; side: 'below' | 'within' | 'above' | null }[];
  /** What each says of the topic alone. */
  verdicts: { guide: string; name: string; verdict: Kind[]; says: string | null }[];
};

/** The topics on which at least two guides do not say the same. */
export function conflictsAmong(asked: readonly Asking[], facts: Values, book: GuideBook): GuideConflict[] {
  return book.topics
    .map((topic): GuideConflict => {
      const { id, title, unit } = topic;
      return {
        topic: id,
        title,
        unit,
        limits: limitsOn(topic, asked, facts, book),
        verdicts: verdictsOn(topic, asked),
      };
    })
    .filter(
      ({ limits, verdicts }) =>
        new Set(limits.map(({ from, to }) => `${from} ${to}`)).size > 1 ||
        new Set(verdicts.map(({ name, verdict, says }) => `${verdict.join()} ${says ?? name}`)).size > 1,
    );
}

function limitsOn(
  topic: GuideTopic,
  asked: readonly Asking[],
  facts: Values,
  book: GuideBook,
): GuideConflict['limits'] {
  return asked.flatMap(({ guide, given }) =>
    guide.borders
      .filter((border) => border.topic === topic.id)
      .flatMap((border) => {
        const input = guide.inputs.find(({ name }) => name === border.input);
        const factor = factorTo(topic.unit, input?.unit ?? null, facts, book);
        if (factor === null) return [];
        const value = given.get(border.input);
        const [from, to] = [rounded(border.from * factor), rounded(border.to * factor)];
        const here = typeof value === 'number' ? rounded(value * factor) : null;
        const side = here === null ? null : here < from ? 'below' : here > to ? 'above' : 'within';
        return [{ guide: guide.id, from, to, here, side } as const];
      }),
  );
}

/** What a figure in `from` has to be multiplied by to be one in `to`; null where there is no way. */
function factorTo(to: string | null, from: string | null, facts: Values, { daysPerMonth }: GuideBook): number | null {
  if (to === from) return 1;
  const [tokens, requests] = [facts.get('tokens_day'), facts.get('requests_day')];
  if (to !== 'requests/month') return null;
  if (from === 'requests/day') return daysPerMonth;
  if (from !== 'tokens/day' || typeof tokens !== 'number' || typeof requests !== 'number' || tokens === 0) return null;
  return (daysPerMonth * requests) / tokens;
}

function verdictsOn(topic: GuideTopic, asked: readonly Asking[]): GuideConflict['verdicts'] {
  return asked.flatMap(({ guide }) =>
    guide.stances
      .filter((stance) => stance.topic === topic.id)
      .map(({ given, says }) => {
        const { name, verdict } = consult(guide, new Map(Object.entries(given)));
        return { guide: guide.id, name, verdict, says };
      }),
  );
}
