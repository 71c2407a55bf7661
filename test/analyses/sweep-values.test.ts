import { expect, test } from 'vitest';
import { wrongValues } from '../../src/analyses/sweep/cell.js';
import { readAxes } from '../../src/analyses/sweep/grid.js';
import { shippedTables } from '../support/load.js';
import { asOf, readWritten } from '../support/scenario.js';

/** Values of a sweep that are wrong whatever the other axes say, each at its place in what was typed. */

async function wrong(...typed: string[]) {
  const tables = await shippedTables();
  const tasks = ['a', 'b'].map((name) => ({ name, type: 'faq-chat', share: '50%' }));
  const read = readWritten({ workload: { volume: '1k' }, tasks }, tables);
  const { axes, problems } = readAxes(typed, 100);
  expect(problems).toEqual([]);
  return wrongValues(axes, { read, set: [], tables, asOf }).map(({ path, column, message }) => ({
    path,
    column,
    message,
  }));
}

test('right values are not told', async () => {
  expect(await wrong('workload.volume=1k,2k', 'tasks.a.share=10%,50%')).toEqual([]);
});

test('a wrong value is told at its place, a wrong path once for all of its values', async () => {
  const [none, lots, ...more] = await wrong('workload.volume=1k,none,2k,lots', 'tasks.a.share=10%,50%');
  expect(none).toMatchObject({ path: 'workload.volume', column: 'workload.volume=1k,'.length + 1 });
  expect(none?.message).toMatch(/^with none: `none` is not a number/);
  expect(lots).toMatchObject({ path: 'workload.volume', column: 'workload.volume=1k,none,2k,'.length + 1 });
  expect(more).toEqual([]);
  expect(await wrong('workload.volumes=1k,2k')).toEqual([
    { path: 'workload.volumes', column: 'workload.'.length + 1, message: 'unknown field `volumes`' },
  ]);
});

test('a value that is wrong with the file as it is, and right with one of another axis, is none', async () => {
  const alone = await wrong('tasks.a.volume=1k,2k');
  expect(new Set(alone.map(({ column }) => column))).toEqual(new Set([16, 19]));
  for (const { column, message } of alone)
    expect(message.startsWith(column === 16 ? 'with 1k: ' : 'with 2k: ')).toBe(true);
  // Without its share, and with all of the rest for the other task, it may have a volume of its own.
  expect(await wrong('tasks.a.volume=1k,2k', 'tasks.a.share=50%,null', 'tasks.b.share=50%,100%')).toEqual([]);
  expect(await wrong('tasks.a.volume=1k,2k', 'workload.volume=1k,5k')).toEqual(alone);
});
