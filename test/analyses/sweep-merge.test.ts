import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SweepRow } from '../../src/analyses/sweep/cell.js';
import { gridOf, type Shard, shardRange } from '../../src/analyses/sweep/grid.js';
import {
  blockLine,
  headLine,
  inCellOrder,
  mergeParts,
  type PartHead,
  readPart,
  sealed,
} from '../../src/analyses/sweep/part.js';

const axes = [
  { path: 'workload.volume', values: ['1', '2', '3', '4', '5'] },
  { path: 'data.sensitivity', values: ['public', 'pii'] },
];
const grid = gridOf(axes);
const headOf = (shard: Shard): PartHead => ({
  part: 'deploy-advisor sweep',
  sweep: {
    schemaVersion: '1.0.0',
    tool: { name: 'deploy-advisor', version: '1.2.3' },
    scenario: { name: 'x', file: 'x.yaml', sha256: 'aa', set: [] },
    tables: { snapshot: '2026-08-21', asOf: '2026-11-20', sha256: 'bb', priceBook: null },
    axes,
  },
  inputs: 'cc',
  shard,
  format: 'csv',
});
const rowOf = (cell: number): SweepRow => ({
  values: grid.valuesOf(cell),
  status: 'infeasible',
  plan: null,
  label: null,
  shape: null,
  kinds: [],
  kindsByTask: null,
  monthlyCost: null,
  firstMonthCost: null,
  peakMonthCost: null,
  upfrontCost: null,
  fteNeeded: null,
  reason: null,
});
const all = Array.from({ length: grid.cells }, (_, cell) => rowOf(cell));

/** A part as a shard writes it, in blocks of two cells. */
function partOf(shard: Shard, changed: (head: PartHead) => PartHead = (head) => head): string {
  const { from, to } = shardRange(shard, grid.cells);
  let text = headLine(changed(headOf(shard)));
  for (let at = from; at < to; at += 2)
    text += blockLine(
      at,
      [at, at + 1].filter((place) => place < to).map((place) => rowOf(grid.cellAt(place))),
    );
  return sealed(text);
}
const merged = (...texts: string[]) => mergeParts(texts.map((text, i) => ({ file: `p${i + 1}`, text })));
const wrong = (...texts: string[]): string[] => {
  const found = merged(...texts);
  return 'wrong' in found ? found.wrong.map(({ file, message }) => `${file}: ${message}`) : [];
};

test('shards make the whole, in any order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.infiniteStream(fc.nat()), (of, order) => {
      const parts = Array.from({ length: of }, (_, i) => ({
        by: order.next().value,
        text: partOf({ index: i + 1, of }),
      }));
      const found = merged(...parts.sort((a, b) => a.by - b.by).map(({ text }) => text));
      expect(found).toEqual({ answer: { ...headOf({ index: 1, of }).sweep, cells: all }, format: 'csv' });
    }),
  );
});

test('a cell twice, or one that is missing, is refused', () => {
  const [one, two, three] = [1, 2, 3].map((index) => partOf({ index, of: 3 })) as [string, string, string];
  expect(wrong(one, two, three)).toEqual([]);
  expect(wrong(one, three)).toEqual(['p2: 3 cells are missing before shard 3/3']);
  expect(wrong(two, three)).toEqual(['p1: 3 cells are missing before shard 2/3']);
  expect(wrong(one, two)).toEqual(['p2: 4 cells are missing at the end']);
  expect(wrong(one, two, two, three)).toEqual(['p3: shard 2/3 has cells that another part has too']);
  // Shards of another split overlap where they do not leave a gap.
  expect(wrong(partOf({ index: 1, of: 2 }), two, three)).toEqual(['p2: shard 2/3 has cells that another part has too']);
});

test.each<{ what: string; changed: (sweep: PartHead) => PartHead; says: string }>([
  {
    what: 'version',
    changed: (head) => ({ ...head, sweep: { ...head.sweep, tool: { name: 'deploy-advisor', version: '1.2.4' } } }),
    says: 'deploy-advisor 1.2.3 and 1.2.4',
  },
  {
    what: 'day',
    changed: (head) => ({ ...head, sweep: { ...head.sweep, tables: { ...head.sweep.tables, asOf: '2026-11-21' } } }),
    says: 'the days 2026-11-20 and 2026-11-21',
  },
  {
    what: 'tables',
    changed: (head) => ({ ...head, sweep: { ...head.sweep, tables: { ...head.sweep.tables, sha256: 'b2' } } }),
    says: 'tables 2026-08-21',
  },
  {
    what: 'scenario',
    changed: (head) => ({ ...head, sweep: { ...head.sweep, scenario: { ...head.sweep.scenario, sha256: 'a2' } } }),
    says: 'another scenario',
  },
  {
    what: 'settings',
    changed: (head) => ({ ...head, sweep: { ...head.sweep, scenario: { ...head.sweep.scenario, set: ['a=1'] } } }),
    says: 'other --set',
  },
  { what: 'price book', changed: (head) => ({ ...head, inputs: 'c2' }), says: 'other prices' },
])('a part of a sweep with another $what is refused', ({ changed, says }) => {
  const [message = ''] = wrong(partOf({ index: 1, of: 2 }), partOf({ index: 2, of: 2 }, changed));
  expect(message).toMatch(/^p2: this is a part of another sweep than p1: /);
  expect(message).toContain(says);
});

