import { type Decision, type OptionReport, resultSchema } from '../decide/decision.js';
import { inKeyOrder } from '../decide/json-schema.js';
import type { ReadScenario } from '../workload/read.js';
import { detailSections, levers } from './details.js';
import {
  type Block,
  type Detail,
  type Document,
  inFull,
  type Line,
  minWidth,
  onPage,
  onScreen,
  type Scope,
  separated,
  type Table,
  type Text,
  title,
  type View,
} from './document.js';
import { next, pricesText, sections } from './first-screen.js';
import { legend } from './plan-words.js';
import { type CsvColumns, csvHeader, csvRows, nameCell, plainText, plainTree, safeJson } from './printable.js';
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

/**
 * The decision as JSON: keys in schema order, two spaces of indent, a final line break, control characters escaped.
 * Parsing gives the same decision back.
 *
 * @throws RangeError for a number JSON has no words for: as `null` it would read as "not applicable".
 */
export const json = (decision: Decision): string => decisionText(decision, 2);

/** As `json`, with so many spaces of indent; without any it is one line. */
function decisionText(decision: Decision, indent: number): string {
  refuseNonFinite('', decision);
  return safeJson(JSON.stringify(inKeyOrder(resultSchema, decision), null, indent));
}

// A replacer of `JSON.stringify` does the same in five times as long.
function refuseNonFinite(key: string, value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${key} is ${value} in the result`);
  if (typeof value !== 'object' || value === null) return;
  for (const name in value) refuseNonFinite(name, value[name as keyof typeof value]);
}

/** The decision as one line of JSON Lines: the document of `json` without line breaks. */
export const jsonl = (decision: Decision): string => decisionText(decision, 0);

/** What a format asks for, and what stands between the decisions that are written in it. */
export type FormatRules = {
  /** Stands once above them all. */
  head?: string;
  /** Stands above each of several: the name of its file. */
  above?: (file: string) => string;
  /** Several are no document: what to do instead. */
  insteadOfSeveral?: string;
  /** Whether it shows the sources of figures, which take a few milliseconds to read. */
  showsSources?: true;
};

/** How decisions are written. */
export type Format = FormatRules & { print(decision: Decision, view: View, scenario: ReadScenario): string };

/** Every format of `assess` that is a text, by its name. */
export const formats = {
  table: { print: table, above: (file) => `==> ${file} <==\n\n` },
  json: { print: json, showsSources: true, insteadOfSeveral: '--format jsonl writes one document a line' },
  jsonl: { print: jsonl, showsSources: true },
  csv: { print: csv, head: csvHead },
  markdown: { print: markdown, above: (file) => `## ${code(file)}\n\n` },
} satisfies Record<string, Format>;

/** What Markdown and HTML would take for theirs, and what calls people or issues. */
const special = /[&<>|\\`*_~[\]@#]/g;
/** Hosts find mentions, issues and addresses after reading entities: a tag after the sign hides them. */
const calling = /&#64;|&#35;|(?<=:)\/\/|(?<=\bwww)\.|(?<=\bGH)-(?=\d)/gi;

export const markdownText = (plain: string): string =>
  plainText(plain)
    .replace(special, (character) => `&#${character.charCodeAt(0)};`)
    .replace(calling, '<span>$&</span>');

/** Names of users' own: in code, nobody is called by them. */
export const code = (plain: string): string => `<code>${markdownText(plain)}</code>`;

/** A table; columns of `numbers` are set right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[] = [],
): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (numbers.includes(at) ? '---:' : '---'))), ...rows.map(line)];
}

export const markdownList = (items: readonly string[]): string[] =>
  items.length === 0 ? [] : [...items.map((item) => `- ${item}`), ''];

/** Columns of what stands as it would at a terminal. */
const foldedWidth = 100;

/**
 * A document as Markdown: a heading, labeled paragraphs as a table, and tables.
 *
 * @param folds what is folded away as text below it, by its title
 */
function renderMarkdown(document: Document, folds: Readonly<Record<string, Document>>): string {
  const parts: (Block | (Text | Line)[])[] = [];
  for (const block of document) {
    const last = parts.at(-1);
    if (block.is !== 'text' && block.is !== 'line') parts.push(...(block.is === 'gap' ? [] : [block]));
    else if (Array.isArray(last)) last.push(block);
    else parts.push([block]);
  }
  const shown = parts.map((part) => (Array.isArray(part) ? labeled(part) : blockLines(part)));
  const folded = Object.entries(folds).map(([title, below]) => (below.length === 0 ? null : foldedLines(title, below)));
  return [...shown, ...folded].flatMap((lines) => (lines === null ? [] : [...lines, ''])).join('\n');
}

function blockLines(block: Block): string[] {
  if (block.is === 'title') return [`### ${markdownText(block.left)}`, '', markdownText(block.right)];
  if (block.is === 'section')
    return [`#### ${sentenceCase(block.name)}`, ...(block.text === '' ? [] : ['', markdownText(block.text)])];
  return block.is === 'table' ? tableLines(block) : foldedLines('', [block]);
}

function foldedLines(title: string, document: Document): string[] {
  const words = renderText(document, { color: false, width: foldedWidth }).split('\n').map(markdownText).join('\n');
  return [`<details><summary>${title}</summary>`, '', `<pre>\n${words.trim()}\n</pre>`, '</details>'];
}

function tableLines({ columns, rows }: Table): string[] {
  const head = columns.map(({ title, name }) => markdownText(name ?? title));
  const numbers = columns.flatMap(({ number }, at) => (number ? [at] : []));
  return markdownTable(
    head,
    rows.map(({ cells }) => cells.map(markdownText)),
    numbers,
  );
}

/** `THE ANSWER CHANGES IF` as `The answer changes if`. */
const sentenceCase = (name: string): string => markdownText(name.charAt(0) + name.slice(1).toLowerCase());

/** A row for each label with its paragraphs; without labels, plain paragraphs. */
function labeled(blocks: readonly (Text | Line)[]): string[] {
  const rows: string[][] = [];
  for (const block of blocks) {
    const words = markdownText(block.text.trim().replace(/ +/g, ' '));
    const label = block.label.trim();
    const last = rows.at(-1);
    if (label !== '' || last === undefined) rows.push([`**${markdownText(label)}**`, words]);
    else last[1] = [last[1], words].filter((part) => part !== '').join('<br>');
  }
  if (rows.every(([label]) => label === '****')) return rows.map(([, words = '']) => words);
  return markdownTable(['', 'advice'], rows);
}
