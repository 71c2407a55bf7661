import { expect, test } from 'vitest';
import { adviceOf, onIdle } from '../../src/decide/advice.js';
import { choose } from '../../src/decide/choose.js';
import { isOfCore } from '../../src/decide/core-choice.js';
import type { Plan } from '../../src/decide/plan.js';
import { committedCase } from '../support/committed.js';

const machines = 'existing=[{accelerator: h100-sxm-80gb, count: 8}]';

test.each(['support-chatbot', 'nightly-calls', 'evening-peaks'])(
  '%s: what owned machines that stand idle would cost is the same by the core and by the search over plans',
  async (name) => {
    const context = await committedCase(name, ['preferences.objective=cost', machines]);
    const { advised, onIdle: idle } = choose(context);
    if (advised === null) throw new Error('nothing fits');
    expect(isOfCore(context)).toBe(true);
    const found = idle() as Plan;
    const before = onIdle(advised, adviceOf(context), context) as Plan;
    expect(found.id).toBe(before.id);
    expect(found.monthlyUsd).toBeCloseTo(before.monthlyUsd, 4);
    expect(found.deployments[0]?.option.purchase).toBe('owned');
  },
);
