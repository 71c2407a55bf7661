import { scaleLinear } from 'd3-scale';
import type { Decision } from '../../decide/decision.js';
import { grouped, money } from '../numbers.js';
import { axes, type Chart, isNarrow, short, textWidth } from './chart.js';
import { figureOf, html } from './markup.js';

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
