import type { Decision, ScorecardRow } from '../../decide/decision.js';
import { rounded } from '../../decide/round.js';
import type { GuideBook, GuideTopic, Theme } from '../../tables/guides/guide.js';
import type { Kind } from '../../tables/rows.js';
import { consult, type Values } from './consult.js';
import { type Asking, calledBy, reasonsOf } from './opinions.js';

/**
 * A figure of the decision on what a guide disagrees about: the recommendation's (`here`) and that of the best plan on the
 * guide's places (`there`). Of a break-even `here` is the scenario's volume, `there` the one from which that plan is cheaper.
 */
export type Settling = {
  about: Theme;
  /** The rule of the guide that leads elsewhere, in words; null where it is about costs alone. */
  says: string | null;
  figure: 'rule' | 'breakEven' | 'monthlyCost' | 'ttftP95Ms' | 'capabilityScore' | 'sensitivityScore' | 'fte';
  here: number | null;
  there: number | null;
  unit: string;
  /** Kind and id of the plan on the guide's places. */
  kind: Kind;
  option: string | null;
  /** Of a break-even: looked for up to here. */
  upTo: number | null;
  /** The rule that turns the plan down. */
  reason: string | null;
};

/** What settles a disagreement, what decides it first; where the guide names no place, against the best other kind. */
export function settledBy({ guide, opinion }: Asking, decision: Decision, requestsPerDay: number): Settling[] {
  const { recommendation, scorecard } = decision;
  const { verdict, chosen } = opinion;
  const used = calledBy(guide, recommendation.kinds);
  // Kinds that both name are not in dispute, unless the guide names nothing else.
  const others = verdict.filter((kind) => !used.includes(kind));
  const disputed = others.length > 0 ? others : verdict;
  const there = bestOf(
    scorecard.filter(({ kind }) =>
      disputed.length > 0 ? disputed.includes(kind) : !used.includes(kind) && !recommendation.kinds.includes(kind),
    ),
  );
  if (there === null) return [];
  const elsewhere: { about: Theme; says: string | null }[] = [
    ...(chosen.about === null ? [] : [{ about: chosen.about, says: chosen.says }]),
    ...reasonsOf(opinion).filter(({ gate, vote }) => {
      const places = gate ?? vote;
      return places === null || (places.includes(there.kind) && !used.every((kind) => places.includes(kind)));
    }),
  ];
  const costsAlone = { about: 'volume' as const, says: null };
  const found: Settling[] = [];
  const add = ({ about, says }: { about: Theme; says: string | null }, figure: Figure): void => {
    if (!found.some((one) => one.figure === figure.figure))
      found.push({ about, says, kind: there.kind, option: there.option, ...figure });
  };
  if (!there.feasible)
    add(elsewhere[0] ?? costsAlone, { ...nothing, figure: 'rule', reason: there.verdict.replace(/^no: /, '') });
  if (recommendation.plan === null) return found;
  for (const rule of [...elsewhere, costsAlone])
    for (const figure of figures[rule.about](decision, there, requestsPerDay)) add(rule, figure);
  return found;
}

type Figure = Pick<Settling, 'figure' | 'here' | 'there' | 'unit' | 'upTo' | 'reason'>;

const nothing = { here: null, there: null, unit: '', upTo: null, reason: null };

/** The cheapest that every rule lets through, else the cheapest. */
function bestOf(rows: readonly ScorecardRow[]): ScorecardRow | null {
  const usd = ({ monthlyCost }: ScorecardRow): number => monthlyCost ?? Number.POSITIVE_INFINITY;
  const feasible = rows.filter((row) => row.feasible);
  return (feasible.length > 0 ? feasible : rows).reduce<ScorecardRow | null>(
    (best, row) => (best === null || usd(row) < usd(best) ? row : best),
    null,
  );
}

type FiguresOf = (decision: Decision, there: ScorecardRow, requestsPerDay: number) => Figure[];

const costs: FiguresOf = (decision, there, requestsPerDay) => [
  ...crossing(decision, there, requestsPerDay),
  {
    ...nothing,
    figure: 'monthlyCost',
    here: decision.recommendation.monthlyCost,
    there: there.monthlyCost,
    unit: 'USD/month',
  },
];

/** From which volume the other plan is cheaper, if the decision compared the two. */
const crossing: FiguresOf = ({ breakEven, recommendation }, { option }, requestsPerDay) => {
  const pair = breakEven.find(
    ({ a, b }) => (a === recommendation.plan && b === option) || (b === recommendation.plan && a === option),
  );
  if (pair === undefined) return [];
  const side = pair.a === option ? 'a' : 'b';
  const from = pair.crossings.find(({ cheaperAbove }) => cheaperAbove === side);
  return [
    {
      ...nothing,
      figure: 'breakEven',
      here: requestsPerDay,
      there: from?.at ?? null,
      unit: 'requests/day',
      upTo: pair.upTo,
    },
  ];
};

const ttft: FiguresOf = ({ options, recommendation }, { option }) => {
  const used = new Set(recommendation.assignments.map((one) => one.option));
  const slowest = options
    .filter(({ id }) => used.has(id))
    .reduce<number | null>((most, { ttftP95Ms }) => (ttftP95Ms === null ? most : Math.max(most ?? 0, ttftP95Ms)), null);
  const other = options.find(({ id }) => id === option)?.ttftP95Ms ?? null;
  return [{ ...nothing, figure: 'ttftP95Ms', here: slowest, there: other, unit: 'ms' }];
};

const score =
  (name: 'capability' | 'sensitivity'): FiguresOf =>
  ({ recommendation }, { scores }) => [
    {
      ...nothing,
      figure: `${name}Score`,
      here: recommendation.scores?.[name] ?? null,
      there: scores[name],
      unit: 'points',
    },
  ];

const people: FiguresOf = ({ options, recommendation }, { option }) => [
  {
    ...nothing,
    figure: 'fte',
    here: recommendation.fteNeeded,
    there: options.find(({ id }) => id === option)?.fte ?? null,
    unit: 'FTE',
  },
];

/** What settles a disagreement about each theme. */
const figures: Record<Theme, FiguresOf> = {
  volume: costs,
  load: costs,
  time: costs,
  latency: ttft,
  data: score('sensitivity'),
  capability: score('capability'),
  team: people,
};

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
