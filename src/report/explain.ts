import type { ExplainedFigure, ExplainedSource, Explanation } from '../decide/explain.js';
import { roundedTree } from '../units/numeric.js';
import { type Document, gap, indented, minWidth, paragraph, type Tone, title, type View } from './document.js';
import { counted, grouped } from './numbers.js';
import { jsonText, plainTree } from './printable.js';
import { ageText } from './sheets.js';
import { renderText } from './text.js';

/** How a tree is shown: levels below the figure, null for all of them. */
type ExplainView = Omit<View, 'detail'> & {
  depth: number | null;
  /** The work is a job that ends: what counts as a month's is all of it. */
  isJob?: boolean;
};

/** The explanation as JSON: the figure's tree whole, whatever the depth. */
export const explainJson = (explanation: Explanation): string => jsonText(roundedTree(explanation));

/** The explanation as an indented tree: a figure, then its parts, each with its source. */
export function explainTable(explanation: Explanation, { color, width, depth, isJob = false }: ExplainView): string {
  const { scenario, tables, label, plan, figure, tree } = plainTree(explanation);
  const book = tables.priceBook === null ? '' : ', own price book';
  return renderText(
    [
      title(scenario.name, `prices ${tables.snapshot} (${ageText(tables)}${book})`),
      paragraph('PLAN', label),
      paragraph('', plan, { tone: 'faint' }),
      gap,
      ...treeLines(figure, isJob ? inAll(tree) : tree, depth ?? Number.POSITIVE_INFINITY),
    ],
    { color, width: Math.max(minWidth, width) },
  );
}

const step = 2;

/** Figures of a month as those of a job. */
const inAll = (node: ExplainedFigure): ExplainedFigure => ({
  ...node,
  label: node.label.replace(/^monthly cost$/, 'cost').replace(' in an average month', ' in all'),
  unit: node.unit.replace(/^(usd|requests|tokens)\/month$/i, '$1 in all'),
  parts: node.parts.map(inAll),
});

function treeLines(figure: string, tree: ExplainedFigure, depth: number): Document {
  const told = new Map<string, string>();
  const quoted = new Set<string>();
  const lines: Document = [];
  // A row is quoted whole where it is first met.
  const quote = (sources: readonly ExplainedSource[]): string[] =>
    alike(sources).map(({ rows, origin }) => {
      const whole = `[${rows === '' ? '' : `${rows}: `}${origin}]`;
      if (rows === '' || !quoted.has(whole)) {
        quoted.add(whole);
        return whole;
      }
      return `[${rows}]`;
    });
  const put = (text: string, level: number, tone: Tone = 'plain'): void => {
    lines.push(indented(text, level * step, { tone, hang: step }));
  };
  const add = (node: ExplainedFigure, before: string, level: number): void => {
    const { parts, formula } = node;
    const alone = node.sources.length === 1 && node.assumption === null && formula === null;
    const known = node.assumption !== null && quoted.has(node.assumption.name);
    const row = alone ? ` ${quote(node.sources).join(' ')}` : '';
    const short = inOneLine(node);
    put(`${before}${node.label}: ${inUnit(node.value, node.unit)}${short}${originOf(node, quoted)}${row}`, level);
    if (short !== '') return;
    const key = JSON.stringify(madeOf(node));
    const same = told.get(key);
    if (parts.length > 0 && same !== undefined) {
      put(same === node.label ? 'as above' : `as ${same} above`, level + 1, 'faint');
      return;
    }
    if (formula !== null) put(formula, level + 1, 'faint');
    if (!alone && !known) for (const text of quote(node.sources)) put(text, level + 1, 'faint');
    if (parts.length > 0 && level >= depth) {
      put(`${counted(parts.length, 'part')} not shown: --depth ${level + 1}`, level + 1, 'faint');
      return;
    }
    told.set(key, node.label);
    for (const [index, part] of parts.entries()) add(part, signOf(node, index), level + 1);
  };
  add({ ...tree, label: tree.label === figure ? figure : `${figure}, ${tree.label}` }, '', 0);
  return lines;
}

const signs: Readonly<Record<ExplainedFigure['how'], readonly [first: string, others: string]>> = {
  given: ['', ''],
  predicted: ['from ', 'from '],
  sum: ['= ', '+ '],
  difference: ['= ', '- '],
  product: ['= ', 'x '],
  quotient: ['= ', '/ '],
  largest: ['= largest of ', 'and '],
  smallest: ['= smallest of ', 'and '],
  'rounded up': ['= rounded up from ', ''],
};
const signOf = ({ how }: ExplainedFigure, index: number): string => signs[how][index === 0 ? 0 : 1];

