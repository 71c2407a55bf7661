import type { AskedRow, Decision, OptionReport } from '../decide/decision.js';
import { betterQuality } from './better-quality.js';
import { byTask } from './by-task.js';
import { changes } from './changes.js';
import { confidence } from './confidence.js';
import { type CsvColumns, csvHeader, csvRows, nameCell } from './csv.js';
import { detailSections } from './details.js';
import {
  type Detail,
  type Document,
  details,
  folded,
  gap,
  indented,
  minWidth,
  section,
  separated,
  table as tableOf,
  title,
  type View,
} from './document.js';
import { nothingFits } from './infeasible.js';
import { levers } from './levers.js';
import { renderMarkdown } from './markdown.js';
import { counted, money } from './numbers.js';
import { otherWays } from './other-ways.js';
import { plainTree } from './plain-text.js';
import { legend, markOfPlans } from './plan-names.js';
import { recommended } from './recommendation.js';
import { capital } from './sentences.js';
import { renderText } from './text.js';

/**
 * The decision as one screen of text, with the sections of `view.detail` below it. No line is longer than
 * `view.width` columns, names are made safe for a terminal, and color adds escape codes but changes no text.
 */
export const table = (decision: Decision, { color, width, detail }: View): string =>
  renderText(screen(plainTree(decision), detail), { color, width: Math.max(minWidth, width) });

function screen(decision: Decision, detail: Detail | null): Document {
  const head = title(decision.scenario.name, pricesText(decision));
  return [
    ...separated([
      [head],
      ...sections(decision, detail),
      levers(decision),
      [...legend(decision), ...next(decision, detail)],
    ]),
    ...detailSections(decision, detail),
  ];
}

/** What a reader is told first, in this order; a document that text and Markdown print alike. */
const sections = (decision: Decision, detail: Detail | null): Document[] =>
  decision.recommendation.status === 'infeasible'
    ? [nothingFits(decision), otherWays(decision), asked(decision), warnings(decision)]
    : [
        recommended(decision),
        byTask(decision),
        confidence(decision),
        betterQuality(decision),
        otherWays(decision),
        changes(decision, detail),
        asked(decision),
        warnings(decision),
      ];

/**
 * The decision as Markdown, to paste into a page, a ticket or a comment: what the one-screen report says, as tables; the
 * levers, and what `view.detail` asks for, folded away as text.
 */
export const markdown = (decision: Decision, { detail }: View): string =>
  renderMarkdown(page(plainTree(decision), detail), 'advice');

const page = (decision: Decision, detail: Detail | null): Document => [
  title(decision.scenario.name, pricesText(decision)),
  ...sections(decision, null).flat(),
  ...legend(decision),
  ...folded('levers', levers(decision)),
  ...folded('details', detailSections(decision, detail)),
];

type OptionRow = { option: OptionReport; decision: Decision };

const optionColumns: CsvColumns<OptionRow> = {
  file: ({ decision }) => nameCell(decision.scenario.file),
  scenario: ({ decision }) => nameCell(decision.scenario.name),
  snapshot: ({ decision }) => decision.tables.snapshot,
  as_of: ({ decision }) => decision.tables.asOf,
  option: ({ option }) => option.id,
  kind: ({ option }) => option.kind,
  provider: ({ option }) => option.provider,
  model: ({ option }) => option.model,
  mode: ({ option }) => option.mode,
  quantization: ({ option }) => option.quantization,
  hardware: ({ option }) => option.hardware,
  instance: ({ option }) => option.instance,
  region: ({ option }) => option.region,
  purchase: ({ option }) => option.purchase,
  tasks_advised: ({ option: { id }, decision: { recommendation } }) =>
    unique(recommendation.assignments.flatMap(({ task, option }) => (option === id ? [task] : []))),
  feasible: ({ option }) => option.feasible,
  alone_monthly_cost_usd: ({ option }) => option.monthlyCost,
  alone_upfront_cost_usd: ({ option }) => option.upfrontCost,
  alone_fte: ({ option }) => option.fte,
  replicas: ({ option }) => option.replicas,
  utilization: ({ option }) => option.utilization,
  ttft_p95_ms: ({ option }) => option.ttftP95Ms,
  tokens_per_second: ({ option }) => option.tokensPerSecond,
  capability: ({ option }) => option.capability,
  failed_gates: ({ option }) => unique(option.failedGates.map(({ gate }) => gate)),
  verdict: ({ option }) => option.verdict,
};
const unique = (names: readonly string[]): string => [...new Set(names)].join(';');

