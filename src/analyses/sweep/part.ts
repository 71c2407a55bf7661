import { z } from 'zod';
import { sha256 } from '../../tables/sha256.js';
import type { SweepAnswer, SweepHead, SweepRow } from './cell.js';
import { type Grid, gridOf, type Shard, shardRange } from './grid.js';

const texts = z.array(z.string());
const orNull = <Value extends z.ZodType>(value: Value) => z.union([value, z.null()]);

const head = z.object({
  part: z.literal('deploy-advisor sweep'),
  sweep: z.object({
    schemaVersion: z.string(),
    tool: z.object({ name: z.string(), version: z.string() }),
    scenario: z.object({ name: z.string(), file: z.string(), sha256: z.string(), set: texts }),
    tables: z.object({ snapshot: z.string(), asOf: z.string(), sha256: z.string(), priceBook: orNull(z.string()) }),
    axes: z.array(z.object({ path: z.string(), values: texts.min(1) })).min(1),
  }),
  inputs: z.string(),
  shard: z.object({ index: z.number().int().min(1), of: z.number().int() }).refine(({ index, of }) => index <= of),
  format: orNull(z.string()),
});

const row = z.object({
  values: texts,
  status: z.enum(['recommended', 'infeasible', 'invalid']),
  plan: orNull(z.string()),
  label: orNull(z.string()),
  shape: orNull(z.string()),
  kinds: texts,
  kindsByTask: orNull(z.string()),
  monthlyCost: orNull(z.number()),
  firstMonthCost: orNull(z.number()),
  peakMonthCost: orNull(z.number()),
  upfrontCost: orNull(z.number()),
  fteNeeded: orNull(z.number()),
  reason: orNull(z.string()),
});

/** Whether a value is the head of a part. It is looked at alone: a copy would have its keys in another order. */
export const isHead = (value: unknown): boolean => head.safeParse(value).success;

/** Whether a value is the rows of cells over so many axes. */
export const areRows = (value: unknown, axes: number): value is SweepRow[] =>
  z.array(row).safeParse(value).success && (value as SweepRow[]).every(({ values }) => values.length === axes);

/**
 * A sweep, or the part of one that a shard decides, as text: a line that says what was asked, a line for every few cells
 * in the order of the walk, and a last one that seals it. Whatever was written of it up to a line can be gone on from.
 */
export type PartHead = {
  part: 'deploy-advisor sweep';
  sweep: SweepHead;
  /** Of all that was read: the scenario, a price book, tables of the user's own. */
  inputs: string;
  shard: Shard;
  /** In which form the sweep was asked for; null: none was named. */
  format: string | null;
};

type Block = { from: number; cells: SweepRow[] };

/** A part as read: the cells known, and where the next one belongs. */
export type ReadPart = { head: PartHead; rows: SweepRow[]; next: number; sealed: boolean; text: string };

export const headLine = (head: PartHead): string => `${JSON.stringify(head)}\n`;

export function blockLine(from: number, cells: readonly SweepRow[]): string {
  const block: Block = { from, cells: [...cells] };
  return `${JSON.stringify(block)}\n`;
}

export const sealed = (text: string): string => `${text}${JSON.stringify({ sealed: sha256(text) })}\n`;

/** Reads a part as far as it goes; a text says why it is none. What stands behind the last whole line is left out. */
export function readPart(text: string): ReadPart | string {
  const lines = text.split('\n').slice(0, -1);
  const first = parsed(lines[0] ?? '');
  if (!isHead(first)) return 'this is no part of a sweep';
  const head = first as PartHead;
  const { from, to } = rangeOf(head);
  const rows: SweepRow[] = [];
  let known = `${lines[0]}\n`;
  for (const line of lines.slice(1)) {
    const block = parsed(line) as (Partial<Block> & { sealed?: string }) | null;
    if (typeof block?.sealed === 'string') {
      if (block.sealed !== sha256(known) || from + rows.length !== to)
        return 'the seal does not fit what stands above it';
      return { head, rows, next: to, sealed: true, text: known };
    }
    if (block === null || block.from !== from + rows.length || !areRows(block.cells, head.sweep.axes.length)) break;
    if (from + rows.length + block.cells.length > to) break;
    rows.push(...block.cells);
    known += `${line}\n`;
  }
  return { head, rows, next: from + rows.length, sealed: false, text: known };
}

