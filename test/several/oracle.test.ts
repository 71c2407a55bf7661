import { expect, test } from 'vitest';
import { choose } from '../../src/decide/choose.js';
import { changedSeveral, searchByCost, severalCase } from '../../src/decide/several-case.js';
import { choiceOfSeveral } from '../../src/decide/several-choice.js';
import { workloadAt } from '../../src/workload/workload.js';
import { committedCase } from '../support/committed.js';

test.each(['five-guides', 'hr-system', 'support-escalation', 'regulated-hybrid'])(
  '%s: by cost the search over sets of tasks finds a plan that costs what the other search finds',
  async (name) => {
    const context = await committedCase(name, ['preferences.objective=cost']);
    const [found, known] = [choiceOfSeveral(context).cheapest, choose(context).cheapest];
    expect((found?.monthlyUsd ?? 0) / (known?.monthlyUsd ?? Number.NaN)).toBeCloseTo(1, 9);
    const twice = { ...context, workload: workloadAt(context.workload, 2 * context.workload.requestsPerDay) };
    const changed = searchByCost(changedSeveral(severalCase(context), twice)).best();
    expect(changed?.usd).toBeCloseTo(searchByCost(severalCase(twice)).best()?.usd ?? Number.NaN, 6);
  },
  120_000,
);
