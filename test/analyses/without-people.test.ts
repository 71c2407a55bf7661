import { expect, test } from 'vitest';
import { volumesLooked, withoutPeople } from '../../src/analyses/break-even/answer.js';
import { advisedByVolume } from '../../src/analyses/flips/by-volume.js';
import { advisedIn } from '../../src/decide/core-choice.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import { committedCase } from '../support/committed.js';

/** Whether some machine of a plan is there for it alone, or stands on a site of the team. */
const isDedicated = ({ deployments }: Plan, context: Context): boolean =>
  deployments.some(({ option }) => {
    const { share, site } = placementOf(option.kind).staff(option, context);
    return share === 1 || site !== null;
  });

test.each([{ name: 'support-chatbot', set: ['preferences.objective=cost'] }])(
  '$name $set: without people the plan costs what its infrastructure does, and machines come earlier',
  async (one) => {
    const context = await committedCase(one.name, one.set);
    const free = withoutPeople(context);
    const { tables, workload } = context;
    const none = { tables, workload: { ...workload, team: { ...workload.team, yearlyCostUsd: 0 } } };
    const advised = advisedIn(none);
    expect(free).toMatchObject({ plan: advised?.id });
    expect(free?.monthlyCost).toBeCloseTo(advised?.monthlyUsd as number, 6);
    expect(free?.monthlyCost).toBeLessThan((advisedIn(context) as Plan).monthlyUsd + 1e-9);
    const firstOf = (some: Context): number =>
      advisedByVolume(some, volumesLooked(some.workload)).find(({ plan }) => plan !== null && isDedicated(plan, some))
        ?.from ?? Number.POSITIVE_INFINITY;
    expect(free?.dedicatedFrom).toBe(firstOf(none));
    expect(free?.dedicatedFrom).toBeGreaterThan(0);
    expect(firstOf(none)).toBeLessThanOrEqual(firstOf(context));
  },
);
