import type { Decision, GuideReport, Recommendation, ScorecardRow } from '../decide/decision.js';
import { kindNames } from '../tables/column.js';
import { difference } from '../units/numeric.js';
import { type Document, gap, indented, paragraph, type Scope, section, type Tone, table, title } from './document.js';
import { wordsOf } from './infeasible.js';
import { counted, money, narrowMoney, narrowParts, quality, seconds, times } from './numbers.js';
import { capital, findOption, markOfPlans, per } from './plan-words.js';
import { jsonText, plainTree } from './printable.js';
import { ageText } from './sheets.js';
import { renderText } from './text.js';

type Way = Pick<ScorecardRow, 'monthlyCost' | 'peopleCost' | 'ttftP95Ms'> & {
  name: string;
  plan: string | null;
  score: number | null;
  tone: Tone;
};

/** Cost of the plan while it runs, as for others. */
const inItsMonths = (recommendation: Recommendation): Pick<Way, 'monthlyCost' | 'peopleCost'> => {
  const { monthlyCost, peopleCost } = recommendation.stages[0] ?? recommendation;
  return { monthlyCost, peopleCost };
};

/** In which months plans are compared, where another one follows. */
export const inMonths = ({ stages: [first, ...later] }: Recommendation): string =>
  first === undefined || later.length === 0 ? '' : ` in months 1 to ${first.months}`;

/** The best plan of each deployment type, and why others cannot do it. */
export function otherWays(decision: Decision, scope: Scope): Document {
  const isScored = !scope.isBrief;
  const { recommendation } = decision;
  const [all, excluded] = [waysOf(decision), excludedFrom(decision, scope)];
  const ways = all.slice(0, scope.isBrief ? otherRows + scope.most : undefined);
  const left = all.length - ways.length;
  if (all.length + excluded.length === 0) return [];
  const advised = inItsMonths(recommendation).monthlyCost;
  // The star stands at first tokens of the whole report.
  const isTimed = [...ways, ...recommendation.assignments.filter(({ isAwaited }) => isAwaited)].some(
    ({ ttftP95Ms }) => ttftP95Ms !== null,
  );
  return [
    section(
      recommendation.status === 'infeasible' ? 'WAYS TO RUN IT' : 'OTHER WAYS TO RUN IT',
      `the best of each type${inMonths(recommendation)}; $ ${recommendation.totalCost === null ? 'a month' : 'for the whole job'}`,
    ),
    ...(ways.length === 0
      ? []
      : [
          table(
            [
              { title: 'type, model, quality' },
              { title: 'infra', name: 'tokens or machines', number: true, optional: 1 },
              { title: 'people', number: true, optional: 1 },
              { title: 'total', number: true },
              { title: isTimed ? 'starts*' : 'starts', number: true },
              { title: '× plan', number: true, optional: 2 },
              ...(isScored ? [{ title: 'score', number: true as const, optional: 3 }] : []),
            ],
            ways.map(({ name, monthlyCost, peopleCost, ttftP95Ms, plan, score, tone }) => {
              const mark = markOfPlans(decision, plan);
              const usd = (value: number | null): string => (value === null ? '-' : `${narrowMoney(value)}${mark}`);
              return {
                cells: [
                  name,
                  ...(monthlyCost === null || peopleCost === null
                    ? ['-', '-']
                    : narrowParts(difference(monthlyCost, peopleCost), peopleCost).map((text) => `${text}${mark}`)),
                  usd(monthlyCost),
                  seconds(ttftP95Ms),
                  monthlyCost === null || !advised ? '-' : times(monthlyCost / advised),
                  ...(isScored ? [score === null ? '-' : quality(score)] : []),
                ],
                tone,
              };
            }),
            { indent: 2, widestName: isScored ? 36 : 42 },
          ),
        ]),
    ...excluded.map((text) => indented(text, 2, { tone: 'faint' })),
    ...(ways.length === 0
      ? []
      : [
          paragraph(
            '',
            [
              ...(isTimed ? ['* first token, in 95 of 100 requests.'] : []),
              ...(left > 0 ? [`${left} more: --detail full.`] : ['People: beside connecting a provider.']),
              ...(isScored ? ['Score: cost, data, quality, team and latency, 0 to 100 (--detail scorecard).'] : []),
            ].join(' '),
            { indent: 2, tone: 'faint' },
          ),
        ]),
  ];
}

/** Rows on top of those with a limited number. */
const otherRows = 4;

