import { sha256 } from '../../tables/sha256.js';
import {
  type Block,
  type Document,
  details,
  type Line,
  type Row,
  section,
  type Table,
  type Text,
} from '../document.js';
import { type Chart, figure } from './charts.js';
import { chartStyle, html, type Markup, pageStyle, raw } from './markup.js';

/** A page: title, subtitle, sections and script. */
type Page = {
  title: string;
  about: Markup;
  sections: readonly { id: string; name: string; body: Markup; kind?: string }[];
  footer: string;
  /** JavaScript that sorts tables and answers what-if; the page is whole without it. */
  script: string;
  /** Behind everything else: what the script reads. */
  data: Markup | null;
};

/** The text of a script's hash in a policy. */
const hashOf = (script: string): string =>
  btoa(String.fromCharCode(...(sha256(script).match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16))));

/** One HTML file without network requests. */
export const renderPage = ({ title, about, sections, footer, script, data }: Page): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${raw(hashOf(script))}' blob:; worker-src blob:; img-src data:">
<link rel="icon" href="data:,"><title>${title}</title><style>${raw(chartStyle)}
${raw(pageStyle)}</style></head>
<body><div class="page"><header><h1>${title}</h1><p class="soft">${about}</p></header>
<nav aria-label="Sections"><ul>${sections.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main>
${sections.map(({ id, name, body, kind }) => html`<section id="${id}" aria-labelledby="${id}-h"${kind === undefined ? null : html` class="${kind}"`}><h2 id="${id}-h">${name}</h2>\n${body}</section>\n`)}</main>
<footer>${footer}</footer></div>
${data}<script>${raw(script)}</script></body></html>
`.text;

/** A titled document as one HTML file; each further title begins a section. The chart comes first. */
export function documentPage(document: Document, script: string, chart: Chart | null = null): string {
  const [head, ...rest] = document;
  const [title, about] = head?.is === 'title' ? [head.left, head.right] : ['', ''];
  const blocks = rest.map((block) => (block.is === 'title' ? section(block.left, block.right) : block));
  const sections = sectionsOf(blocks).map(({ name, body }, i) => ({
    id: `part-${i}`,
    name: name === '' ? 'Overview' : name,
    body: i === 0 ? html`${body}${figure(chart)}` : body,
  }));
  return renderPage({ title, about: html`${about}`, sections, footer: '', script, data: null });
}

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
