import { expect, test } from 'vitest';
import { ladderFor } from '../../src/analyses/break-even/answer.js';
import { flipsOf } from '../../src/analyses/flips/flips.js';
import { settingOf } from '../../src/analyses/flips/input.js';
import { changedCases, inputsOf } from '../../src/analyses/flips/inputs.js';
import { advisedIn } from '../../src/decide/core-choice.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { committedSubject } from '../support/committed.js';

const byCost = ['preferences.objective=cost'];

const modelsOf = (plan: Plan | null): string =>
  plan?.deployments.map(({ option: { kind, family, mode } }) => `${kind} ${family} ${mode}`).join() ?? 'nothing';

test.each(['support-chatbot', 'five-guides'])(
  '%s: each change that is told is what a decision there advises, and a little before it is as now',
  async (name) => {
    const subject = await committedSubject(name, byCost);
    const { context } = subject;
    const now = modelsOf(advisedIn(context));
    const { flips, noFlips } = flipsOf(subject, choose(context), { all: false, rungs: ladderFor(context) });
    const caseOf = changedCases(subject);
    const decided = (parameter: string, to: number | string, unit: string): Plan | null | undefined => {
      const there = caseOf(settingOf(parameter, to, unit));
      return there === null ? undefined : advisedIn(there);
    };
    expect(flips.length).toBeGreaterThan(3);
    expect(flips.length).toBeLessThanOrEqual(8);
    expect(noFlips.length).toBeGreaterThan(3);
    for (const { parameter, from, to, unit, becomes, monthlyCost, direction } of flips) {
      const there = decided(parameter, to, unit);
      const what = `${parameter} ${to}`;
      expect(there === undefined ? 'no scenario' : (there?.id ?? null), what).toBe(becomes);
      expect(modelsOf(there ?? null), what).not.toBe(now);
      if (there) expect(monthlyCost ?? 0, what).toBeCloseTo(there.monthlyUsd, 6);
      if (typeof to !== 'number' || typeof from !== 'number') continue;
      const before = to * (direction === 'up' ? 0.99 : 1.01);
      const back = Number.isInteger(to) ? (direction === 'up' ? Math.floor(before) : Math.ceil(before)) : before;
      if ((back - from) * (to - from) <= 0) continue;
      expect(modelsOf(decided(parameter, back, unit) ?? null), `before ${what}`).toBe(now);
    }
  },
);

test('data that must stay in a country are also tried in wider regions, and anywhere', async () => {
  const subject = await committedSubject('support-chatbot', [
    ...byCost,
    'data.residency=[de]',
    'assumptions.flipsShown=100',
  ]);
  const { noFlips, flips } = flipsOf(subject, choose(subject.context), { all: false, rungs: [] });
  const tried = [
    ...noFlips.flatMap(({ parameter, words }) => (parameter === 'data.residency' ? (words ?? []) : [])),
    ...flips.flatMap(({ parameter, to }) => (parameter === 'data.residency' ? [String(to)] : [])),
  ];
  expect(tried).toContain('[]');
  const looser = flips.filter(({ parameter }) => parameter === 'data.residency');
  expect(looser.length).toBeGreaterThan(0);
  for (const { extraCost } of looser) expect(extraCost).toBeLessThanOrEqual(1e-9);
});

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
