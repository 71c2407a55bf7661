import type { Kind } from '../../tables/rows.js';
import { chartStyle, html, type Markup, raw } from './markup.js';

/** A chart for a page in two widths, and as numbers to read or copy. */
export type Chart = {
  id: string;
  title: string;
  /** What is drawn, in a few words below the title. */
  note: string;
  /** What it shows, in sentences, for those who do not see it. */
  description: string;
  draw(width: number): { height: number; body: Markup };
  columns: readonly { title: string; number?: true }[];
  rows: readonly (readonly Markup[])[];
};

const widths = { wide: 800, narrow: 340 } as const;

/** The picture with title and description; `standalone`: a file with its style. */
function svg(chart: Chart, size: 'wide' | 'narrow', standalone = false): Markup {
  const width = widths[size];
  const id = `${chart.id}-${size}`;
  const { height, body } = chart.draw(width);
  return html`<svg${standalone ? raw(' xmlns="http://www.w3.org/2000/svg"') : null} class="${size}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t ${id}-d"><title id="${id}-t">${chart.title}</title><desc id="${id}-d">${chart.description}</desc>${standalone ? html`<style>${raw(chartStyle)}</style>` : null}${body}</svg>`;
}

export const svgFile = (chart: Chart): string => `${svg(chart, 'wide', true).text}\n`;

export const figure = (chart: Chart | null): Markup | null =>
  chart &&
  html`<figure id="${chart.id}"><figcaption><b>${chart.title}</b> <span>${chart.note}</span></figcaption>
${svg(chart, 'wide')}${svg(chart, 'narrow')}
<details><summary>${chart.title} as a table</summary>${dataTable(chart.columns, chart.rows)}</details></figure>
`;

export const dataTable = (columns: Chart['columns'], rows: Chart['rows'], attributes: Markup | null = null): Markup =>
  html`<div class="scroll" tabindex="0"><table${attributes}><thead><tr>${columns.map(({ title, number }) => html`<th scope="col"${number ? raw(' class="n"') : null}>${title}</th>`)}</tr></thead><tbody>
${rows.map((cells) => html`<tr>${cells.map((cell, at) => html`<td${columns[at]?.number ? raw(' class="n"') : null}>${cell}</td>`)}</tr>\n`)}</tbody></table></div>`;

export const isNarrow = (width: number): boolean => width < 600;

/** Width of a text in charts in pixels, estimated from above. */
export const textWidth = (text: string): number => text.length * 7.2;

/** A text that fits into so many pixels. */
export const fitted = (text: string, room: number): string =>
  textWidth(text) <= room ? text : `${text.slice(0, Math.max(1, Math.floor(room / 7.2) - 1)).trimEnd()}…`;

export const at = (x: number, y: number, text: string, kind = '', anchor = 'start'): Markup =>
  html`<text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${text}</text>`;

/** Positions at least `gap` apart, near the given ones, in order from top to `bottom`. */
export function spread(wanted: readonly number[], gap: number, bottom: number): number[] {
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  for (const [i, one] of order.entries()) one.y = Math.max(one.y, (order[i - 1]?.y ?? Number.NEGATIVE_INFINITY) + gap);
  let limit = bottom;
  for (const one of order.toReversed()) {
    one.y = Math.min(one.y, limit);
    limit = one.y - gap;
  }
  return order.sort((a, b) => a.index - b.index).map(({ y }) => y);
}

/** Powers of ten from `low` to `high`. */
export function decades(low: number, high: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
}

const units = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;
/** A round number in few signs: 1, 10, 5k, 20M. */
export function short(value: number): string {
  const [unit, sign] = units.find(([least]) => Math.abs(value) >= least) ?? [1, ''];
  return `${Number((value / unit).toPrecision(3))}${sign}`;
}

type Scale = (value: number) => number;
type Side = { scale: Scale; ticks: readonly number[]; text(value: number): string };

/** Grid lines with their labels: values upward at the left, along at the bottom. */
export const axes = (x: Side, y: Side, box: { left: number; right: number; top: number; bottom: number }): Markup =>
  html`<g class="grid">${y.ticks.map((tick) => html`<path d="M${box.left} ${y.scale(tick)}H${box.right}"/>`)}</g>${y.ticks.map((tick) => at(box.left - 8, y.scale(tick) + 4, y.text(tick), 'tick', 'end'))}${x.ticks.map((tick) => at(x.scale(tick), box.bottom + 17, x.text(tick), 'tick', 'middle'))}<path class="axis" d="M${box.left} ${box.bottom}H${box.right}"/>`;

/** Colors with names in rows that fit the width. */
export function legend(entries: readonly { color: string; name: string }[], left: number, top: number, width: number) {
  let [x, y] = [left, top];
  const body = entries.map(({ color, name }) => {
    const wide = textWidth(name) + 34;
    if (x > left && x + wide > width) [x, y] = [left, y + 20];
    const entry = html`<rect class="${color}" x="${x}" y="${y - 9}" width="11" height="11" rx="2"/>${at(x + 17, y, name)}`;
    x += wide;
    return entry;
  });
  return { body: html`${body}`, height: y - top + 20 };
}

/** The color class of a deployment type; of a mix for plans with several. */
export const colorOf = (kinds: readonly Kind[]): string => (kinds.length === 1 ? `k-${kinds[0]}` : 'k-mix');