function waysOf(decision: Decision): Way[] {
  const { recommendation, scorecard, scenario } = decision;
  const mayBeOwned = scenario.given.some(({ path }) => path.startsWith('existing'));
  // What the plan buys of an option need not be what it takes alone.
  const isInPlan = (id: string | null): boolean =>
    id !== null && recommendation.assignments.some(({ option }) => option === id);
  const rows = scorecard
    .filter(({ feasible }) => feasible)
    .map((row): Way => {
      const option = row.option === null ? undefined : findOption(decision, row.option);
      const isNew = mayBeOwned && option?.purchase === 'bought';
      const name = `${capital(kindNames[row.kind])}${isNew ? ' to buy' : ''}`;
      const model = option === undefined ? '' : `, ${option.names.model}`;
      const index = option?.capability ?? null;
      return {
        ...row,
        name: `${name}${model}${index === null ? '' : ` ${quality(index)}`}${row.option === recommendation.plan || !isInPlan(row.option) ? boughtUnits(option) : ''}`,
        plan: row.option,
        score: row.scores.total,
        tone: row.option === recommendation.plan ? 'good' : 'plain',
      };
    });
  rows.push(...provisionedWays(decision).filter(({ plan }) => !rows.some((row) => row.plan === plan)));
  rows.sort((a, b) => (a.monthlyCost ?? 0) - (b.monthlyCost ?? 0));
  const isListed = rows.some(({ plan }) => plan === recommendation.plan);
  if (recommendation.status === 'infeasible' || isListed) return rows;
  const waits = recommendation.assignments.filter(({ isAwaited }) => isAwaited).map(({ ttftP95Ms }) => ttftP95Ms);
  const known = waits.filter((ms) => ms !== null);
  const own: Way = {
    name: 'This plan',
    ...inItsMonths(recommendation),
    ttftP95Ms: known.length === 0 || known.length < waits.length ? null : Math.max(...known),
    plan: recommendation.plan,
    score: recommendation.scores?.total ?? null,
    tone: 'good',
  };
  return [own, ...rows];
}

/** Units of throughput, which has no hardware of its own. */
const boughtUnits = (option: ReturnType<typeof findOption>): string =>
  option === undefined || option.replicas === null || option.hardware !== null
    ? ''
    : `, ${counted(option.replicas, option.names.unit)}`;

/** Provisioned throughput that the load fills, and the same model by tokens. */
function provisionedWays(decision: Decision): Way[] {
  const { provisioned, recommendation } = decision;
  if (provisioned === null || !(provisioned.fills || provisioned.plan === recommendation.plan)) return [];
  const { option, units, unit, overflow, byTokens } = provisioned;
  const report = findOption(decision, option);
  const index = report?.capability ?? null;
  const model = `${report?.names.model ?? option}${index === null ? '' : ` ${quality(index)}`}`;
  const wayOf = (name: string, plan: NonNullable<typeof byTokens>): Way => ({
    ...plan,
    name,
    tone: plan.plan === recommendation.plan ? 'good' : 'plain',
  });
  const rest = overflow === 0 ? '' : ', rest by tokens';
  return [
    wayOf(`${model}, ${counted(units, unit.toUpperCase())}${rest}`, provisioned),
    ...(byTokens === null ? [] : [wayOf(`${model} by tokens`, byTokens)]),
  ];
}

/** Deployment types that cannot do it alone, those of one reason together. */
function excludedFrom({ scorecard, scenario, recommendation: { assignments } }: Decision, scope: Scope): string[] {
  const hasDevices = scenario.given.some(({ path }) => path.startsWith('devices'));
  // For several tasks nearly every type has a price with others.
  const isOneTask = new Set(assignments.map(({ task }) => task)).size === 1;
  const byReason = new Map<string, string[]>();
  for (const { kind, feasible, verdict, withOthers } of scorecard) {
    if (feasible || (scope.isBrief && kind === 'edge' && !hasDevices)) continue;
    const why = `${whyNot(verdict)}${beside(isOneTask && !scope.isBrief ? withOthers : null)}`;
    byReason.set(why, [...(byReason.get(why) ?? []), kindNames[kind]]);
  }
  const texts = [...byReason].map(([why, kinds]) => `${capital(kinds.join(', '))}: ${why}.`);
  return scope.isBrief && texts.length > 0 ? [texts.join(' ')] : texts;
}

/** Its cost with others. */
const beside = (mixed: ScorecardRow['withOthers']): string =>
  mixed === null
    ? ''
    : `; with ${mixed.kinds.map((kind) => kindNames[kind]).join(' and ')} for the rest ${money(mixed.monthlyCost)}`;

