import { describe, expect, test } from 'vitest';
import { changedCases } from '../../src/analyses/flips/inputs.js';
import { isOneTask, planRulesOf } from '../../src/decide/core-choice.js';
import { advisedPlan } from '../../src/decide/task-advice.js';
import { changedCase, madeAnew, type TaskCase, taskCase } from '../../src/decide/task-case.js';
import { bestPlans } from '../../src/decide/task-plans.js';
import { adjustedPrices } from '../support/adjusted-cost.js';
import { committedSubject } from '../support/committed.js';

/** What is made anew where a setting changes something; by cost, as the core decides that. */
const settings = {
  prices: [
    'workload.volume=71k',
    'workload.volume=900',
    'team.yearlyCost=90k',
    'budget.monthly=1000000',
    'name=another',
    'assumptions.fteApi=0.3',
    'assumptions.fteMachineSlope=0.4',
  ],
  rows: [
    'tasks.0.tokens.input=3100',
    'tasks.0.tokens.output=90',
    'workload.profile=flat',
    'tasks.0.latency.ttftP95=900ms',
  ],
  admission: [
    ...[
      'data.sensitivity=pii',
      'tasks.0.capability={minIndex: 55}',
      'needs.offline=true',
      'workload.growth=3% per month',
    ],
    ...['team.launchWithin=3 weeks', 'preferences.exclude=[on-prem]', 'assumptions.hardLatencyFloor=20'],
  ],
  supply: [
    ...['workload.horizon=12 months', 'workload.sites=3', 'needs.availability=99.95%', 'data.residency=[eea]'],
    ...['preferences.include=[marketplace]', 'assumptions.keepWarmIdleDefault=600'],
    'measured=[{model: qwen3.5-4b, accelerator: rtx-3090-24gb, ofPredicted: 0.3}]',
    ...['assumptions.outputLengthSpread=2', 'assumptions.activationFactor=1.3'],
  ],
} as const;

const steps = Object.keys(settings);

const said = ({ context, start }: TaskCase) => {
  const { workload } = context;
  const rules = planRulesOf(context);
  const best = bestPlans(start, workload, rules);
  const { plan, prepared } = advisedPlan(best, workload, rules, adjustedPrices);
  const idOf = (places: typeof plan | typeof best.cheapest) =>
    places && [places.option.id, places.second?.option.id, places.usd];
  return { prepared, words: [idOf(best.cheapest), ...best.ofTypes.map(idOf), idOf(plan), plan?.adjustedUsd] };
};

test.each([
  ['0%', '5%'],
  ['5%', '0%'],
  ['5%', '8%'],
])('where prices fall, growth from %s to %s bills as many months as the same case from scratch', async (from, to) => {
  const falling = ['preferences.objective=cost', 'assumptions.priceDeclinePerYear=0.3'];
  const subject = await committedSubject('support-chatbot', [...falling, `workload.growth=${from} per month`]);
  const context = changedCases(subject)(`workload.growth=${to} per month`);
  if (context === null) throw new Error('no scenario');
  expect(said(changedCase(taskCase(subject.context), context)).words).toEqual(said(taskCase(context)).words);
});

/** Queues take long there: fewer settings are tried. */
const timed = 'voice-assistant';

describe.each(['support-chatbot', timed, 'two-providers', 'factory-sites'])('%s', (name) => {
  test('a changed case says what the same case says from scratch, whatever was asked before', async () => {
    const subject = await committedSubject(name, ['preferences.objective=cost']);
    const caseOf = changedCases(subject);
    let before = taskCase(subject.context);
    before = { ...before, start: said(before).prepared };
    for (const [anew, some] of Object.entries(settings))
      for (const setting of some.slice(0, name === timed ? 3 : some.length)) {
        const context = caseOf(setting);
        if (context === null) throw new Error(`${setting} is no scenario`);
        if (!isOneTask(context)) continue;
        expect(steps.indexOf(madeAnew(before, context)), setting).toBeLessThanOrEqual(steps.indexOf(anew));
        const found = said(changedCase(before, context));
        expect(found.words, setting).toEqual(said(taskCase(context)).words);
      }
  });
});