/** The same text for figures with equal formulas and parts, down to the leaves. */
const madeOf = ({ value, unit, how, parts }: ExplainedFigure): unknown[] => [
  ...[value, unit, how],
  parts.map((part) => [part.label, madeOf(part)]),
];

/** A figure of plain numbers, in one line: ` = 3 units x 210 hours`; empty: its parts say more. */
function inOneLine(node: ExplainedFigure): string {
  const plain = node.parts.every(
    ({ how, sources, assumption, scenario }) =>
      how === 'given' && sources.length === 0 && assumption === null && scenario === null,
  );
  const short = plain && node.parts.length > 0 && node.formula === null && ['product', 'quotient'].includes(node.how);
  if (!short) return '';
  return node.parts.map((part, index) => ` ${signOf(node, index)}${inUnit(part.value, part.unit)}`).join('');
}

/** The source of a leaf that is no row, without repetitions. */
function originOf({ assumption, scenario }: ExplainedFigure, quoted: Set<string>): string {
  if (scenario !== null) {
    const { path, text, origin } = scenario;
    const said = origin === 'assumed' && !quoted.has(path);
    quoted.add(path);
    return ` [scenario: ${path}${said ? `, assumed: ${text}` : ''}]`;
  }
  if (assumption === null) return '';
  const { name, unit, low, likely, high, by, as } = assumption;
  if (quoted.has(name)) return ` [assumption ${name}]`;
  quoted.add(name);
  const show = (value: number) => inUnit(value, unit.split(/[ /]/)[0] === 'fraction' ? 'fraction' : '');
  if (by === 'user') {
    const where = as === null ? name : `${as}, whose value ${name} takes`;
    return ` [scenario: assumptions.${where}; the tables say ${show(likely)}]`;
  }
  const range = low === high ? '' : ` (${show(low)} to ${show(high)})`;
  const taken = as === null ? '' : `, the value of ${as}`;
  return ` [assumption ${name}: ${show(likely)}${range}${taken}, change it under assumptions:]`;
}

/** Rows of one table with equal notes, grouped; `rows` empty: the user's own price. */
function alike(sources: readonly ExplainedSource[]): { rows: string; origin: string }[] {
  const groups = new Map<string, { table: string; rows: number[]; origin: string }>();
  for (const { table, row, source, date, confidence } of sources) {
    const origin = [source, date, `${confidence} confidence`].filter((text) => text !== '').join(', ');
    const key = `${row === null} ${table} ${origin}`;
    const group = groups.get(key) ?? { table, rows: [], origin };
    groups.set(key, group);
    if (row !== null) group.rows.push(row);
  }
  return [...groups.values()].map(({ table, rows, origin }) => ({
    rows: rows.length === 0 ? '' : `${table} ${rows.length === 1 ? 'row' : 'rows'} ${runs(rows)}`,
    origin,
  }));
}

/** Row numbers with neighbors drawn together: `1 to 3, 7`. */
function runs(rows: readonly number[]): string {
  const found: { first: number; last: number }[] = [];
  for (const row of rows) {
    const before = found.at(-1);
    if (before !== undefined && before.last === row - 1) before.last = row;
    else found.push({ first: row, last: row });
  }
  return found
    .map(({ first, last }) => (first === last ? grouped(first) : `${grouped(first)} to ${grouped(last)}`))
    .join(', ');
}

/** A figure with its unit: money with its sign, a fraction as a percentage. */
function inUnit(value: number, unit: string): string {
  if (/^usd\b/i.test(unit)) return `${value < 0 ? '-' : ''}$${digits(Math.abs(value))}${unit.slice(3)}`;
  const [head, ...rest] = unit.split(' ');
  if (head === 'fraction') return [`${digits(value * 100)} %`, ...rest].join(' ');
  const told = digits(value);
  return unit === '' || unit === 'ratio' ? told : `${told} ${told === '1' ? oneOf(unit) : unit}`;
}

/** A unit of which there is one: `1 request/day`; abbreviations as `ms` stay. */
const oneOf = (unit: string): string =>
  unit.replace(/^([A-Za-z]{2,}?)(ies|s)(?=\/| |$)/, (_, stem: string, end: string) =>
    end === 'ies' ? `${stem}y` : stem,
  );

/** Enough digits to check the arithmetic: six, and all before the point. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99_999.5 || Number.isInteger(value)) return grouped(value);
  const decimals = Math.min(20, Math.max(0, 5 - Math.floor(Math.log10(size))));
  const [whole = '', fraction = ''] = size.toFixed(decimals).split('.');
  const rest = fraction.replace(/0+$/, '');
  return `${value < 0 ? '-' : ''}${grouped(Number(whole))}${rest === '' ? '' : `.${rest}`}`;
}
