import { expect, test } from 'vitest';
import { choicePool } from '../../src/analyses/break-even/answer.js';
import { deciderOf } from '../../src/analyses/flips/decider.js';
import { flipsOf } from '../../src/analyses/flips/flips.js';
import { settingOf } from '../../src/analyses/flips/input.js';
import { changedCases, inputsOf } from '../../src/analyses/flips/inputs.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { committedSubject } from '../support/committed.js';

const byCost = ['preferences.objective=cost'];

test('an assumption is tried whatever its unit, and so are the prices that the choice is made by', async () => {
  const subject = await committedSubject('support-chatbot');
  const { tables } = subject.context;
  expect(['fteApi', 'hardLatencyTimes'].map((name) => tables.parameterOf.get(name)?.unit)).toEqual(['fte', 'ratio']);
  const tried: string[] = [];
  const caseOf = changedCases(subject);
  const inputs = inputsOf(
    subject.read.scenario,
    choose(subject.context).advised as Plan,
    { met: [choose(subject.context).advised as Plan], lead: 1, regions: 'wide' },
    subject.context,
  );
  for (const input of inputs) {
    if (input.is !== 'number' || !input.path.startsWith('assumptions.')) continue;
    tried.push(input.path.replace('assumptions.', ''));
    for (const end of [input.low, input.high])
      expect(caseOf(settingOf(input.path, end, input.unit)), `${input.path} ${end} ${input.unit}`).not.toBeNull();
  }
  expect(tried).toEqual(expect.arrayContaining(['fteApi', 'upkeepUsdPerPoint', 'redoWeeks', 'placeUsd']));
});

test('data that must stay in a country are also tried in wider regions, and anywhere', async () => {
  const few = ['assumptions.flipsShown=1', 'assumptions.flipSteps=2'];
  const subject = await committedSubject('support-chatbot', [...byCost, 'data.residency=[de]', ...few]);
  const { context } = subject;
  const choice = choose(context);
  const search = flipsOf(subject, choice, {
    ...{ all: false, byVolume: null, suspects: new Set<string>(), isStopped: () => false },
    pool: choicePool(choice, deciderOf(context, choice.several), context),
    proofs: { left: 16, free: 0, bounded: 0 },
  });
  let step = search.next();
  while (step.done !== true) step = search.next();
  const { noFlips, flips } = step.value;
  const tried = [
    ...noFlips.flatMap(({ parameter, words }) => (parameter === 'data.residency' ? (words ?? []) : [])),
    ...flips.flatMap(({ parameter, to }) => (parameter === 'data.residency' ? [String(to)] : [])),
  ];
  expect(tried).toContain('[]');
  const looser = flips.filter(({ parameter }) => parameter === 'data.residency');
  expect(looser.length).toBeGreaterThan(0);
  for (const { extraCost } of looser) expect(extraCost).toBeLessThanOrEqual(1e-9);
});