/** A verdict in words: `no: ttft for turn` is `too slow with the first token, for turn`. */
export function whyNot(verdict: string): string {
  const bare = verdict.replace(/^no: /, '');
  const [, gate, task] = /^([a-z-]+) for (.+)$/.exec(bare) ?? [];
  if (gate !== undefined && task !== undefined) return `${wordsOf(gate).turnedDown}, for ${task}`;
  const [, rule, reason] = /^([a-z-]+), (.+)$/.exec(bare) ?? [];
  return rule === undefined || reason === undefined ? bare : reason;
}

const schemaVersion = '2.0.0';

/** The guides' verdicts; `there`: the best plan on the places of a guide that disagrees. */
export const guidesJson = (decision: Decision): string => {
  const { tool, scenario, tables, recommendation, guides } = decision;
  const { status, plan, shape, kinds, label, monthlyCost } = recommendation;
  return jsonText({
    schemaVersion,
    tool,
    scenario: { name: scenario.name, file: scenario.file },
    tables: { snapshot: tables.snapshot, asOf: tables.asOf, ageDays: tables.ageDays },
    recommendation: { status, plan, shape, kinds, label, monthlyCost },
    agreeing: guides.filter(({ agrees }) => agrees).length,
    guides: guides.map((guide) => ({ ...guide, there: thereOf(guide, decision) })),
  });
};

/** The guides' verdicts, a row each; then why, and the cost of a disagreeing guide's plan. */
export function guidesTable(answer: Decision, view: { color: boolean; width: number }): string {
  const decision = plainTree(answer);
  const { recommendation, guides, scenario, tables } = decision;
  const perMonth = per(decision) || ' in all';
  const plan =
    recommendation.plan === null
      ? 'nothing meets the rules'
      : `${recommendation.label}, ${money(recommendation.monthlyCost ?? 0)}${perMonth}`;
  const agreeing = guides.filter(({ agrees }) => agrees).length;
  const lines: Document = [
    title(scenario.name, `prices ${tables.snapshot} (${ageText(tables)})`),
    paragraph('PLAN', plan, { hang: 2 }),
    paragraph(
      '',
      `${agreeing} of ${guides.length} rules of thumb agree. They are for information: they change no decision.`,
    ),
    gap,
    table(
      [{ title: 'guide' }, { title: '' }, { title: 'says' }],
      guides.map((guide) => [guide.id, guide.agrees ? 'agrees' : 'disagrees', saysText(guide)]),
      { wraps: true },
    ),
    ...guides.flatMap((guide) => [
      gap,
      paragraph(guide.id, guide.title),
      indented(guide.because, 6),
      ...unknownLines(guide),
      ...thereLines(guide, decision, perMonth),
    ]),
  ];
  return renderText(lines, view);
}

function saysText({ verdict, shape }: GuideReport): string {
  const names = verdict.map((kind) => kindNames[kind]).join(', ');
  return verdict.length === 0 ? 'nothing that decides' : `${shape === null ? '' : `${shape}: `}${names}`;
}

function unknownLines({ unknown, id }: GuideReport): Document {
  if (unknown.length === 0) return [];
  return [indented(`not known: ${unknown.join(', ')}; tell it by --answer ${id}.${unknown[0]}=…`, 6)];
}

function thereLines(guide: GuideReport, decision: Decision, perMonth: string): Document {
  const there = thereOf(guide, decision);
  if (there === null) return [];
  const { recommendation } = decision;
  const plan = recommendation.monthlyCost === null ? '' : `, the plan ${money(recommendation.monthlyCost)}${perMonth}`;
  const cost = there.monthlyCost === null ? 'no price' : `${money(there.monthlyCost)}${perMonth}${plan}`;
  const says = there.feasible ? cost : `excluded: ${whyNot(there.verdict)}`;
  return [indented(`but ${kindNames[there.kind]} here: ${says}`, 6, { tone: 'faint' })];
}

/** The cheapest plan on places that only a guide names, allowed ones first. */
function thereOf({ agrees, verdict }: GuideReport, { scorecard, recommendation }: Decision): ScorecardRow | null {
  if (agrees) return null;
  const elsewhere = scorecard.filter(({ kind }) => verdict.includes(kind) && !recommendation.kinds.includes(kind));
  const feasible = elsewhere.filter((row) => row.feasible);
  const usd = (row: ScorecardRow): number => row.monthlyCost ?? Number.POSITIVE_INFINITY;
  return (feasible.length > 0 ? feasible : elsewhere).sort((a, b) => usd(a) - usd(b))[0] ?? null;
}
