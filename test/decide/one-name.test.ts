import { expect, test } from 'vitest';
import { optionsOf } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { smallCase, smallNames } from '../support/small-scenarios.js';

/** Of options that cost the same one is named, whichever question it answers: two would read as two plans. */

let alone = 0;

test.each(smallNames)('%s: what is best of a kind is so named wherever it is compared', async (name) => {
  const { context } = await smallCase(name);
  const { advised, runnerUp, kinds } = choose(context);
  // The cheapest plan may be less sure than what is compared with the one advised.
  for (const [what, plan] of Object.entries({ advised, runnerUp })) {
    const [kind, ...others] = new Set(plan?.deployments.flatMap(optionsOf).map((option) => option.kind));
    const best = others.length > 0 ? null : (kinds.find((one) => one.kind === kind && one.feasible)?.plan ?? null);
    if (plan === null || best === null) continue;
    alone++;
    expect(best.monthlyUsd, what).toBeLessThanOrEqual(plan.monthlyUsd * (1 + 1e-12));
    if (best.monthlyUsd * (1 + 1e-12) >= plan.monthlyUsd) expect(plan.id, what).toBe(best.id);
  }
});

test('some are of one kind alone', () => expect(alone).toBeGreaterThan(10));
