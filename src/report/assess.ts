import type { AskedRow, Decision, OptionReport } from '../decide/decision.js';
import { certainty, cost, decide, flips, use, why } from './advice.js';
import { type CsvColumns, csvHeader, csvRows, nameCell } from './csv.js';
import { detailSections } from './details.js';
import {
  type Detail,
  type Document,
  details,
  folded,
  gap,
  heading,
  indented,
  minWidth,
  paragraph,
  paragraphs,
  separated,
  title,
  type View,
} from './document.js';
import { nothingFits } from './infeasible.js';
import { levers } from './levers.js';
import { renderMarkdown } from './markdown.js';
import { counted, grouped, money } from './numbers.js';
import { plainTree } from './plain-text.js';
import { legend, markOfPlans } from './plan-names.js';
import { scorecard } from './scorecard.js';
import { renderText } from './text.js';

/**
 * The decision as one screen of text, with the sections of `view.detail` below it. No line is longer than
 * `view.width` columns, names are made safe for a terminal, and color adds escape codes but changes no text.
 */
export const table = (decision: Decision, { color, width, detail }: View): string =>
  renderText(screen(plainTree(decision), detail), { color, width: Math.max(minWidth, width) });

function screen(decision: Decision, detail: Detail | null): Document {
  const fits = decision.recommendation.status !== 'infeasible';
  const head = title(decision.scenario.name, pricesText(decision));
  return [
    ...separated([
      [
        head,
        ...(fits
          ? [...use(decision), ...cost(decision), ...decide(decision), ...certainty(decision)]
          : nothingFits(decision)),
      ],
      fits ? [...why(decision), ...flips(decision, detail)] : [],
      scorecard(decision),
      asked(decision),
      levers(decision),
      [...legend(decision), ...toDo(decision), ...warnings(decision), ...more(decision, detail)],
    ]),
    ...detailSections(decision, detail),
  ];
}

/**
 * The decision as Markdown, to paste into a page, a ticket or a comment: what the one-screen report says, as tables; the
 * levers, and what `view.detail` asks for, folded away as text.
 */
export const markdown = (decision: Decision, { detail }: View): string =>
  renderMarkdown(page(plainTree(decision), detail), 'advice');

const page = (decision: Decision, detail: Detail | null): Document => [
  title(decision.scenario.name, pricesText(decision)),
  ...(decision.recommendation.status === 'infeasible'
    ? nothingFits(decision)
    : [
        ...use(decision),
        ...cost(decision),
        ...decide(decision),
        ...certainty(decision),
        ...why(decision),
        ...flips(decision, null),
      ]),
  ...asked(decision),
  ...legend(decision),
  ...toDo(decision),
  ...warnings(decision),
  ...scorecard(decision),
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
    heading('ASKED'),
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

/** What the advice depends on and somebody has to do or check. */
function toDo({ recommendation, scenario, uncertainty }: Decision): Document {
  const count = scenario.assumed.length;
  const all = count + scenario.given.length;
  const assumed =
    count === 0
      ? []
      : [`${grouped(count)} of ${grouped(all)} inputs ${count === 1 ? 'is' : 'are'} assumed: --detail inputs`];
  // What is worth nothing to know before choosing is for --detail sure.
  const measure = uncertainty?.measure.slice(0, 1).flatMap(({ text, worth }) => (worth > 0 ? text : [])) ?? [];
  const texts = [...new Set(recommendation.conditions), ...measure, ...assumed];
  return texts.length === 0 ? [] : [paragraph('TO DO', texts.join('; '))];
}

function warnings({ warnings: list }: Decision): Document {
  return paragraphs(
    'WARN',
    list.map(({ message }) => message),
    { hang: 2 },
  );
}

/** Details that a decision may be without: a decision alone (`--point`) has no draws and no playbook. */
const isThere: Partial<Record<Detail, (decision: Decision) => boolean>> = {
  sure: ({ uncertainty }) => uncertainty !== null,
  playbook: ({ playbook, checklist }) => playbook.length + checklist.length > 0,
};

/** Where to read on: only what there is. */
function more(decision: Decision, shown: Detail | null): Document {
  const { recommendation, breakEven, guides } = decision;
  const others = details.filter((detail) => detail !== shown && isThere[detail]?.(decision) !== false);
  const texts = [
    ...(breakEven.length > 0 ? ['breakeven'] : []),
    ...(recommendation.plan === null ? [] : ['explain']),
    ...(guides.length > 0
      ? [`guides (${grouped(guides.filter(({ agrees }) => agrees).length)} of ${grouped(guides.length)} agree)`]
      : []),
    ...(shown === 'full' ? [] : [`--detail ${others.join('|')}`]),
    '--format json',
  ];
  return [paragraph('MORE', texts.join(' | '))];
}
