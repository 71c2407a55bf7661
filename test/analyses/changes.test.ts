import { describe, expect, test } from 'vitest';
import { changesOf } from '../../src/analyses/changes/changes.js';
import { deciding, type TaskAdvice } from '../../src/analyses/changes/deciding.js';
import { type FlipInput, type NumberInput, settingOf } from '../../src/analyses/flips/input.js';
import { changedCases } from '../../src/analyses/flips/inputs.js';
import { oneStepBack } from '../../src/analyses/flips/steps.js';
import type { TaskPlan } from '../../src/decide/task-plans.js';
import { committedSubject } from '../support/committed.js';

const number = (path: string, unit: string, from: number, low: number, high: number, whole = true): NumberInput => ({
  ...{ is: 'number', path, unit, from, start: from, low, high, whole, digits: 3, near: from },
});

const inFull = { steps: 24, most: Number.POSITIVE_INFINITY };

const ofChatbot: FlipInput[] = [
  number('workload.volume', 'requests/day', 50_000, 1, 5_000_000),
  number('tasks.0.tokens.input', 'tokens', 1500, 20, 60_000),
  number('tasks.0.tokens.output', 'tokens', 500, 5, 20_000),
  number('tasks.0.capability.minIndex', '', 34, 1, 100, false),
  number('team.yearlyCost', 'USD/year', 150_000, 10_000, 900_000),
  { is: 'word', path: 'data.sensitivity', from: 'internal', words: ['public', 'pii', 'regulated'], ordered: false },
  {
    ...{ is: 'word', path: 'data.boundary', from: 'anywhere', ordered: true },
    words: ['device', 'own-premises', 'own-account', 'under-contract', 'anywhere'],
  },
];

const wordsOf = (plan: TaskPlan | null): string =>
  plan === null
    ? 'nothing'
    : [plan.option, ...(plan.second === null ? [] : [plan.second.option])]
        .map(({ kind, family, mode }) => `${kind} ${family} ${mode}`)
        .join();

/** The scenario's decisions: as the search for changes takes them, and each from scratch. */
async function decisionsOf(name: string) {
  // A need that is written does not come with the doubt of one that is assumed.
  const subject = await committedSubject(name, ['tasks.0.capability={minIndex: 34}']);
  const caseOf = changedCases(subject);
  const decide = deciding(subject.context);
  const advised = decide(subject.context) as TaskAdvice & { plan: TaskPlan };
  const decideAt = (setting: string) => {
    const there = caseOf(setting);
    return there === null ? undefined : decide(there);
  };
  const anew = (setting: string) => {
    const there = caseOf(setting);
    return there === null ? undefined : deciding(there)(there).plan;
  };
  return { advised, now: advised.plan, decideAt, anew };
}

describe('what changes the advice of a chatbot', () => {
  test('is another advice there, and the same as now a step before, each decided from scratch', async () => {
    const { advised, now, decideAt, anew } = await decisionsOf('support-chatbot');
    const found = changesOf(ofChatbot, advised, decideAt, inFull).changes;
    expect(found.length).toBeGreaterThan(5);
    for (const { input, to, value, plan } of found) {
      const unit = input.is === 'number' ? input.unit : '';
      const there = anew(settingOf(input.path, to, unit));
      expect(there === undefined ? 'no scenario' : wordsOf(there), `${input.path} ${to}`).toBe(wordsOf(plan));
      expect(wordsOf(plan)).not.toBe(wordsOf(now));
      if (input.is === 'word' || value === null) continue;
      const before = anew(settingOf(input.path, oneStepBack(value, input), unit));
      expect(wordsOf(before as TaskPlan | null), `before ${input.path} ${to}`).toBe(wordsOf(now));
    }
  });

  test('is what a fine grid finds first, one way and the other', async () => {
    const { advised, now, decideAt } = await decisionsOf('support-chatbot');
    const numbers = ofChatbot.filter((input) => input.is === 'number');
    const found = changesOf(numbers, advised, decideAt, inFull).changes;
    const fine = 150;
    for (const input of numbers)
      for (const end of [input.low, input.high]) {
        const values = Array.from({ length: fine }, (_, i) => input.start * (end / input.start) ** ((i + 1) / fine));
        const first = values.find((value) => {
          const there = decideAt(settingOf(input.path, input.whole ? Math.round(value) : value, input.unit));
          return there !== undefined && wordsOf(there.plan) !== wordsOf(now);
        });
        const told = found.find(
          (one) => one.input === input && one.value !== null && (one.value - input.start) * (end - input.start) > 0,
        );
        expect(told === undefined, `${input.path} towards ${end}: ${first}`).toBe(first === undefined);
        if (told?.value == null || first === undefined) continue;
        const step = Math.abs(end / input.start) ** (1 / fine);
        const apart = Math.abs(Math.log(told.value / first));
        expect(apart, `${input.path}: ${told.value} for ${first}`).toBeLessThanOrEqual(Math.abs(Math.log(step)) + 0.02);
      }
  });

  test('is also that nothing fits', async () => {
    const { advised, decideAt } = await decisionsOf('support-chatbot');
    const input = number('tasks.0.capability.minIndex', '', 34, 34, 100, false);
    const walked = Array.from({ length: 40 }, (_, i) => decideAt(settingOf(input.path, 60 + i, ''))?.plan);
    expect(walked).toContain(null);
    const onlyNothing = changesOf(
      [{ ...input, start: 34, low: 34 }],
      advised,
      (setting) => (decideAt(setting)?.plan === null ? { ...advised, plan: null } : advised),
      inFull,
    ).changes;
    expect(onlyNothing).toMatchObject([{ plan: null }]);
  });
});
