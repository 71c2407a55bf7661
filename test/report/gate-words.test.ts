import { expect, test } from 'vitest';
import { wordsOf } from '../../src/report/infeasible.js';
import { gates, planGates } from '../../src/rules/registry.js';

test('a report has words for every rule that may turn something down', () => {
  // Rate limits are warned of and turn nothing down.
  const ids = [...gates, ...planGates].map(({ id }) => id).filter((id) => id !== 'rate-limits');
  expect(ids.filter((id) => wordsOf(id).turnedDown === `excluded by ${id}`)).toEqual([]);
});
