import type { Block, Document, Line, Table, Text } from './document.js';
import { plainText } from './plain-text.js';
import { renderText } from './text.js';

/** Markdown as code hosts render it; names of a scenario stay text. */

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
export function renderMarkdown(document: Document, folds: Readonly<Record<string, Document>>): string {
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
