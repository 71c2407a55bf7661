import { Chalk } from 'chalk';
import type { BreakEvenAnswer } from '../analyses/break-even/answer.js';
import type { CostCurve } from '../analyses/break-even/cost-curves.js';
import { kindNames } from '../places/option.js';
import { lettersOf } from './breakeven.js';
import { type Document, line, section } from './document.js';
import { narrowMoney, roughly } from './numbers.js';
import { paddedLeft } from './wrap.js';

/** Cells of the terminal; each has two points across and four down. */
const [across, down] = [64, 10];
const labelWidth = 8;
/** The bit of each point of a cell, in Unicode's order of braille patterns. */
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
const blank = 0x2800;
const paints = ['cyan', 'yellow', 'magenta', 'green', 'red', 'blue', 'white'] as const;

/**
 * Cost by volume in braille, both in powers of ten: all curves in one chart by color, else each in a chart of its own on the
 * same axes. Empty: there is no curve.
 */
export function brailleChart(answer: BreakEvenAnswer, curves: readonly CostCurve[], color: boolean): Document {
  const points = curves.flatMap((curve) => curve.points).filter(({ monthlyCost }) => monthlyCost > 0);
  if (points.length === 0) return [];
  const [volumes, costs] = [points.map(({ volume }) => volume), points.map(({ monthlyCost }) => monthlyCost)];
  const axes = {
    volume: { low: Math.min(...volumes), high: Math.max(...volumes) },
    cost: { low: Math.max(Math.min(...costs), Math.max(...costs) / 1e6), high: Math.max(...costs) },
  };
  const letters = lettersOf(answer);
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const named = curves.map((curve, i) => ({
    dots: dotsOf(curve, axes),
    name: `${letters.get(curve.plan) ?? '?'} ${curve.kinds.map((kind) => kindNames[kind]).join(' + ')}`,
    paint: chalk[paints[i % paints.length] ?? 'white'],
  }));
  const charts = color ? [named] : named.map((one) => [one]);
  return [
    section('COST BY VOLUME', 'USD a month by requests a day, in powers of ten'),
    ...charts.flatMap((all) => [
      ...drawn(all, axes).map((text) => line(text)),
      ...all.map(({ name, paint }) => line(` ${paint(name)}`)),
    ]),
  ];
}

type Axes = Record<'volume' | 'cost', { low: number; high: number }>;
type Curve = { dots: readonly { x: number; from: number; to: number }[]; paint(text: string): string };

/** The points of a curve: one run from the height before to its own in each column of points. */
function dotsOf({ points }: CostCurve, { volume, cost }: Axes): Curve['dots'] {
  const width = across * 2;
  const heightAt = (x: number): number | null => {
    const wanted = volume.low * (volume.high / volume.low) ** (x / (width - 1));
    const next = points.findIndex((point) => point.volume >= wanted * (1 - 1e-12));
    const [a, b] = [points[Math.max(0, next - 1)], points[next]];
    if (a === undefined || b === undefined) return null;
    const share = a === b ? 0 : (wanted - a.volume) / (b.volume - a.volume);
    const usd = a.monthlyCost + share * (b.monthlyCost - a.monthlyCost);
    return usd < cost.low
      ? null
      : Math.round((Math.log(usd / cost.low) / Math.log(cost.high / cost.low)) * (down * 4 - 1));
  };
  const heights = Array.from({ length: width }, (_, x) => heightAt(x));
  return heights.flatMap((height, x) => {
    if (height === null) return [];
    const before = heights[x - 1] ?? height;
    const start = before < height ? before + 1 : before > height ? before - 1 : height;
    return [{ x, from: Math.min(start, height), to: Math.max(start, height) }];
  });
}

/** The rows of a chart with their labels, and the axis below. */
function drawn(curves: readonly Curve[], { volume, cost }: Axes): string[] {
  const cells = Array.from({ length: down }, () => Array.from({ length: across }, () => ({ code: blank, curve: -1 })));
  for (const [index, { dots }] of curves.entries())
    for (const { x, from, to } of dots)
      for (let y = from; y <= to; y++) {
        const row = down * 4 - 1 - y;
        const cell = cells[row >> 2]?.[x >> 1];
        if (cell === undefined) continue;
        cell.code |= bits[row & 3]?.[x & 1 ? 1 : 0] ?? 0;
        cell.curve = index;
      }
  const labels = new Map([
    [0, cost.high],
    [Math.floor(down / 2), Math.sqrt(cost.high * cost.low)],
    [down - 1, cost.low],
  ]);
  const rows = cells.map((row, at) => {
    const label = labels.get(at);
    const text = row.map(({ code, curve }) => curves[curve]?.paint(String.fromCodePoint(code)) ?? ' ');
    return `${paddedLeft(label === undefined ? '' : `$${narrowMoney(label)}`, labelWidth)} ${text.join('')}`;
  });
  const [first, middle, last] = [volume.low, Math.sqrt(volume.low * volume.high), volume.high].map(roughly) as [
    string,
    string,
    string,
  ];
  const half = Math.floor((across - middle.length) / 2);
  const below = `${first.padEnd(half)}${middle}`;
  return [...rows, `${' '.repeat(labelWidth + 1)}${below}${paddedLeft(last, across - below.length)}`];
}
