import { scaleLinear, scaleLog } from 'd3-scale';
import type { Decision, TornadoRow } from '../../decide/decision.js';
import { kinds as allKinds, kindNames } from '../../tables/column.js';
import type { Kind } from '../../tables/columns.js';
import { numberColumns, textColumns } from '../document.js';
import { decimal, grouped, money, percent, quality, roughMoney, sureness } from '../numbers.js';
import { capital, findOption } from '../plan-words.js';
import { sellerOf } from '../recommendation.js';
import { chartStyle, figureOf, html, type Markup, raw } from './markup.js';

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

/** Quality against cost: the front from the advised plan up, and other options for all tasks. */
export function frontierChart({ recommendation, options }: Decision): Chart | null {
  const front = recommendation.betterQuality;
  const [first] = front;
  if (first === undefined) return null;
  const others = options.flatMap(({ id, kind, feasible, monthlyCost, capability }) =>
    feasible && monthlyCost !== null && monthlyCost > 0 && capability !== null && front.every(({ plan }) => plan !== id)
      ? [{ kind, monthlyCost, capability }]
      : [],
  );
  if (front.length + others.length < 2) return null;
  // Only those of the report are listed; the kind is what every id begins with.
  const kindOf = (option: string) => allKinds.find((kind) => option.startsWith(`${kind}/`));
  const tasks = new Set(recommendation.assignments.map(({ task }) => task)).size;
  const need = recommendation.assignments.find(({ task }) => task === first.task);
  const costs = [...front, ...others].map(({ monthlyCost }) => Math.max(monthlyCost, 0.01));
  const [low, high] = [
    10 ** Math.floor(Math.log10(Math.min(...costs) * 0.9)),
    10 ** Math.ceil(Math.log10(Math.max(...costs) * 1.1)),
  ];
  const indices = [...front, ...others].map(({ capability }) => capability).concat(need?.capabilityNeed ?? []);
  const bottom = Math.max(0, Math.floor((Math.min(...indices) - 5) / 10) * 10);
  return {
    id: 'quality-and-cost',
    title: 'Quality and cost',
    note: `Better models and their price${tasks > 1 ? `, for ${first.task}` : ''}; small dots are options that meet every rule`,
    description: `Quality, 0 to 100, by USD a month: ${front.map(({ label, capability, monthlyCost }) => `${label} ${quality(capability)} for ${money(monthlyCost)}`).join(', ')}. Other dots are options that meet every rule.`,
    draw(width) {
      const narrow = isNarrow(width);
      const box = { left: 40, right: narrow ? width - 20 : width - 290, top: 22, bottom: narrow ? 240 : 310 };
      const x = scaleLog([low, high], [box.left, box.right]);
      const y = scaleLinear([bottom, 100], [box.bottom, box.top]);
      const dots = front.map((one) => ({ ...one, x: x(Math.max(one.monthlyCost, 0.01)), y: y(one.capability) }));
      const numbers = spread(
        dots.map((dot) => dot.y),
        13,
        box.bottom,
      );
      const kinds = [...others.map(({ kind }) => kind), ...front.flatMap(({ option }) => kindOf(option) ?? [])];
      const key = legend(
        [...new Set(kinds)].map((kind) => ({ color: colorOf([kind]), name: kindNames[kind] })),
        box.left,
        box.bottom + 56,
        width,
      );
      const list = narrow
        ? { x: box.left, y: box.bottom + 66 + key.height, room: width - box.left }
        : { x: box.right + 36, y: box.top + 10, room: width - box.right - 40 };
      const body = html`${axes(
        { scale: x, ticks: decades(low, high), text: (usd) => `$${short(usd)}` },
        { scale: y, ticks: y.ticks(5), text: String },
        box,
      )}${at(box.right, box.bottom + 34, 'USD a month', 'soft', 'end')}${at(0, 10, 'quality', 'soft')}
${need === undefined ? null : html`<path class="now" d="M${box.left} ${y(need.capabilityNeed)}H${box.right}"/>${at(box.right, y(need.capabilityNeed) - 6, `needed ${quality(need.capabilityNeed)}`, '', 'end')}`}
${others.map(({ kind, monthlyCost, capability }) => html`<circle class="${colorOf([kind])}" cx="${x(monthlyCost)}" cy="${y(capability)}" r="4"/>`)}
<path class="front" d="M${dots.map((dot) => `${dot.x.toFixed(1)} ${dot.y.toFixed(1)}`).join('L')}"/>
${dots.map(({ option, label, x: cx, y: cy }, i) => {
  const kind = kindOf(option);
  const weight = i === 0 ? 'strong' : '';
  return html`<circle class="${kind === undefined ? 'k-mix' : colorOf([kind])}" cx="${cx}" cy="${cy}" r="6.5"/>${at(cx + 10, (numbers[i] ?? cy) + 4, String(i + 1), 'strong halo')}${at(list.x, list.y + i * 20, fitted(`${i + 1}  ${label}`, list.room), weight)}`;
})}${key.body}`;
      return { height: box.bottom + 50 + key.height + (narrow ? dots.length * 20 + 10 : 0), body };
    },
    columns: [
      ...textColumns('plan'),
      ...numberColumns('quality', 'good enough', 'USD a month', 'pays if a failed answer costs over'),
    ],
    rows: front.map(({ label, capability, goodEnough, monthlyCost, paysFrom }, i) => {
      const path = `recommendation.betterQuality.${i}`;
      return [
        html`${label}`,
        figureOf(`${path}.capability`, capability, quality(capability)),
        figureOf(`${path}.goodEnough`, goodEnough, sureness(goodEnough)),
        figureOf(`${path}.monthlyCost`, monthlyCost, grouped(monthlyCost)),
        figureOf(`${path}.paysFrom`, paysFrom, paysFrom === null ? 'advised' : money(paysFrom)),
      ];
    }),
  };
}

