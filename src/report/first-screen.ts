import type { AskedRow, Assignment, Decision } from '../decide/decision.js';
import { kindNames } from '../tables/kinds.js';
import { shellWord } from '../units/format.js';
import { changes } from './changes.js';
import { confidence, confidenceInShort } from './confidence.js';
import { type Detail, type Document, gap, indented, type Scope, section, table } from './document.js';
import { nothingFits } from './infeasible.js';
import { counted, grouped, money, percent, seconds, sureness } from './numbers.js';
import { inMonths, otherWays } from './other-ways.js';
import { capital, findOption, markOfPlans } from './plan-names.js';
import { first, quality, recommended, toBeAsked, whose } from './recommendation.js';

/** The first screen in order, as one document for text, Markdown and HTML; `detail`: a section to show in full. */
export const sections = (decision: Decision, scope: Scope, detail: Detail | null = null): Document[] =>
  decision.recommendation.status === 'infeasible'
    ? [nothingFits(decision), otherWays(decision, scope), asked(decision), warnings(decision, scope)]
    : [
        recommended(decision, scope),
        byTask(decision, scope),
        scope.isBrief && detail !== 'sure' ? confidenceInShort(decision) : confidence(decision),
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

/** A requested id: its cost against the plan, and every rule that excludes it. */
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

/** What to do next, and commands for more, quoted for a shell. */
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
    table(
      [{ title: '' }, { title: '' }],
      [...found, ...more].map(([command = '', what = '']) => [scope.isBrief ? '' : what, `deploy-advisor ${command}`]),
      { indent: 2, wraps: true },
    ),
  ];
}

/** Each of several tasks: place, first token, and whether the model is good enough. */
function byTask(decision: Decision, scope: Scope): Document {
  const { assignments } = decision.recommendation;
  if (new Set(assignments.map(({ task }) => task)).size < 2) return [];
  const isWanted = assignments.some(({ ttftAskedMs }) => ttftAskedMs !== null);
  return [
    section('BY TASK'),
    table(
      [
        { title: 'task' },
        { title: 'requests', number: true, optional: 1 },
        { title: 'starts*', number: true },
        ...(isWanted ? [{ title: 'asked', number: true as const }] : []),
        { title: 'quality', number: true },
        { title: 'needed', number: true },
        { title: 'good enough', number: true },
        ...(scope.isBrief ? [] : [{ title: 'runs on' }]),
      ],
      assignments.map((one) => [
        nameOf(one),
        percent(one.share),
        one.isAwaited ? seconds(one.ttftP95Ms) : 'later',
        ...(isWanted ? [one.ttftAskedMs === null || !one.isAwaited ? '-' : seconds(one.ttftAskedMs)] : []),
        one.capability === null ? '-' : quality(one.capability),
        quality(one.capabilityNeed),
        sureness(one.goodEnough),
        ...(scope.isBrief ? [] : [placeOf(one, decision)]),
      ]),
      { indent: 2, wraps: !scope.isBrief, widestName: 30 },
    ),
  ];
}

const nameOf = ({ task, part }: Assignment): string => (part === 'all' ? task : `${task} (${part})`);

function placeOf({ option: id }: Assignment, decision: Decision): string {
  const option = findOption(decision, id);
  return option === undefined ? id : `${kindNames[option.kind]}, ${option.names.model}`;
}

/** What better models cost, and from which cost of a failed answer each pays. */
function betterQuality(decision: Decision): Document {
  const { recommendation } = decision;
  const rows = recommendation.betterQuality;
  const [first] = rows;
  if (first === undefined) return [];
  return [
    section(
      'BETTER QUALITY',
      `${whose(recommendation, (what) => `for ${what}: `)}each pays${inMonths(recommendation)} against the row above if a failed answer costs over …`,
    ),
    table(
      [
        { title: '' },
        { title: 'quality', number: true },
        { title: 'good enough', number: true },
        { title: 'starts*', number: true, optional: 1 },
        { title: recommendation.totalCost === null ? '$/month' : '$ in all', number: true },
        { title: 'pays over', name: 'pays if a failed answer costs', number: true },
      ],
      rows.slice(0, mostRows).map(({ label, option, capability, goodEnough, ttftP95Ms, monthlyCost, paysFrom }) => ({
        cells: [
          rows.filter((row) => row.label === label).length > 1 ? labelInFull(decision, option, label) : label,
          quality(capability),
          sureness(goodEnough),
          seconds(ttftP95Ms),
          grouped(monthlyCost),
          paysFrom === null ? '(advised)' : paysFrom === 0 ? 'always' : money(paysFrom),
        ],
        ...(paysFrom === null && { tone: 'good' as const }),
      })),
      { indent: 2, widestName: 30 },
    ),
  ];
}
const mostRows = 4;

/** Equal models differ by format. */
function labelInFull(decision: Decision, id: string, label: string): string {
  const option = findOption(decision, id);
  return option?.quantization == null
    ? label
    : `${option.names.model} (${option.quantization}), ${option.names.provider}`;
}
