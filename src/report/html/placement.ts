import type { Decision } from '../../decide/decision.js';
import { kindNames } from '../../tables/kinds.js';
import { numberColumns, textColumns } from '../document.js';
import { percent } from '../numbers.js';
import { capital, findOption } from '../plan-names.js';
import { sellerOf } from '../recommendation.js';
import { at, type Chart, colorOf, fitted, isNarrow } from './chart.js';
import { figureOf, html } from './markup.js';

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
