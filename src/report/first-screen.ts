import type { AskedRow, Decision } from '../decide/decision.js';
import { shellWord } from '../units/format.js';
import { betterQuality } from './better-quality.js';
import { byTask } from './by-task.js';
import { changes } from './changes.js';
import { confidence, sureness } from './confidence.js';
import { type Detail, type Document, gap, indented, type Scope, section, table as tableOf } from './document.js';
import { nothingFits } from './infeasible.js';
import { counted, money } from './numbers.js';
import { otherWays } from './other-ways.js';
import { markOfPlans } from './plan-names.js';
import { first, recommended, toBeAsked } from './recommendation.js';
import { capital } from './sentences.js';

/** What a reader is told first, in this order; a document that text, Markdown and HTML print alike. What a detail is about is told in full. */
export const sections = (decision: Decision, scope: Scope, detail: Detail | null = null): Document[] =>
  decision.recommendation.status === 'infeasible'
    ? [nothingFits(decision), otherWays(decision, scope), asked(decision), warnings(decision, scope)]
    : [
        recommended(decision, scope),
        byTask(decision, scope),
        scope.isBrief && detail !== 'sure' ? sureness(decision) : confidence(decision),
        scope.isBrief && detail !== 'why' ? [] : betterQuality(decision),
        otherWays(decision, scope),
        changes(decision, scope),
        asked(decision),
        warnings(decision, scope),
      ];

export function pricesText({ tables: { snapshot, ageDays, planAgeDays, priceBook } }: Decision): string {
  const ofPlan =
    planAgeDays !== null && ageDays >= 0 && planAgeDays > ageDays ? `, the plan's ${age(planAgeDays)}` : '';
  return `prices ${snapshot} (${age(ageDays)}${ofPlan}${priceBook === null ? '' : ', own price book'})`;
}

function age(days: number): string {
  if (days === 0) return 'of the day';
  return days > 0 ? `${counted(days, 'day')} old` : `${counted(-days, 'day')} ahead`;
}

/** What was asked for by id: its cost beside the plan, and every rule that turns it down. */
function asked(decision: Decision): Document {
  const { asked: rows } = decision;
  if (rows.length === 0) return [];
  return [
    section('ASKED'),
    ...rows.flatMap((row, index) => [...(index === 0 ? [] : [gap]), ...rowLines(row, decision)]),
  ];
}

function rowLines({ id, monthlyCost, verdict, feasible, failedGates }: AskedRow, decision: Decision): Document {
  const cost =
    monthlyCost === null
      ? 'no price'
      : `${money(monthlyCost)}${markOfPlans(decision, id)}${decision.recommendation.totalCost === null ? '/month' : ' in all'}`;
  const rest = failedGates.slice(1).map(({ gate, task, reason }) => `and ${gate} for ${task}: ${reason}`);
  return [
    indented(id, 1, { tone: feasible ? 'good' : 'bad' }),
    indented(`${cost}; ${verdict}`, 3),
    ...rest.map((text) => indented(text, 3)),
  ];
}

function warnings({ warnings: all }: Decision, scope: Scope): Document {
  const list = all.flatMap(({ code, message }) => (toBeAsked.has(code) ? [] : capital(message)));
  if (list.length === 0) return [];
  return [section('WARNINGS'), ...first(list, scope).map((text) => indented(text, 2))];
}

/** What to do next, and the commands that show more, as a shell takes them: only what there is. */
export function next(decision: Decision, scope: Scope): Document {
  const { recommendation, breakEven, guides, scenario } = decision;
  const file = shellWord(scenario.file);
  const agree = guides.filter(({ agrees }) => agrees).length;
  const found: string[][] =
    recommendation.plan === null
      ? []
      : [
          [`explain ${file}`, 'where figures come from'],
          [`export ${file} all -o deploy`, 'files to deploy it'],
        ];
  const more: string[][] = scope.isBrief
    ? [[`assess ${file} --detail full`, 'all']]
    : [
        ...(scope.isAll ? [[`assess ${file} -f html -o report.html`, 'charts']] : []),
        ...(breakEven.length > 0 ? [[`breakeven ${file}`, 'cost by volume']] : []),
        ...(guides.length > 0 ? [[`guides ${file}`, `guides: ${agree} of ${guides.length} agree`]] : []),
      ];
  return [
    section('NEXT', decision.playbook[0]?.do ?? ''),
    tableOf(
      [{ title: '' }, { title: '' }],
      [...found, ...more].map(([command = '', what = '']) => [scope.isBrief ? '' : what, `deploy-advisor ${command}`]),
      { indent: 2, wraps: true },
    ),
  ];
}