/** Boxes a reader takes in, users and router left aside. */
const most = 6;

/** Where requests go: users, the router, and a box for each place. None for a single place. */
export function placementChart(decision: Decision): Chart | null {
  const { assignments } = decision.recommendation;
  const ids = [...new Set(assignments.map(({ option }) => option))];
  if (ids.length < 2) return null;
  const places = ids.slice(0, most).map((id) => {
    const option = findOption(decision, id);
    const tasks = assignments
      .filter((one) => one.option === id)
      .map(({ task, part, share }) => `${part === 'all' ? task : `${task} (${part})`} ${percent(share)}`);
    return {
      color: option === undefined ? 'k-mix' : colorOf([option.kind]),
      tasks: tasks.join(', '),
      name: option === undefined ? id : `${option.names.model}, ${sellerOf(option)}`,
      kind: option === undefined ? '' : capital(kindNames[option.kind]),
    };
  });
  const left = ids.length - places.length;
  return {
    id: 'placement',
    title: 'Where requests go',
    note: 'Share of all requests',
    description: `${places.map(({ tasks, name }) => `${tasks} to ${name}`).join('; ')}${left > 0 ? `; ${left} more places` : ''}.`,
    draw(width) {
      const narrow = isNarrow(width);
      const [x, top, high, step] = [narrow ? 36 : 340, narrow ? 62 : 4, 66, 80];
      const wide = width - x - 2;
      const middle = top + ((places.length - 1) * step + high) / 2;
      const small = (bx: number, by: number, text: string) =>
        html`<rect class="box" x="${bx}" y="${by}" width="110" height="40" rx="5"/>${at(bx + 55, by + 24, text, 'strong', 'middle')}`;
      const body = html`${narrow ? html`${small(2, 2, 'Your router')}${small(150, 2, 'Users')}<path class="wire" d="M112 22H150M18 42V${top + (places.length - 1) * step + high / 2}"/>` : html`${small(2, middle - 20, 'Users')}${small(150, middle - 20, 'Your router')}<path class="wire" d="M112 ${middle}H150"/>`}
${places.map(({ color, tasks, name, kind }, i) => {
  const y = top + i * step;
  const wire = narrow
    ? `M18 ${y + high / 2}H${x}`
    : `M260 ${middle}C300 ${middle} 300 ${y + high / 2} ${x} ${y + high / 2}`;
  return html`<path class="wire" d="${wire}"/><rect class="box" x="${x}" y="${y}" width="${wide}" height="${high}" rx="5"/><rect class="${color}" x="${x}" y="${y}" width="5" height="${high}"/>${at(x + 16, y + 20, fitted(tasks, wide - 24), 'strong')}${at(x + 16, y + 38, fitted(name, wide - 24))}${at(x + 16, y + 55, kind, 'soft')}`;
})}`;
      return {
        height: top + places.length * step + (left > 0 ? 14 : -8),
        body: left > 0 ? html`${body}${at(x, top + places.length * step + 8, `and ${left} more`, 'soft')}` : body,
      };
    },
    columns: [...textColumns('task'), ...numberColumns('requests'), ...textColumns('runs on')],
    rows: assignments.map(({ task, part, share, option }, i) => [
      html`${part === 'all' ? task : `${task} (${part})`}`,
      figureOf(`recommendation.assignments.${i}.share`, share, percent(share)),
      html`${option}`,
    ]),
  };
}

