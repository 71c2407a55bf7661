import { plainText } from '../plain-text.js';

/** Text that is HTML or SVG already. */
export class Markup {
  constructor(readonly text: string) {}
}
export type Content = string | number | Markup | null | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => plainText(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

function textOf(content: Content): string {
  if (content === null) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string') return escaped(content);
  return typeof content === 'number' ? String(Number(content.toFixed(2))) : content.map(textOf).join('');
}

/** HTML or SVG from a template: values are escaped unless made by it. Numbers have two decimals. */
export const html = (parts: TemplateStringsArray, ...contents: readonly Content[]): Markup =>
  new Markup(parts.map((part, at) => part + (at < contents.length ? textOf(contents[at] ?? null) : '')).join(''));

/** Text as it stands, for scripts, styles and what is encoded: it must hold no `</`. */
export const raw = (text: string): Markup => new Markup(text);

/** A figure of the JSON result, by its path there: tests hold the two together. */
export const figureOf = (path: string, value: number | null, text: Content): Markup =>
  value === null
    ? html`${text}`
    : html`<data data-path="${path}" data-value="${String(value)}" value="${String(value)}">${text}</data>`;
