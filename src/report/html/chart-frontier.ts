import { scaleLinear, scaleLog } from 'd3-scale';
import type { Decision } from '../../decide/decision.js';
import { kinds as allKinds, kindNames } from '../../tables/kinds.js';
import { numberColumns, textColumns } from '../document.js';
import { grouped, money, sureness } from '../numbers.js';
import { quality } from '../recommendation.js';
import { at, axes, type Chart, colorOf, decades, fitted, isNarrow, legend, short, spread } from './chart.js';
import { figureOf, html } from './markup.js';

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