/** Payments by month, and the cost of today's option. */
export function monthsChart({ timeline }: Decision): Chart | null {
  const [first] = timeline;
  if (
    first === undefined ||
    timeline.length < 3 ||
    (timeline.every(({ paid, today, month }) => month < 2 || (paid === timeline[1]?.paid && today === null)) &&
      first.paid === 0)
  )
    return null;
  const before = first.paid === 0 ? 1 : 0;
  const months = timeline.slice(before);
  const most = Math.max(...months.map(({ paid, today }) => Math.max(paid, today ?? 0)));
  const least = Math.min(0, ...months.map(({ paid }) => paid));
  const hasToday = months.some(({ today }) => today !== null);
  const [start, end] = [months[0], months.at(-1)];
  return {
    id: 'months',
    title: 'Month by month',
    note: `USD paid in each month${hasToday ? '; the line is what today’s way would cost' : ''}`,
    description: `USD paid in each month${before === 0 ? `, ${money(first.paid)} before the start` : ''}, from ${money(start?.paid ?? 0)} to ${money(end?.paid ?? 0)} in ${end?.date ?? ''}; ${money(end?.cumulative ?? 0)} in all.${hasToday ? ' The line is what today’s way would cost.' : ''}`,
    draw(width) {
      const box = { left: 52, right: width - 4, top: 12, bottom: isNarrow(width) ? 170 : 210 };
      const step = (box.right - box.left) / months.length;
      const x = (index: number): number => box.left + (index + 0.5) * step;
      const y = scaleLinear([least, most || 1], [box.bottom, box.top]).nice(4);
      const every = Math.ceil((textWidth('2026-11') + 10) / step);
      const todays = months.flatMap(({ today }, i) =>
        today === null ? [] : [`${(x(i) - step / 2).toFixed(1)} ${y(today).toFixed(1)}h${step.toFixed(1)}`],
      );
      const body = html`${axes(
        {
          scale: x,
          ticks: months.flatMap((_, i) => (i % every === 0 ? [i] : [])),
          text: (index) => (months[index]?.month === 0 ? 'start' : (months[index]?.date ?? '')),
        },
        { scale: y, ticks: y.ticks(4), text: (usd) => `${usd < 0 ? '-' : ''}$${short(Math.abs(usd))}` },
        box,
      )}${months.map(({ paid }, i) => html`<rect class="bar" x="${x(i) - Math.min(20, step * 0.36)}" y="${y(Math.max(0, paid))}" width="${Math.min(40, step * 0.72)}" height="${Math.abs(y(paid) - y(0))}"/>`)}${hasToday ? html`<path class="now" d="M${todays.join('L')}"/>` : null}`;
      return { height: box.bottom + 24, body };
    },
    columns: [
      { title: 'month' },
      { title: 'requests a day', number: true },
      { title: 'paid', number: true },
      { title: 'paid so far', number: true },
      ...(hasToday ? [{ title: 'today’s way', number: true as const }] : []),
    ],
    rows: timeline.map(({ month, date, requestsPerDay, paid, cumulative, today }) => {
      const path = `timeline.${month}`;
      return [
        html`${month === 0 ? 'before the start' : date}`,
        figureOf(`${path}.requestsPerDay`, requestsPerDay, grouped(requestsPerDay)),
        figureOf(`${path}.paid`, paid, grouped(paid)),
        figureOf(`${path}.cumulative`, cumulative, grouped(cumulative)),
        ...(hasToday ? [figureOf(`${path}.today`, today, today === null ? '-' : grouped(today))] : []),
      ];
    }),
  };
}