/** The header of `csv`. */
export const csvHead = csvHeader(optionColumns);

/**
 * A row for each option that the decision lists: the plan's, the best of every kind of place, those that came nearest and
 * those asked for. Costs are of the whole scenario on that option alone; `tasks_advised` are those it serves in the plan.
 */
export const csv = (decision: Decision): string =>
  csvRows(
    optionColumns,
    decision.options.map((option) => ({ option, decision })),
  );

const pricesText = ({ tables: { snapshot, ageDays, priceBook } }: Decision): string =>
  `prices ${snapshot} (${age(ageDays)}${priceBook === null ? '' : ', own price book'})`;

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
  const cost = monthlyCost === null ? 'no price' : `${money(monthlyCost)}${markOfPlans(decision, id)}/month`;
  const rest = failedGates.slice(1).map(({ gate, task, reason }) => `and ${gate} for ${task}: ${reason}`);
  return [
    indented(id, 1, { tone: feasible ? 'good' : 'bad' }),
    indented(`${cost}; ${verdict}`, 3),
    ...rest.map((text) => indented(text, 3)),
  ];
}

function warnings({ warnings: list }: Decision): Document {
  if (list.length === 0) return [];
  return [section('WARNINGS'), ...list.map(({ message }) => indented(capital(message), 2))];
}

/** Details that a decision may be without: a decision alone (`--point`) has no simulations and no playbook. */
const isThere: Partial<Record<Detail, (decision: Decision) => boolean>> = {
  sure: ({ uncertainty }) => uncertainty !== null,
  playbook: ({ playbook, checklist }) => playbook.length + checklist.length > 0,
};

/** What to do next, and the commands that show more: only what there is. */
function next(decision: Decision, shown: Detail | null): Document {
  const { recommendation, breakEven, guides, scenario } = decision;
  const { file } = scenario;
  const others = details.filter((detail) => detail !== shown && isThere[detail]?.(decision) !== false);
  const isFound = recommendation.plan !== null;
  const step = nextStep(decision);
  const agree = guides.filter(({ agrees }) => agrees).length;
  const commands = [
    ...(breakEven.length > 0 ? [[`breakeven ${file}`, 'cost by volume']] : []),
    ...(isFound
      ? [
          [`explain ${file}`, 'where figures come from'],
          [`export all ${file} -o deploy`, 'files to deploy it'],
        ]
      : []),
    ...(guides.length > 0 ? [[`guides ${file}`, `${agree} of ${counted(guides.length, 'rule')} of thumb agree`]] : []),
    ...(shown === 'full' ? [] : [[`assess ${file} --detail ${others.join('|')}`, 'more']]),
  ];
  return [
    section('NEXT', step),
    tableOf(
      [{ title: '' }, { title: '' }],
      commands.map(([command = '', what = '']) => [what, `deploy-advisor ${command}`]),
      {
        indent: 2,
        wraps: true,
        widestName: 40,
      },
    ),
  ];
}

/** The real next step, in words. */
function nextStep({ recommendation, uncertainty }: Decision): string {
  if (recommendation.plan === null) return '';
  const weak =
    uncertainty?.confidence.driver === 'quality' || recommendation.assignments.some((one) => one.needAssumed);
  const price = recommendation.betterQuality.length > 1 && recommendation.failedAnswers?.monthlyCost === null;
  if (weak) return `Test 100 of your own questions${price ? ', then put a price on a failed answer' : ''}.`;
  return '';
}
