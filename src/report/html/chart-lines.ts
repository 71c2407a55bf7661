import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { CostCurve } from '../../analyses/break-even/answer.js';
import type { Decision, LadderRow, OptionReport } from '../../decide/decision.js';
import { kindNames } from '../../tables/column.js';
import { numberColumns, textColumns } from '../document.js';
import { grouped, money, roughly } from '../numbers.js';
import { capital, findOption, kindsText } from '../plan-words.js';
import {
  at,
  axes,
  type Chart,
  colorOf,
  decades,
  fitted,
  isNarrow,
  legend,
  short,
  spread,
  textWidth,
} from './charts.js';
import { figureOf, html } from './markup.js';
import { perText } from './what-if.js';

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

/** Cost parts drawn as one, by the prefix of their ids, each with a color. */
const families = [
  ['tokens', 'Tokens'],
  ['compute', 'Rented machines'],
  ['people', 'People'],
  ['capital', 'Own machines'],
  ['power', 'Power'],
  ['storage', 'Storage'],
  ['network', 'Network'],
  ['other', 'Other'],
] as const;

type Bar = { name: string; path: string; monthlyCost: number; advised: boolean; parts: number[] };

/** Monthly cost of each option, by what is paid for. */
export function costChart(decision: Decision): Chart | null {
  const bars = barsOf(decision);
  if (bars.length === 0) return null;
  const used = families.flatMap(([, name], i) => (bars.some(({ parts }) => (parts[i] ?? 0) > 0) ? [{ i, name }] : []));
  const most = Math.max(...bars.map(({ monthlyCost }) => monthlyCost));
  return {
    id: 'cost-by-part',
    title: 'What is paid for',
    note: `USD ${perText(decision)} of the best of each deployment type`,
    description: `USD ${perText(decision)} of the best of each deployment type: ${bars.map(({ name, monthlyCost }) => `${name} ${money(monthlyCost)}`).join(', ')}.`,
    draw(width) {
      const narrow = isNarrow(width);
      const left = narrow ? 0 : 250;
      const x = scaleLinear([0, most], [left, width - 72]);
      const key = legend(
        used
          .filter(({ i }) => bars.some(({ parts }) => (parts[i] ?? 0) > most / 500))
          .map(({ i, name }) => ({ color: `c${i + 1}`, name })),
        left,
        10,
        width,
      );
      const step = narrow ? 44 : 30;
      const top = key.height + 8;
      const body = html`${key.body}${bars.map(({ name, monthlyCost, advised, parts }, row) => {
        const y = top + row * step + (narrow ? 18 : 0);
        const kind = advised ? 'strong' : '';
        let start = left;
        return html`${narrow ? at(0, y - 5, fitted(name, width), kind) : at(0, y + 14, fitted(name, left - 12), kind)}${used.map(
          ({ i }) => {
            const wide = x(parts[i] ?? 0) - left;
            start += wide;
            return wide < 0.5
              ? null
              : html`<rect class="c${i + 1}" x="${start - wide}" y="${y}" width="${wide}" height="20"/>`;
          },
        )}${at(start + 7, y + 14, money(monthlyCost), kind)}`;
      })}`;
      return { height: top + bars.length * step, body };
    },
    columns: [
      { title: '' },
      ...used.map(({ name }) => ({ title: name, number: true as const })),
      { title: `USD ${perText(decision)}`, number: true },
    ],
    rows: bars.map(({ name, path, monthlyCost, parts }) => [
      html`${name}`,
      ...used.map(({ i }) => html`${grouped(parts[i] ?? 0)}`),
      figureOf(path, monthlyCost, grouped(monthlyCost)),
    ]),
  };
}

const partsOf = (costParts: readonly { part: string; monthly: number }[]): number[] =>
  families.map(([start]) =>
    costParts.filter(({ part }) => part.startsWith(`${start}.`)).reduce((sum, { monthly }) => sum + monthly, 0),
  );

/** The advised plan if not on a single option, then the best of each deployment type, cheapest first. */
function barsOf(decision: Decision): Bar[] {
  const { recommendation, scorecard } = decision;
  const rows = scorecard.flatMap(({ kind, feasible, option: id, monthlyCost }, index): Bar[] => {
    const option: OptionReport | undefined = id === null ? undefined : findOption(decision, id);
    if (!feasible || option === undefined || monthlyCost === null) return [];
    return [
      {
        name: `${capital(kindNames[kind])}, ${option.names.model}`,
        path: `scorecard.${index}.monthlyCost`,
        monthlyCost,
        advised: id === recommendation.plan,
        parts: partsOf(option.costParts),
      },
    ];
  });
  const { plan, monthlyCost, costParts } = recommendation;
  const own =
    plan === null || monthlyCost === null || rows.some(({ advised }) => advised)
      ? []
      : [
          {
            name: 'This plan',
            path: 'recommendation.monthlyCost',
            monthlyCost,
            advised: true,
            parts: partsOf(costParts),
          },
        ];
  return [...own, ...rows.sort((a, b) => a.monthlyCost - b.monthlyCost)];
}
