import { sharesAll } from '../../decide/shared-alike.js';
import type { Axis } from './axis.js';

/** Every combination of the values of some axes: cells are numbered as nested loops go, the last axis fastest. */
export type Grid = {
  axes: readonly Axis[];
  cells: number;
  /** The values of a cell, one an axis. */
  valuesOf(cell: number): string[];
  /** The cell at a place of the walk: another order, in which what is decided once for several stands together. */
  cellAt(place: number): number;
  /** What a cell shares with others of which much is decided once. */
  groupOf(cell: number): string;
};

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
    groupOf: (cell) => JSON.stringify(valuesOf(cell).filter((_, i) => !shares[i])),
  };
}

/** A part of a sweep for one machine of several: `index` from 1. */
export type Shard = { index: number; of: number };

/** The places of the walk that a shard decides: as many as another, but for one. */
export const shardRange = ({ index, of }: Shard, cells: number): { from: number; to: number } => ({
  from: Math.floor((cells * (index - 1)) / of),
  to: Math.floor((cells * index) / of),
});

export const wholeSweep: Shard = { index: 1, of: 1 };

/** Cells that are decided, written and told of at once, at the most: few where there are few, so that all threads get some. */
const mostInBlock = (cells: number): number => (cells < 1000 ? 25 : 120);

/** Cells of a block: whole groups where several fit in, else an even part of one. */
export function blockSize({ axes, cells }: Grid): number {
  const most = mostInBlock(cells);
  const group = axes.reduce((product, { path, values }) => product * (sharesAll(path) ? values.length : 1), 1);
  if (group <= most) return group * Math.floor(most / group);
  return Math.ceil(group / Math.ceil(group / most));
}

/** A range of places cut where every range of the same walk is cut. */
export function blocksIn({ from, to }: { from: number; to: number }, size: number): { from: number; to: number }[] {
  const blocks: { from: number; to: number }[] = [];
  for (let at = from; at < to; at = blocks.at(-1)?.to ?? to)
    blocks.push({ from: at, to: Math.min(to, (Math.floor(at / size) + 1) * size) });
  return blocks;
}
