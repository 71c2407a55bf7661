import { expect, test } from 'vitest';
import { choicePool, withoutPeople } from '../../src/analyses/break-even/answer.js';
import { deciderOf } from '../../src/analyses/flips/decider.js';
import { caseAt } from '../../src/decide/choice.js';
import { advisedIn } from '../../src/decide/core-choice.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import { committedCase } from '../support/committed.js';

/** Whether some machine of a plan is there for it alone, or stands on a site of the team. */
const isDedicated = ({ deployments }: Plan, context: Context): boolean =>
  deployments.some(({ option }) => {
    const { share, site } = placementOf(option.kind).staff(option, context);
    return share === 1 || site !== null;
  });

test.each([{ name: 'support-chatbot', set: ['preferences.objective=cost', 'workload.volume=5k conversations/day'] }])(
  '$name $set: without people the plan costs what its infrastructure does, and machines come earlier',
  async (one) => {
    const context = await committedCase(one.name, one.set);
    const choice = choose(context);
    const proofs = { left: 2, free: 0, bounded: 0 };
    const pool = choicePool(choice, deciderOf(context, choice.several), context);
    const free = withoutPeople(context, pool, proofs);
    expect(proofs).toEqual({ left: 0, free: 0, bounded: 2 });
    const { tables, workload } = context;
    const none = { tables, workload: { ...workload, team: { ...workload.team, yearlyCostUsd: 0 } } };
    const advised = advisedIn(none);
    expect(free).toMatchObject({ plan: advised?.id });
    expect(free?.monthlyCost).toBeCloseTo(advised?.monthlyUsd as number, 6);
    expect(free?.monthlyCost).toBeLessThan((advisedIn(context) as Plan).monthlyUsd + 1e-9);
    const from = free?.dedicatedFrom as number;
    expect(from).toBeGreaterThan(workload.requestsPerDay);
    const isThere = (some: Context, volume: number): boolean =>
      isDedicated(advisedIn(caseAt(some, volume)) as Plan, some);
    // Three digits are told.
    expect([from * 0.98, from * 1.02].map((volume) => isThere(none, Math.round(volume)))).toEqual([false, true]);
    expect(isThere(context, from)).toBe(false);
  },
);
