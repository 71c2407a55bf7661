import { beforeAll, describe, expect, test } from 'vitest';
import { filterBy } from '../../src/decide/filter.js';
import { candidateCost } from '../../src/places/candidate.js';
import type { Context } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import { type Row, RowFront, type RowGroup } from '../../src/places/row.js';
import { workloadColumns } from '../../src/places/task-columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { someOf } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

/** Rows that are left out cost no less for any set of tasks than one that is kept. */

// At few requests a worker starts for most of them, which nobody would wait for unasked.
const latency = { ttftP95: 'any' };
const tasks = [
  { name: 'short', type: 'faq-chat', share: '60%', tokens: { input: 300, output: 20 }, latency },
  { name: 'long', type: 'extraction', share: '10%', tokens: { input: 6000, output: 1200 }, latency },
  { name: 'hard', type: 'summarization', share: '30%', capability: { minIndex: 45 }, latency },
];
const inTime = tasks.map((task, i) => (i === 0 ? { ...task, latency: { ttftP95: '2500ms' } } : task));

/** USD a month of every set of tasks on the cheapest of some rows. */
function cheapestOf(rows: readonly Row[], context: Context): number[] {
  const { all, tasksIn } = workloadColumns(context.workload);
  return Array.from({ length: all }, (_, i) =>
    rows
      .filter(({ serves }) => ((i + 1) & ~serves) === 0)
      .reduce(
        (least, row) => Math.min(least, candidateCost(row.candidate(), tasksIn(i + 1), context.workload)),
        Number.POSITIVE_INFINITY,
      ),
  );
}

/** Rows once all their targets on latency were checked. */
function checked(group: RowGroup, rowsOf: () => readonly Row[]): readonly Row[] {
  for (;;) {
    const rows = rowsOf();
    const open = rows.filter(({ isExact }) => !isExact);
    if (open.length === 0) return rows;
    for (const row of open) group.confirm(row);
  }
}

describe.each([
  ['without targets on latency', tasks],
  ['with a target on latency', inTime],
])('%s', (_, asked) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = someOf(await shippedTables(), 0.25, 7);
  });

  test.each(placements.filter(({ groups }) => groups !== undefined))('$kind', async (placement) => {
    let sets = 0;
    for (const volume of [300, 40_000, 3_000_000]) {
      const context = await caseOf({ workload: { volume }, tasks: asked }, tables);
      const columns = workloadColumns(context.workload);
      const groups = () => placement.groups?.(context, filterBy(context).filter, columns) ?? [];
      const most = Number.POSITIVE_INFINITY;
      const every = groups().flatMap((group) => checked(group, () => group.everyRow(most)));
      const front = new RowFront(() => '');
      const kept = groups().flatMap((group) =>
        checked(group, () => group.rows(most)).filter((row) => front.has(row, group)),
      );
      expect(kept.length).toBeLessThan(every.length);
      const [least, leastOfAll] = [cheapestOf(kept, context), cheapestOf(every, context)];
      for (const [i, usd] of leastOfAll.entries()) {
        if (usd === Number.POSITIVE_INFINITY) expect(least[i], `${volume} ${i + 1}`).toBe(usd);
        else expect((least[i] as number) / usd, `${volume} ${i + 1}`).toBeCloseTo(1, 9);
        if (usd < Number.POSITIVE_INFINITY) sets++;
      }
    }
    expect(sets).toBeGreaterThan(5);
  });
});
