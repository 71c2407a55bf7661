import { expect, test } from 'vitest';
import { z } from 'zod';
import { assess } from '../../src/analyses/assess.js';
import { cellDecider, type SweepRow, settingsOf } from '../../src/analyses/sweep/cell.js';
import { gridOf, readAxes } from '../../src/analyses/sweep/grid.js';
import { loadTables } from '../../src/tables/load.js';
import { casesIn } from '../support/cases.js';
import { asOf, readCommitted } from '../support/committed.js';
import { shipped, shippedFiles } from '../support/load.js';
import { long, sampled } from '../support/sample.js';
import { tool } from '../support/scenario.js';

const { tables, prose } = await shipped();

/** Decides every cell in the order of the walk, as a sweep does, so that what cells share is shared. */
async function swept(name: string, varied: readonly string[]) {
  const { axes, problems } = readAxes(varied, 1000);
  expect(problems).toEqual([]);
  const grid = gridOf(axes);
  const read = await readCommitted(name);
  const decide = cellDecider({ read, set: [], tables, asOf }, grid);
  const places = Array.from({ length: grid.cells }, (_, place) => grid.cellAt(place));
  return { grid, rows: new Map(places.map((cell) => [cell, decide(cell)])) };
}

/** What `assess --point` says with the values of a cell as further `--set`. */
async function assessed(name: string, settings: readonly string[]): Promise<Partial<SweepRow>> {
  const read = await readCommitted(name, settings);
  const { recommendation: said } = assess(read, tables, { asOf, point: true, prose, tool });
  const { plan, label, shape, kinds, monthlyCost, firstMonthCost, peakMonthCost, upfrontCost, fteNeeded } = said;
  const status = said.status as SweepRow['status'];
  return { status, plan, label, shape, kinds, monthlyCost, firstMonthCost, peakMonthCost, upfrontCost, fteNeeded };
}

const { cells: cases } = casesIn('sweep-cells', {
  cells: { name: z.string(), why: z.string(), varied: z.array(z.string()) },
});

test.each(sampled(cases, 3, { group: () => '', name: ({ name }) => name }))(
  'a cell of $name says what assess says: $why',
  async ({ name, varied }) => {
    const { grid, rows } = await swept(name, varied);
    const every = long ? 1 : 2;
    for (const [cell, { values, kindsByTask, reason, ...row }] of rows) {
      if (cell % every !== 0 && rows.size > 4) continue;
      expect({ values, ...row }).toEqual({
        values: grid.valuesOf(cell),
        ...(await assessed(name, settingsOf(grid, cell))),
      });
      expect(reason).toBeNull();
      expect(kindsByTask === null).toBe(row.status !== 'recommended');
    }
  },
);

test('its plan is called as assess calls it: parts in the order of the scenario, not of the search', async () => {
  const { tables: early, prose: said } = loadTables(shippedFiles('2025-01-31'));
  if (early === null || said === null) throw new Error('the shipped tables of 2025-01-31 cannot be read');
  const read = await readCommitted('support-escalation');
  const grid = gridOf([{ path: 'preferences.objective', values: ['cost'] }]);
  const { label } = cellDecider({ read, set: [], tables: early, asOf }, grid)(0);
  const changed = await readCommitted('support-escalation', settingsOf(grid, 0));
  const { recommendation, options } = assess(changed, early, { asOf, point: true, prose: said, tool });
  expect(recommendation.label).toBe(label);
  const named = (id: string) => options.find((one) => one.id === id)?.names.model ?? '';
  expect(recommendation.assignments.map(({ part }) => part)).toEqual(['first', 'escalated']);
  const models = recommendation.assignments.map(({ option }) => named(option));
  expect(label?.split('; ').map((words, i) => words.includes(models[i] as string))).toEqual([true, true]);
});
