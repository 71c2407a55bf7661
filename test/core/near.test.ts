import { expect, test } from 'vitest';
import { choiceByCore } from '../../src/decide/core-choice.js';
import { nearMisses } from '../../src/decide/near-misses.js';
import { failedGates, lookAt } from '../../src/decide/option-report.js';
import type { Context } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import { generatedCases } from '../support/core-cases.js';
import { long } from '../support/sample.js';

/** Of the generated scenarios those in which nothing fits, by rules on data, models, people and money. */
const numbers = long ? [10, 11, 27, 31, 35, 36, 39, 41] : [11, 31, 36, 43];

/** By rule what the cheapest API costs that this rule alone turns down, by a walk through all of them. */
function cheapestByRule(context: Context): Map<string, number> {
  const least = new Map<string, number>();
  for (const { provider, modelId } of context.tables.api)
    for (const { kind, perToken, lookUp } of placements)
      for (const mode of ['', '+thinking']) {
        const option = perToken ? lookUp(`${kind}/${provider}/${modelId}${mode}`, context) : null;
        if (option === null) continue;
        const looked = lookAt(option, context);
        const [first, ...others] = failedGates(looked);
        const usd = looked.plan?.monthlyUsd;
        if (first === undefined || others.length > 0 || usd === undefined) continue;
        least.set(first.gate, Math.min(usd, least.get(first.gate) ?? Number.POSITIVE_INFINITY));
      }
  return least;
}

let compared = 0;
test('where nothing fits, what is told of a rule is turned down by it, and no API costs less that it alone turns down', async () => {
  const cases = await generatedCases(Math.max(...numbers) + 1);
  const some = cases.filter(({ name }) => numbers.some((number) => name === `generated ${number}`));
  expect(some).toHaveLength(numbers.length);
  for (const { name, context } of some) {
    expect(choiceByCore(context).cheapest, name).toBeNull();
    const misses = nearMisses(context);
    expect(misses.length, name).toBeGreaterThan(0);
    for (const { looked, gate } of misses)
      expect(
        failedGates(looked).map((failed) => failed.gate),
        name,
      ).toContain(gate);
    const least = cheapestByRule(context);
    for (const gate of new Set(misses.map((one) => one.gate))) {
      const told = misses
        .filter((one) => one.gate === gate)
        .map(({ looked }) => looked.plan?.monthlyUsd ?? Number.POSITIVE_INFINITY);
      const usd = least.get(gate);
      if (usd === undefined) continue;
      expect(Math.min(...told) / usd, `${name} ${gate}`).toBeLessThanOrEqual(1 + 1e-9);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(2);
});
