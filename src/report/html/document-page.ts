import type { Document } from '../document.js';
import { section } from '../document.js';
import { type Chart, figure } from './chart.js';
import { sectionsOf } from './document-html.js';
import { html } from './markup.js';
import { renderPage } from './page.js';

/** A document that begins with its title as one HTML file; each further title begins a section. The chart stands first. */
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
