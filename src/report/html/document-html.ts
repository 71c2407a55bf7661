import { type Block, type Document, details, type Line, type Row, type Table, type Text } from '../document.js';
import { html, type Markup } from './markup.js';

/** A section of a page: name in sentence case, id, and content. */
export type PageSection = { name: string; id: string; body: Markup };

/** `THE ANSWER CHANGES IF` as `The answer changes if`. */
const sentenceCase = (name: string): string =>
  name === name.toUpperCase() ? name.charAt(0) + name.slice(1).toLowerCase() : name;
export const idOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** A document as sections; what stands before the first one has no name. */
export function sectionsOf(document: Document): PageSection[] {
  const parts: { name: string; blocks: Block[] }[] = [{ name: '', blocks: [] }];
  for (const block of document) {
    if (block.is === 'section') parts.push({ name: block.name, blocks: [] });
    if (block.is !== 'gap' && !(block.is === 'section' && block.text === '')) parts.at(-1)?.blocks.push(block);
  }
  return parts
    .filter(({ blocks }) => blocks.length > 0)
    .map(({ name, blocks }) => ({ name: sentenceCase(name), id: idOf(name), body: bodyOf(blocks) }));
}

/** Blocks without sections: paragraphs in a row are one list where they have labels. */
export function bodyOf(blocks: Document): Markup {
  const parts: (Block | (Text | Line)[])[] = [];
  for (const block of blocks) {
    const last = parts.at(-1);
    if (block.is !== 'text' && block.is !== 'line') parts.push(...(block.is === 'gap' ? [] : [block]));
    else if (Array.isArray(last) && (block.label.trim() === '') === (last[0]?.label.trim() === '')) last.push(block);
    // Without a label it continues the paragraph above, under the same label.
    else if (
      Array.isArray(last) &&
      block.is === 'text' &&
      block.label.trim() === '' &&
      block.indent >= (last.at(-1) as Text).indent
    )
      last.push(block);
    else parts.push([block]);
  }
  return html`${parts.map((part) => (Array.isArray(part) ? textsOf(part) : blockOf(part)))}`;
}

function textsOf(blocks: readonly (Text | Line)[]): Markup {
  const isList = blocks[0]?.label.trim() !== '';
  const indentOf = (block: Text | Line): number => (block.is === 'text' ? block.indent : 0);
  const outer = Math.min(...blocks.map(indentOf));
  if (!isList)
    return html`${blocks.map((block) => html`<p class="${toneOf(block)}${indentOf(block) > outer ? ' in' : ''}">${wordsOf(block)}</p>\n`)}`;
  return html`<dl>${blocks.map((block) => html`${block.label.trim() === '' ? null : html`<dt>${block.label.trim()}</dt>`}<dd class="${toneOf(block)}">${wordsOf(block)}</dd>\n`)}</dl>`;
}

const toneOf = ({ tone }: Text | Line): string => (tone === 'plain' || tone === 'title' ? '' : tone);

const linked = new RegExp(`(--detail (?:${details.join('|')})\\b(?!\\|))`);

/** Where a page has what an option of the command line would print, it is linked. */
function wordsOf(block: Text | Line): Markup {
  const parts = block.text.trim().replace(/ +/g, ' ').split(linked);
  return html`${parts.map((part) => (part.startsWith('--detail ') ? html`<a href="#${part.slice(9)}">${part.slice(9)}</a>` : part))}`;
}

function blockOf(block: Block): Markup | null {
  switch (block.is) {
    case 'section':
      return html`<p class="soft">${block.text}</p>`;
    case 'facts':
      return html`<dl>${block.rows.map(({ name, value, before }) => html`<dt>${name}</dt><dd>${value}${before === undefined ? null : html` <span class="soft">${before}</span>`}</dd>`)}</dl>`;
    case 'table':
      return tableOf(block);
    default:
      return null;
  }
}

function tableOf({ columns, rows }: Table): Markup {
  const classes = columns.map(({ number, optional }) =>
    [number ? 'n' : '', optional === undefined ? '' : 'optional'].join(' ').trim(),
  );
  const attribute = (at: number) => (classes[at] ? html` class="${classes[at] ?? ''}"` : null);
  const head = columns.every(({ title }) => title === '')
    ? null
    : html`<thead><tr>${columns.map(({ title, name }, at) => html`<th scope="col"${attribute(at)}>${name ?? title}</th>`)}</tr></thead>`;
  const row = ({ cells, tone = 'plain', below = [] }: Row): Markup =>
    html`<tr class="${tone}">${cells.map((cell, at) => html`<td${attribute(at)}>${cell}${at === 0 && below.length > 0 ? html`<div class="soft">${bodyOf(below)}</div>` : null}</td>`)}</tr>\n`;
  return html`<div class="scroll" tabindex="0"><table>${head}<tbody>${rows.map(row)}</tbody></table></div>\n`;
}
