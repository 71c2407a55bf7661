import type { GuideReport } from '../../decide/decision.js';
import type { Context } from '../../places/placement.js';
import { allHold, type Condition, type Facts } from '../../tables/condition.js';
import { factNames } from '../../tables/guide-facts.js';
import { kinds } from '../../tables/kinds.js';
import type { GuideRow, Kind } from '../../tables/rows.js';
import type { Prose } from '../../tables/tables.js';
import type { Scenario } from '../../workload/schema.js';
import { scenarioFactsOf } from './facts.js';

const mostReasons = 3;

/** Facts that a guide needs and the scenario does not have, by `guide.fact`. */
export type Answers = ReadonlyMap<string, number | string>;

/** The verdict of each guide; it agrees if its places include every recommended type. */
export function guideReports(
  scenario: Scenario,
  context: Context,
  recommended: readonly Kind[],
  { prose, answers = new Map() }: { prose: Prose; answers?: Answers },
): GuideReport[] {
  const { guides } = context.tables;
  const facts = scenarioFactsOf(scenario, context);
  return [...new Set(guides.map(({ guide }) => guide))].map((id) => {
    const rows = guides.filter(({ guide }) => guide === id);
    const told = [...answers].flatMap(([name, value]): [string, number | string][] =>
      name.startsWith(`${id}.`) ? [[name.slice(id.length + 1), value]] : [],
    );
    const opinion = consult(rows, new Map([...facts, ...told]));
    const called = calledBy(rows, recommended);
    const [first] = rows;
    return {
      id,
      title: first === undefined ? id : prose({ table: 'guides', row: first.row }).source,
      agrees: called.length > 0 && called.every((kind) => opinion.verdict.includes(kind)),
      ...opinion,
    };
  });
}

/** To a guide that nowhere names hosted open models they are APIs like others. */
function calledBy(rows: readonly GuideRow[], recommended: readonly Kind[]): Kind[] {
  const named = rows.some(({ places }) => places.includes('open-model-api'));
  return recommended.map((kind) => (kind === 'open-model-api' && !named ? 'cloud-api' : kind));
}

/**
 * Evaluates a guide: gates (`only`) leave places, points go to places or other names; the first answer that holds is
 * the verdict, else the remaining places with most points.
 */
export function consult(
  rows: readonly GuideRow[],
  facts: Facts,
): Pick<GuideReport, 'verdict' | 'shape' | 'unknown' | 'because'> {
  const known = new Map(facts);
  const unknown = new Set<string>();
  const asked = (row: GuideRow): boolean => {
    for (const name of missing(row.when, known)) unknown.add(name);
    return allHold(row.when, known);
  };
  const held = rows.filter((row) => (row.effect === 'only' || row.effect === 'for') && asked(row));
  const gates = held.filter(({ effect }) => effect === 'only');
  const left = kinds.filter((kind) => gates.every(({ places }) => places.includes(kind)));
  const names = new Set([...kinds, ...rows.flatMap(({ effect, places }) => (effect === 'for' ? places : []))]);
  const pointsOf = (name: string | null): number =>
    held.reduce(
      (sum, { effect, places, points }) =>
        effect === 'for' && (name === null || places.includes(name)) ? sum + points : sum,
      0,
    );
  for (const name of names) known.set(name, pointsOf(name));
  known.set('points', pointsOf(null)).set('gated', gates.length > 0 ? 'yes' : 'no');
  const most = Math.max(...left.map(pointsOf));
  const voted = left.filter((kind) => pointsOf(kind) === most);
  const chosen = rows.find((row) => (row.effect === 'answer' || row.effect === 'hybrid') && asked(row));
  const places = chosen?.places ?? ['voted'];
  const verdict = kinds.filter((kind) => places.includes(kind) || (places.includes('voted') && voted.includes(kind)));
  const reasons = held.filter(
    (row) => row.effect === 'only' || row.places.some((one) => [...places, ...verdict].includes(one)),
  );
  const says = [...(chosen === undefined ? [] : [chosen]), ...reasons].map((row) => row.says);
  return {
    verdict,
    shape: chosen?.effect === 'hybrid' ? 'hybrid' : null,
    unknown: factNames.filter((name) => unknown.has(name)),
    because: [...new Set(says)]
      .filter((text) => text !== '')
      .slice(0, mostReasons)
      .join('; '),
  };
}

/** Unknown facts in conditions; none where another condition fails already. */
function missing(when: readonly Condition[], facts: Facts): string[] {
  const open = when.filter(({ fact }) => !facts.has(fact));
  const others = when.filter(({ fact }) => facts.has(fact));
  return allHold(others, facts) ? open.map(({ fact }) => fact) : [];
}
