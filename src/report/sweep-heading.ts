import type { SweepAnswer, SweepRow } from '../analyses/sweep/row.js';
import { kindNames } from './kind-names.js';
import { grouped } from './number-text.js';
import { plainText } from './plain-text.js';
import { columns, padded, wrap } from './wrap.js';

/** The scenario, the date of the prices, and how many cells there are. */
export function sweepHeading({ scenario, tables, axes, cells }: SweepAnswer, width: number): string[] {
  const right = `prices ${tables.snapshot}`;
  const name = plainText(scenario.name);
  const first = columns(name) + right.length + 2 > width ? name : padded(name, width - right.length) + right;
  const sizes = axes.map(({ path, values }) => `${plainText(path)} ${grouped(values.length)}`).join(' x ');
  return [first, ...wrap(`${sizes}: ${grouped(cells.length)} cells`, width)];
}

/** The kinds of place of a plan, in words. */
export const sweepKinds = ({ kinds }: SweepRow): string => kinds.map((kind) => kindNames[kind]).join(' + ');
