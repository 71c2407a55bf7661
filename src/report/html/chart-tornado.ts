import { scaleLinear } from 'd3-scale';
import type { Decision, TornadoRow } from '../../decide/decision.js';
import { numberColumns, textColumns } from '../document.js';
import { decimal, money, roughMoney } from '../numbers.js';
import { at, type Chart, fitted, isNarrow } from './chart.js';
import { figureOf, html } from './markup.js';

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
