import type { Decision, OptionReport } from '../decide/decision.js';
import { type CsvColumns, csvHeader, csvRows, nameCell } from './csv.js';
import { detailSections } from './details.js';
import {
  type Detail,
  type Document,
  inFull,
  minWidth,
  onPage,
  onScreen,
  type Scope,
  separated,
  title,
  type View,
} from './document.js';
import { next, pricesText, sections } from './first-screen.js';
import { levers } from './levers.js';
import { renderMarkdown } from './markdown.js';
import { plainTree } from './plain-text.js';
import { legend } from './plan-names.js';
import { renderText } from './text.js';

/**
 * The decision as one screen of text, with the sections of `view.detail` below. Lines have at most `view.width`
 * columns, names are safe for a terminal, and color only adds escape codes.
 */
export const table = (decision: Decision, { color, width, detail }: View): string =>
  renderText(screen(plainTree(decision), detail), { color, width: Math.max(minWidth, width) });

function screen(decision: Decision, detail: Detail | null): Document {
  const scope = detail === 'full' ? inFull : screenThatFits(decision);
  return [
    ...separated([
      [title(decision.scenario.name, pricesText(decision))],
      ...sections(decision, scope, detail),
      levers(decision),
      [...legend(decision), ...next(decision, scope)],
    ]),
    ...detailSections(decision, detail),
  ];
}

/** The longest lists that leave it one screen of a usual terminal. */
export function screenThatFits(decision: Decision): Scope {
  const tasks = new Set(decision.recommendation.assignments.map(({ task }) => task)).size;
  const room = linesOfOneTask + (tasks > 1 ? linesOfTable + linesOfTask * tasks : 0);
  const linesAt = (most: number): number => {
    const scope = onScreen(most);
    const all = separated([...sections(decision, scope), next(decision, scope)]);
    return renderText(all, { color: false, width: usualWidth }).split('\n').length;
  };
  return onScreen([mostTexts, 2].find((most) => linesAt(most) <= room) ?? 1);
}
const mostTexts = 3;
const usualWidth = 80;
/** Without the title: 50 lines of one task, 75 of eight. */
const linesOfOneTask = 47;
const linesOfTable = 5;
const linesOfTask = 2.5;

/**
 * The decision as Markdown, for a page, a ticket or a comment: the one-screen report as tables; levers and
 * `view.detail` folded as text.
 */
export function markdown(read: Decision, { detail }: View): string {
  const decision = plainTree(read);
  return renderMarkdown(
    [title(decision.scenario.name, pricesText(decision)), ...sections(decision, onPage).flat(), ...legend(decision)],
    { levers: levers(decision), details: detailSections(decision, detail) },
  );
}

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
 * A row for each listed option: of the plan, the best of every deployment type, near misses and requested ones. Costs
 * are of the whole scenario on that option alone; `tasks_advised`: tasks it serves in the plan.
 */
export const csv = (decision: Decision): string =>
  csvRows(
    optionColumns,
    decision.options.map((option) => ({ option, decision })),
  );
