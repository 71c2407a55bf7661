import { expect, test } from 'vitest';
import { changedCases } from '../../src/analyses/flips/inputs.js';
import { advisedOfSeveral, isOneTask } from '../../src/decide/core-choice.js';
import { changedSeveral, type SeveralCase, severalCase, type WayPlan } from '../../src/decide/several-case.js';
import { committedSubject } from '../support/committed.js';
import { long } from '../support/sample.js';

/** One after another: each starts from what the one before has made, and most leave something of it as it was. */
const settings = [
  'workload.volume=20k',
  'workload.volume=71k',
  'team.yearlyCost=90k',
  'assumptions.fteApi=0.3',
  'tasks.0.share=60%',
  'tasks.0.tokens.input=3100',
  'workload.profile=flat',
  'tasks.1.capability={minIndex: 45}',
  'data.sensitivity=pii',
  'workload.growth=3% per month',
  'preferences.exclude=[on-prem]',
  'preferences.maxDeployments=1',
  'workload.horizon=12 months',
  'needs.availability=99.95%',
  'budget.monthly=20000',
];

const placesOf = (plan: WayPlan | null) =>
  plan && [
    plan.usd,
    ...plan.places.map(({ option, second, taskParts }) =>
      [option.id, second?.option.id, ...taskParts.map(({ id }) => id)].join(' '),
    ),
  ];
const answerOf = (several: SeveralCase) => {
  const { advised, cheapest } = advisedOfSeveral(several);
  return [placesOf(cheapest), placesOf(advised)];
};

test.each(['hr-system', ...(long ? ['support-escalation', 'ecommerce-assistant-as-published'] : [])])(
  '%s: a changed case says what the same case says from scratch',
  async (name) => {
    const subject = await committedSubject(name);
    const caseOf = changedCases(subject);
    let before = severalCase(subject.context);
    answerOf(before);
    let moved = 0;
    const first = JSON.stringify(answerOf(before));
    for (const setting of settings) {
      const context = caseOf(setting);
      if (context === null || isOneTask(context)) continue;
      const changed = changedSeveral(before, context);
      const found = answerOf(changed);
      expect(found, setting).toEqual(answerOf(severalCase(context)));
      if (JSON.stringify(found) !== first) moved++;
      before = changed;
    }
    expect(moved).toBeGreaterThan(settings.length / 3);
  },
  120_000,
);