/** Bars that a reader takes in. */
const shown = 8;

/** How far each uncertain input alone moves the bill, the widest first. */
export function tornadoChart({ tornado, recommendation }: Decision): Chart | null {
  const { monthlyCost } = recommendation;
  const rows = tornado.filter(
    (row): row is TornadoRow & { costAtLow: number; costAtHigh: number } =>
      row.costAtLow !== null && row.costAtHigh !== null && (row.swing ?? 0) > 0,
  );
  if (monthlyCost === null || rows.length === 0) return null;
  const told = rows.toSorted((a, b) => (b.swing ?? 0) - (a.swing ?? 0)).slice(0, shown);
  const ends = [monthlyCost, ...told.flatMap(({ costAtLow, costAtHigh }) => [costAtLow, costAtHigh])];
  return {
    id: 'what-moves-the-bill',
    title: 'What moves the bill',
    note: 'USD a month with one input at the low and at the high end of its 80 % range, all else at likely values',
    description: `USD a month where one input is at the 10th and at the 90th percentile of its range, all else at likely values; most by ${told[0]?.parameter ?? ''}. The line is ${money(monthlyCost)}.`,
    draw(width) {
      const narrow = isNarrow(width);
      const left = narrow ? 0 : 300;
      const margin = 62;
      const x = scaleLinear([Math.min(...ends), Math.max(...ends)], [left + margin, width - margin]);
      const step = narrow ? 58 : 40;
      const height = told.length * step + 10;
      const body = html`${told.map((row, i) => {
        const y = i * step + (narrow ? 36 : 10);
        const [low, high] = [Math.min(row.costAtLow, row.costAtHigh), Math.max(row.costAtLow, row.costAtHigh)];
        const room = narrow ? width : left - 8;
        return html`<rect class="bar" x="${x(low)}" y="${y}" width="${Math.max(3, x(high) - x(low))}" height="18"/><path class="axis" d="M${x(monthlyCost)} ${y - 4}v26"/>${at(x(low) - 6, y + 13, roughMoney(low), '', 'end')}${at(x(high) + 6, y + 13, roughMoney(high))}${at(0, y - (narrow ? 22 : -6), fitted(row.parameter, room), 'strong')}${at(0, y - (narrow ? 7 : -21), fitted(rangeText(row), room), 'soft')}`;
      })}`;
      return { height, body };
    },
    columns: [
      ...textColumns('input', 'from', 'to'),
      ...numberColumns('USD a month at the first', 'at the second'),
      ...textColumns('changes the advice'),
    ],
    rows: tornado.map(({ parameter, unit, low, high, costAtLow, costAtHigh, flips }, i) => [
      html`${parameter}`,
      figureOf(`tornado.${i}.low`, low, `${decimal(low)} ${unit}`),
      figureOf(`tornado.${i}.high`, high, `${decimal(high)} ${unit}`),
      figureOf(`tornado.${i}.costAtLow`, costAtLow, costAtLow === null ? 'cannot run' : money(costAtLow)),
      figureOf(`tornado.${i}.costAtHigh`, costAtHigh, costAtHigh === null ? 'cannot run' : money(costAtHigh)),
      html`${flips ? 'yes' : 'no'}`,
    ]),
  };
}

const told3 = (value: number): string => decimal(Number(value.toPrecision(3)));
const rangeText = ({ low, high, unit, flips }: TornadoRow): string =>
  `${told3(low)} to ${told3(high)} ${unit}${flips ? ' (changes the advice)' : ''}`;
