import { sha256 } from '../../tables/sha256.js';
import { type Document, section } from '../document.js';
import { type Chart, figure } from './chart.js';
import { sectionsOf } from './document-html.js';
import { html, type Markup, raw } from './markup.js';
import { chartStyle, pageStyle } from './style.js';

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
