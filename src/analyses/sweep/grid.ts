import { type Amount, readAmount } from '../../units/amount.js';
import type { Problem } from '../../units/problem.js';

/** Largest rounding error, as a part of the distance to the neighbor. */
const closeness = 0.05;
const fewestDigits = 3;
const mostDigits = 12;

type Spacing = 'linear' | 'log';

/**
 * `count` numbers from `low` to `high`, both included, in equal steps or ratios. Inner values have the fewest
 * significant digits, at least three, that keep them close.
 */
export function valuesBetween(low: number, high: number, count: number, spacing: Spacing): number[] {
  const exact = Array.from({ length: count }, (_, i) => {
    if (i === 0) return low;
    if (i === count - 1) return high;
    const way = i / (count - 1);
    return spacing === 'log' ? low * (high / low) ** way : low + (high - low) * way;
  });
  for (let digits = fewestDigits; digits < mostDigits; digits++) {
    const shown = roundedTo(exact, digits);
    if (isClose(shown, exact)) return shown;
  }
  return roundedTo(exact, mostDigits);
}

const roundedTo = (exact: readonly number[], digits: number): number[] =>
  exact.map((value, i) => (i === 0 || i === exact.length - 1 ? value : Number(value.toPrecision(digits))));

const isClose = (shown: readonly number[], exact: readonly number[]): boolean =>
  exact.every((value, i) => {
    const gaps = [exact[i - 1], exact[i + 1]].flatMap((other) => (other === undefined ? [] : Math.abs(other - value)));
    return Math.abs((shown[i] as number) - value) <= closeness * Math.min(...gaps);
  });

/** One axis: a path of `--set`, and its values as text after the `=`. */
export type Axis = { path: string; values: string[] };

/** An axis with the argument it was read from, and where in it each value stands. */
export type WrittenAxis = Axis & { argument: string; offsets: number[] };

/** The name under which `--vary` values are reported. */
const varyFile = '--vary';
const example = 'for example workload.volume=1k..10M:log:25 or data.sensitivity=public,pii';
const span = /^(?<low>[^:]*?)\.\.(?<high>[^:]*?):(?:(?<spacing>[a-z]+):)?(?<count>[^:\s]+)(?<unit>\s.*)?$/;

export const badVary = (argument: string, offset: number, message: string, suggestion: string | null): Problem => ({
  severity: 'error',
  code: 'bad-vary',
  file: varyFile,
  line: 1,
  column: offset + 1,
  path: argument.split('=')[0] ?? '',
  message,
  suggestion,
  excerpt: argument,
});

/**
 * Reads `path=values` arguments: YAML values separated by commas, or a span, `low..high:log:25` or `low..high:linear:5`
 * (`low..high:5` is linear). All errors come at once.
 *
 * @param most a span of more values is refused before they are made
 * @param takes whether a setting, `path=value`, may be; what a span has between its ends is whole where only that may
 */
export function readAxes(
  varied: readonly string[],
  most: number,
  takes: (setting: string) => boolean = () => true,
): { axes: WrittenAxis[]; problems: Problem[] } {
  const axes: WrittenAxis[] = [];
  const problems: Problem[] = [];
  for (const argument of varied) {
    const equals = argument.indexOf('=');
    const path = argument.slice(0, equals).trim();
    if (equals < 1 || path === '') {
      problems.push(badVary(argument, 0, 'write path=values', example));
      continue;
    }
    if (axes.some((axis) => axis.path === path))
      problems.push(badVary(argument, 0, `\`${path}\` varies twice`, 'give all its values at once'));
    const axis: WrittenAxis = { path, values: [], argument, offsets: [] };
    const parts = parted(argument, equals + 1);
    const thousands = commaInNumber(parts);
    if (thousands !== null) {
      const { text, offset } = thousands;
      problems.push(
        badVary(argument, offset, `\`${text}\` has a comma`, 'write 1000, 1_000 or 1k: commas part values'),
      );
      continue;
    }
    for (const { text, offset } of parts) {
      const read = valuesOf(text, most, (value) => takes(`${path}=${value}`));
      if (typeof read === 'string') problems.push(badVary(argument, offset, read, example));
      else
        for (const value of read) {
          if (axis.values.includes(value)) problems.push(badVary(argument, offset, `${value} is given twice`, null));
          axis.values.push(value);
          axis.offsets.push(offset);
        }
    }
    if (isLoneRange(axis)) {
      const [value] = axis.values;
      problems.push(
        badVary(
          argument,
          equals + 1,
          `${value} does not say in how many steps`,
          `${value}:log:25 or ${value}:linear:5`,
        ),
      );
    }
    axes.push(axis);
  }
  return { axes, problems };
}

