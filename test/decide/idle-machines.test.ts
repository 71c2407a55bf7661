import { expect, test } from 'vitest';
import { isOneTask } from '../../src/decide/core-choice.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { cheapestIn } from '../support/cheapest.js';
import { committedCase } from '../support/committed.js';

const machines = 'existing=[{accelerator: h100-sxm-80gb, count: 8}]';

test.each(['support-chatbot', 'nightly-calls', 'evening-peaks'])(
  '%s: what owned machines that stand idle would cost is the same by one task alone and by the search over sets of tasks',
  async (name) => {
    const context = await committedCase(name, ['preferences.objective=cost', machines]);
    const { advised, onIdle: idle } = choose(context);
    if (advised === null) throw new Error('nothing fits');
    expect(isOneTask(context)).toBe(true);
    const found = idle() as Plan;
    const other = cheapestIn(context, (_set, _first, _second, isOwned) => isOwned) as Plan;
    expect(found.id).toBe(other.id);
    expect(found.monthlyUsd).toBeCloseTo(other.monthlyUsd, 4);
    expect(found.deployments[0]?.option.purchase).toBe('owned');
  },
);
