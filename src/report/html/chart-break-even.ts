import { scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { CostCurve } from '../../analyses/break-even/cost-curves.js';
import type { LadderRow } from '../../decide/decision.js';
import { numberColumns, textColumns } from '../document.js';
import { grouped, money, roughly } from '../numbers.js';
import { capital, kindsText } from '../plan-names.js';
import { at, axes, type Chart, colorOf, decades, fitted, isNarrow, legend, short, spread, textWidth } from './chart.js';
import { figureOf, html } from './markup.js';

export type CostByVolume = {
  curves: readonly CostCurve[];
  ladder: readonly LadderRow[];
  /** Requests a day of now. */
  now: number;
  /** Id of the plan that stands out; null: none does. */
  advised: string | null;
};

/** Volumes to draw: from well below now and the first change to well above now and the last. */
function rangeOf({ curves, ladder, now }: CostByVolume): { from: number; to: number } {
  const known = curves.flatMap(({ points }) => points.map(({ volume }) => volume));
  const turns = [now, ...ladder.slice(1).map(({ from }) => from)];
  return {
    from: Math.max(known[0] ?? 1, 10 ** Math.floor(Math.log10(Math.min(...turns) / 10))),
    to: Math.min(Math.max(...known), 10 ** Math.ceil(Math.log10(Math.max(...turns) * 2))),
  };
}

/** The cost of each plan by volume, logarithmic, and below it which is best where. */
export function breakEvenChart(asked: CostByVolume): Chart | null {
  const { ladder, now, advised } = asked;
  const range = rangeOf(asked);
  const curves = asked.curves.map((curve) => ({ ...curve, points: within(curve.points, range) }));
  if (curves.length === 0 || !(range.from < range.to)) return null;
  const costs = curves.flatMap(({ points }) => points.map(({ monthlyCost }) => monthlyCost)).filter((usd) => usd > 0);
  const least = 10 ** Math.floor(Math.log10(Math.max(Math.min(...costs), Math.max(...costs) / 1e6)));
  const most = 10 ** (Math.ceil(Math.log10(Math.max(...costs)) * 4) / 4);
  const shown = curves.map((curve) => ({ ...curve, points: curve.points.filter((one) => one.monthlyCost >= least) }));
  const rungs = ladder
    .map((rung) => ({ ...rung, from: Math.max(rung.from, range.from), to: Math.min(rung.to ?? range.to, range.to) }))
    .filter(({ from, to }) => from < to);
  return {
    id: 'cost-by-volume',
    title: 'Cost by volume',
    note: 'USD a month of the best plan of each deployment type, by requests a day; below it which is best where',
    description: `USD a month of the best plan of each deployment type by requests a day; ${ladder.map(({ from, kinds }) => `${kindsText(kinds).toLowerCase()} is best from ${roughly(from)}`).join(', ')}.`,
    draw(width) {
      const names = [...new Set(shown.map(({ kinds }) => capital(kindsText(kinds))))];
      const narrow = isNarrow(width);
      const right = narrow ? width - 14 : width - Math.min(210, Math.max(...names.map(textWidth)) + 40);
      const box = { left: 52, right, top: 14, bottom: narrow ? 250 : 330 };
      const x = scaleLog([range.from, range.to], [box.left, box.right]);
      const y = scaleLog([least, most], [box.bottom, box.top]);
      const path = line<(typeof shown)[number]['points'][number]>(
        ({ volume }) => Number(x(volume).toFixed(1)),
        ({ monthlyCost }) => Number(y(monthlyCost).toFixed(1)),
      );
      // Two plans of one type have its name once: at the one that ends lower.
      const ends = shown
        .map((curve) => ({ ...curve, y: y(curve.points.at(-1)?.monthlyCost ?? least) }))
        .sort((a, b) => b.y - a.y)
        .filter(({ kinds }, i, all) => all.findIndex((one) => one.kinds.join() === kinds.join()) === i);
      const labels = spread(
        ends.map((end) => end.y),
        17,
        box.bottom,
      );
      const strip = box.bottom + 30;
      const key = legend(
        [
          ...new Map(
            shown.map(({ kinds }) => [colorOf(kinds), { color: colorOf(kinds), name: capital(kindsText(kinds)) }]),
          ).values(),
        ],
        box.left,
        strip + 48,
        width,
      );
      const body = html`${axes(
        { scale: x, ticks: decades(range.from, range.to), text: short },
        { scale: y, ticks: decades(least, most), text: (usd) => `$${short(usd)}` },
        box,
      )}
${shown.map(({ plan, kinds, points }) => html`<path class="curve ${colorOf(kinds)}${plan === advised ? ' advised' : ''}" d="${path(points) ?? ''}"/>`)}
<path class="now" d="M${x(now)} ${box.top}V${strip + 16}"/>${at(x(now), box.top - 4, `now ${roughly(now)}`, 'strong', x(now) > right - 60 ? 'end' : 'middle')}
${
  narrow
    ? null
    : ends.map(({ kinds, y: end, plan }, i) => {
        const label = labels[i] ?? end;
        return html`<path class="leader" d="M${right + 2} ${end}L${right + 10} ${label}"/><rect class="${colorOf(kinds)}" x="${right + 12}" y="${label - 5}" width="10" height="10" rx="2"/>${at(right + 27, label + 4, fitted(capital(kindsText(kinds)), 178), plan === advised ? 'strong' : '')}`;
      })
}
${rungs.map(({ from, to, kinds }) => {
  const [start, end] = [x(from), x(to)];
  return kinds.length === 0
    ? html`<rect class="box" x="${start}" y="${strip}" width="${end - start}" height="14"/>`
    : html`<rect class="${colorOf(kinds)}" x="${start}" y="${strip}" width="${end - start}" height="14"/>`;
})}${at(box.left, strip + 30, narrow ? 'best; requests a day' : 'Best plan by requests a day', 'soft')}${narrow ? key.body : null}`;
      return { height: narrow ? strip + 48 + key.height : strip + 38, body };
    },
    columns: [
      ...numberColumns('requests a day', 'up to'),
      ...textColumns('best'),
      ...numberColumns('USD a month at its start'),
    ],
    rows: ladder.map(({ from, to, kinds, label, monthlyCost }, i) => [
      figureOf(`ladder.${i}.from`, from, grouped(from)),
      figureOf(`ladder.${i}.to`, to, to === null ? 'and on' : grouped(to)),
      html`${label === null ? 'nothing fits' : `${capital(kindsText(kinds))}: ${label}`}`,
      figureOf(`ladder.${i}.monthlyCost`, monthlyCost, monthlyCost === null ? '-' : money(monthlyCost)),
    ]),
  };
}

/** The points of a range, with those on its ends. */
function within(points: CostCurve['points'], { from, to }: { from: number; to: number }): CostCurve['points'] {
  const onLine = (volume: number) => {
    const next = points.findIndex((point) => point.volume >= volume);
    const [a, b] = [points[Math.max(0, next - 1)], points[next]];
    if (a === undefined || b === undefined) return [];
    const share = b.volume === a.volume ? 0 : (volume - a.volume) / (b.volume - a.volume);
    return [{ volume, monthlyCost: a.monthlyCost + share * (b.monthlyCost - a.monthlyCost) }];
  };
  return [...onLine(from), ...points.filter(({ volume }) => volume > from && volume < to), ...onLine(to)];
}
