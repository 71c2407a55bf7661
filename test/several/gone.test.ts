import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Files of the search before `src/core` and `src/several`, which made every product an object with what it costs. */
const gone = {
  analyses: ['break-even/as-advised', 'flips/flips', 'flips/search'],
  cost: ['envelope'],
  decide: [
    ...['assign', 'assignment', 'better-models', 'candidates', 'combine', 'context-cache', 'cost-classes', 'filter'],
    ...['fronts', 'moved-tasks', 'offered', 'over-budget', 'parts', 'priced-assignment', 'simplest', 'splits/failover'],
    ...['ways', 'workload'],
  ],
  places: ['candidate', 'fleet-count', 'fleet-rows', 'items', 'row', 'task-columns', 'worker-rows'],
};

test.each(Object.entries(gone))('of src/%s nothing of the former search is left', (folder, files) => {
  const left = files.filter((file) => existsSync(new URL(`../../src/${folder}/${file}.ts`, import.meta.url)));
  expect(left).toEqual([]);
});
