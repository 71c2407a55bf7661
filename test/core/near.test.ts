import { expect, test } from 'vitest';
import { choiceByCore, missesOfCore } from '../../src/decide/core-choice.js';
import { type Miss, nearMisses } from '../../src/decide/near-misses.js';
import { failedGates } from '../../src/decide/option-report.js';
import { generatedCases } from '../support/core-cases.js';
import { long } from '../support/sample.js';

/** Of the generated scenarios those in which nothing fits, by rules on data, models, people and money. */
const numbers = long ? [1, 11, 26, 32, 36, 43, 50, 52] : [11, 26, 36, 43];

const told = (misses: readonly Miss[]): string[] =>
  misses.map(({ gate, looked }) => `${gate} ${looked.option.id} ${looked.plan?.monthlyUsd.toFixed(2)}`);

test('where nothing fits, the bits of the core name the same near misses as the walk through all options', async () => {
  const cases = await generatedCases(Math.max(...numbers) + 1);
  const some = cases.filter(({ name }) => numbers.some((number) => name === `generated ${number}`));
  expect(some).toHaveLength(numbers.length);
  for (const { name, context } of some) {
    expect(choiceByCore(context).cheapest, name).toBeNull();
    const misses = nearMisses(context, missesOfCore(context));
    expect(told(misses), name).toEqual(told(nearMisses(context)));
    for (const { looked, gate } of misses) expect(failedGates(looked).map((failed) => failed.gate)).toContain(gate);
  }
});