test('a part of other axes is refused, and so is what is no part', () => {
  const other = (head: PartHead) => ({ ...head, sweep: { ...head.sweep, axes: axes.slice(0, 1) } });
  const rows = all.slice(0, 3).map((row) => ({ ...row, values: row.values.slice(0, 1) }));
  const text = sealed(headLine(other(headOf({ index: 2, of: 2 }))) + blockLine(2, rows));
  expect(wrong(partOf({ index: 1, of: 2 }), text)[0]).toContain('other --vary');
  expect(wrong('{}', 'workload.volume,status\n', '')).toEqual([
    'p1: this is no part of a sweep',
    'p2: this is no part of a sweep',
    'p3: this is no part of a sweep',
  ]);
});

test('a part cut short anywhere, or changed, is refused, and what is whole of it is known', () => {
  const shard = { index: 2, of: 2 };
  const text = partOf(shard);
  const { from, to } = shardRange(shard, grid.cells);
  for (let length = 0; length < text.length; length++) {
    const cut = text.slice(0, length);
    expect(wrong(partOf({ index: 1, of: 2 }), cut)).toHaveLength(1);
    const read = readPart(cut);
    if (typeof read === 'string') expect(cut.split('\n')).toHaveLength(1);
    else {
      expect(read.sealed).toBe(false);
      // Whole lines are kept to the byte, and only those.
      expect(text.startsWith(read.text)).toBe(true);
      expect(read.text).toBe(cut.slice(0, cut.lastIndexOf('\n') + 1));
      expect(read.rows).toEqual(Array.from({ length: read.next - from }, (_, i) => rowOf(grid.cellAt(from + i))));
    }
  }
  expect(readPart(text)).toMatchObject({ sealed: true, next: to });
  const changed = text.replace('"infeasible"', '"recommended"');
  expect(wrong(partOf({ index: 1, of: 2 }), changed)).toEqual(['p2: the seal does not fit what stands above it']);
});

test('what is no part is refused, and a line that is no block ends it', () => {
  const [head = ''] = partOf({ index: 1, of: 1 }).split('\n');
  const { part, sweep, shard } = JSON.parse(head) as Record<string, unknown>;
  for (const lacking of [{ sweep, shard }, { part, shard }, { part, sweep }, { part: 'other', sweep, shard }, null, 3])
    expect(readPart(`${JSON.stringify(lacking)}\n`)).toBe('this is no part of a sweep');
  const { shard: own, ...rest } = headOf({ index: 1, of: 1 });
  const bent = [
    { ...rest, shard: own, sweep: {} },
    { ...rest, shard: own, sweep: { ...rest.sweep, axes: 5 } },
    { ...rest, shard: own, sweep: { ...rest.sweep, axes: [] } },
    { ...rest, shard: own, sweep: { ...rest.sweep, axes: [{ path: 'workload.volume' }] } },
    { ...rest, shard: own, sweep: { ...rest.sweep, scenario: null } },
    { ...rest, shard: {} },
    { ...rest, shard: { index: 3, of: 2 } },
  ];
  for (const one of bent) expect(readPart(`${JSON.stringify(one)}\n`)).toBe('this is no part of a sweep');
  const cell = rowOf(0);
  const noCell = [null, {}, { ...cell, values: ['1'] }, { ...cell, monthlyCost: 'much' }, { ...cell, kinds: null }];
  const noRows = noCell.map((one) => JSON.stringify({ from: 0, cells: [one] }));
  for (const line of ['null', '3', 'nonsense', '{}', '{"from":0}', '{"from":1,"cells":[]}', ...noRows])
    expect(readPart(`${head}\n${line}\n`)).toMatchObject({ rows: [], next: 0, sealed: false, text: `${head}\n` });
  expect(readPart(sealed(`${head}\n`))).toBe('the seal does not fit what stands above it');
});

test('a block that goes beyond its shard is none of it, one that just fills it is', () => {
  const shard = { index: 1, of: 2 };
  const { to } = shardRange(shard, grid.cells);
  const head = headLine(headOf(shard));
  const rows = (length: number) => Array.from({ length }, (_, place) => rowOf(grid.cellAt(place)));
  expect(readPart(head + blockLine(0, rows(to)))).toMatchObject({ rows: rows(to), next: to, sealed: false });
  expect(readPart(head + blockLine(0, rows(to + 1)))).toMatchObject({ rows: [], next: 0, text: head });
  const [first, second] = [rows(2), rows(to).slice(1)];
  expect(readPart(head + blockLine(0, first) + blockLine(2, second))).toMatchObject({ rows: first, next: 2 });
});

test('rows of the walk come back in the order of the cells', () => {
  const walked = all.map((_, place) => rowOf(grid.cellAt(place)));
  expect(walked).not.toEqual(all);
  expect(inCellOrder(walked, grid)).toEqual(all);
});