function parsed(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

const rangeOf = ({ sweep, shard }: PartHead) => shardRange(shard, gridOf(sweep.axes).cells);

/** What makes two sweeps different, in words; null: nothing does. */
export function differenceOf(a: PartHead, b: PartHead): string | null {
  const [one, other] = [a.sweep, b.sweep];
  const same = (x: unknown, y: unknown) => JSON.stringify(x) === JSON.stringify(y);
  if (!same(one.tool, other.tool)) return `deploy-advisor ${one.tool.version} and ${other.tool.version}`;
  if (one.tables.asOf !== other.tables.asOf)
    return `judged by the days ${one.tables.asOf} and ${other.tables.asOf}: --as-of sets one for all`;
  if (!same(one.tables, other.tables)) return `tables ${one.tables.snapshot} and ${other.tables.snapshot}`;
  if (one.scenario.sha256 !== other.scenario.sha256) return 'another scenario';
  if (!same(one.scenario.set, other.scenario.set)) return 'other --set';
  if (!same(one.axes, other.axes)) return 'other --vary';
  if (a.inputs !== b.inputs || !same(one.schemaVersion, other.schemaVersion)) return 'other prices or tables';
  return null;
}

export type NamedPart = { file: string; text: string };

/** Parts put together, each cell once; or what keeps them from being one sweep, all of it. */
export function mergeParts(
  parts: readonly NamedPart[],
):
  | { answer: SweepAnswer; format: string | null }
  | { wrong: { file: string; message: string; suggestion: string | null }[] } {
  const wrong: { file: string; message: string; suggestion: string | null }[] = [];
  const read: (ReadPart & { file: string })[] = [];
  for (const { file, text } of parts) {
    const part = readPart(text);
    if (typeof part === 'string') wrong.push({ file, message: part, suggestion: 'sweep --shard i/n -o writes one' });
    else if (!part.sealed)
      wrong.push({
        file,
        message: 'this part is not whole: its end is missing',
        suggestion: 'the command that wrote it finishes it when called again',
      });
    else read.push({ ...part, file });
  }
  const [first] = read;
  if (first === undefined) return { wrong };
  for (const { head, file } of read.slice(1)) {
    const difference = differenceOf(first.head, head);
    if (difference !== null)
      wrong.push({
        file,
        message: `this is a part of another sweep than ${first.file}: ${difference}`,
        suggestion: null,
      });
  }
  if (wrong.length > 0) return { wrong };
  const grid = gridOf(first.head.sweep.axes);
  const byPlace = read
    .map((part) => ({ ...part, ...rangeOf(part.head) }))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  const cells: SweepRow[] = new Array(grid.cells);
  let next = 0;
  for (const { file, head, from, to, rows } of byPlace) {
    const name = `shard ${head.shard.index}/${head.shard.of}`;
    if (from > next) wrong.push({ file, message: gap(next, from, `before ${name}`), suggestion: shardsThere(read) });
    if (from < next && from < to)
      wrong.push({ file, message: `${name} has cells that another part has too`, suggestion: 'give each part once' });
    for (const [i, row] of rows.entries()) cells[grid.cellAt(from + i)] = row;
    next = Math.max(next, to);
  }
  if (next < grid.cells)
    wrong.push({
      file: byPlace.at(-1)?.file ?? '',
      message: gap(next, grid.cells, 'at the end'),
      suggestion: shardsThere(read),
    });
  if (wrong.length > 0) return { wrong };
  const formats = new Set(read.map(({ head }) => head.format));
  return {
    answer: { ...first.head.sweep, cells },
    format: formats.size === 1 ? first.head.format : null,
  };
}

const gap = (from: number, to: number, where: string): string =>
  `${to - from} cell${to - from === 1 ? ' is' : 's are'} missing ${where}`;

function shardsThere(read: readonly ReadPart[]): string | null {
  const counts = new Set(read.map(({ head }) => head.shard.of));
  if (counts.size > 1) return 'the parts are of splits into different numbers of shards';
  const [of = 1] = counts;
  const there = new Set(read.map(({ head }) => head.shard.index));
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !there.has(index));
  return `missing: shard ${missing
    .slice(0, 10)
    .map((index) => `${index}/${of}`)
    .join(', ')}${missing.length > 10 ? ', …' : ''}`;
}

/** The rows of a walk in the order of the cells. */
export function inCellOrder(rows: readonly SweepRow[], grid: Grid): SweepRow[] {
  const cells: SweepRow[] = new Array(rows.length);
  for (const [place, row] of rows.entries()) cells[grid.cellAt(place)] = row;
  return cells;
}
