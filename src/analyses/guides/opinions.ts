import type { GuideReport } from '../../decide/decision.js';
import { rounded } from '../../decide/round.js';
import type { Guide, GuideBook } from '../../tables/guides/guide.js';
import type { Kind } from '../../tables/rows.js';
import { becauseOf } from './because.js';
import { consult, type Opinion } from './consult.js';
import type { Value, Values } from './evaluate.js';
import { type Asked, factsOf, fedBy } from './facts.js';

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

/** An opinion as the decision lists it; it agrees where every recommended kind is among its places. */
export function guideReport({ guide, opinion }: Asking, recommended: readonly Kind[]): GuideReport {
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
