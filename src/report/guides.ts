import type { Decision, GuideReport, ScorecardRow } from '../decide/decision.js';
import { kindNames } from '../tables/kinds.js';
import { type Document, gap, indented, paragraph, table, title } from './document.js';
import { jsonText } from './json.js';
import { money } from './numbers.js';
import { whyNot } from './other-ways.js';
import { plainTree } from './plain-text.js';
import { per } from './recommendation.js';
import { ageText } from './sheets.js';
import { renderText } from './text.js';

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