/** A range alone is a span; among other values it is a value. */
const isLoneRange = ({ values: [only, ...others] }: Axis): boolean =>
  only !== undefined && others.length === 0 && /^[^[{"']*\d\S*\.\.\S*\d/.test(only);

type Part = { text: string; offset: number };

/** Texts between commas, with their positions; not split within brackets and quotes. */
function parted(argument: string, from: number): Part[] {
  const parts: Part[] = [];
  let start = from;
  let depth = 0;
  let quote = '';
  for (let at = from; at <= argument.length; at++) {
    const character = argument[at] ?? '';
    const ends = at === argument.length || (character === ',' && depth <= 0 && quote === '');
    if (ends) {
      const text = argument.slice(start, at);
      parts.push({ text: text.trim(), offset: start + (text.length - text.trimStart().length) });
      start = at + 1;
    } else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
  }
  return parts;
}

/**
 * A number with a thousands comma, which splits it in two: nobody writes a value `000`, nor the same three digits twice
 * behind one or two.
 */
function commaInNumber(parts: readonly Part[]): Part | null {
  for (const [at, { text }] of parts.entries()) {
    const before = parts[at - 1];
    const twice = /^\d{3}$/.test(text) && parts.findIndex((part) => part.text === text) < at;
    const head = before && /(?:^|\.\.)(\d{1,3})$/.exec(before.text)?.[1];
    if (before === undefined || head === undefined) continue;
    if ((twice && head.length < 3) || /^0\d\d(?!\d)/.test(text))
      return { text: `${head},${text.slice(0, 3)}`, offset: before.offset + before.text.length - head.length };
  }
  return null;
}

/** The values a text stands for, or what is wrong with it. */
function valuesOf(text: string, most: number, takes: (value: string) => boolean): string[] | string {
  if (text === '') return 'there is no value; write null to leave a key out';
  const found = span.exec(text)?.groups;
  if (!found) return [text];
  const { low: from = '', high: to = '', spacing = 'linear', count: written = '', unit: after = '' } = found;
  if (spacing !== 'log' && spacing !== 'linear') return `\`${spacing}\` is no spacing: write log or linear`;
  if (!/^\d{1,9}$/.test(written) || Number(written) < 2) return `\`${written}\` steps: write a whole number from 2 on`;
  const count = Number(written);
  if (count > most) return `${count} steps are more than the ${most} cells a sweep may have`;
  const [low, high] = [readAmount(from.trim()), readAmount(to.trim())];
  if (!low.ok) return low.message;
  if (!high.ok) return high.message;
  const units = [...new Set([low.value.unit, high.value.unit, after.trim()].filter((unit) => unit !== ''))];
  if (units.length > 1) return `the ends have different units, ${units.join(' and ')}`;
  if (low.value.value >= high.value.value) return notRising(low.value, high.value, units[0] ?? '');
  if (spacing === 'log' && low.value.value <= 0) return 'log needs ends above 0: write linear';
  const dollars = low.value.dollars || high.value.dollars ? '$' : '';
  const unit = units[0] ?? '';
  const values = valuesBetween(low.value.value, high.value.value, count, spacing as Spacing);
  const setting = (value: number): string => asWritten(value, dollars, unit);
  const part = values.slice(1, -1).find((value) => !Number.isInteger(value));
  const countsWholes = part !== undefined && !takes(setting(part)) && takes(setting(Math.round(part)));
  const within = countsWholes ? values.map((value, i) => (isEnd(i, count) ? value : Math.round(value))) : values;
  return [...new Set(within)].map(setting);
}

const isEnd = (index: number, count: number): boolean => index === 0 || index === count - 1;

/** What is no suffix counts as a unit, which then holds for both ends. */
function notRising(low: Amount, high: Amount, unit: string): string {
  if (unit === '') return 'the low end is not below the high one';
  const told = `\`${unit}\` is a unit here, and ${low.value} ${unit} is not below ${high.value} ${unit}`;
  return low.unit === high.unit ? told : `${told}: suffixes of numbers are k, M and B`;
}

/** As `--set` takes it: units of one sign or with a slash stand at the number. */
const asWritten = (value: number, dollars: string, unit: string): string =>
  `${dollars}${value}${/^[a-z]/i.test(unit) ? ' ' : ''}${unit}`;

/** Every combination of the values of some axes, numbered as nested loops, the last axis fastest. */
export type Grid = {
  axes: readonly Axis[];
  cells: number;
  /** The values of a cell, one an axis. */
  valuesOf(cell: number): string[];
  /** The cell at a place of the walk, an order that keeps similar cells together. */
  cellAt(place: number): number;
};

/** Paths of volume and budgets: cells that differ in these alone share the most. */
const movesPrices = /^(?:workload\.volume|budget\.[^=]+)$/;
const sharesAll = (path: string): boolean => movesPrices.test(path);

export function gridOf(axes: readonly Axis[]): Grid {
  const sizes = axes.map(({ values }) => values.length);
  const strides = sizes.map((_, i) => sizes.slice(i + 1).reduce((product, size) => product * size, 1));
  const cells = sizes.reduce((product, size) => product * size, 1);
  const shares = axes.map(({ path }) => sharesAll(path));
  const all = axes.map((_, i) => i);
  const walked = [...all.filter((i) => !shares[i]), ...all.filter((i) => shares[i])];
  const valuesOf = (cell: number): string[] =>
    axes.map(({ values }, i) => values[Math.floor(cell / (strides[i] as number)) % values.length] as string);
  return {
    axes,
    cells,
    valuesOf,
    cellAt(place) {
      let rest = place;
      let cell = 0;
      for (const i of walked.toReversed()) {
        const size = sizes[i] as number;
        cell += (rest % size) * (strides[i] as number);
        rest = Math.floor(rest / size);
      }
      return cell;
    },
  };
}
