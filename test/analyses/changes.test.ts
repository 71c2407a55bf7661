import { describe, expect, test } from 'vitest';
import { changesOf } from '../../src/analyses/changes/changes.js';
import { type Advice, deciding } from '../../src/analyses/changes/deciding.js';
import { type FlipInput, type NumberInput, settingOf } from '../../src/analyses/flips/input.js';
import { changedCases } from '../../src/analyses/flips/inputs.js';
import type { CasePlan } from '../../src/decide/case-plan.js';
import { committedSubject } from '../support/committed.js';
import { long } from '../support/sample.js';

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

const wordsOf = (plan: CasePlan | null): string =>
  plan === null
    ? 'nothing'
    : plan.places
        .flatMap(({ option, second }) => [option, ...(second ? [second.option] : [])])
        .map(({ kind, family, mode }) => `${kind} ${family} ${mode}`)
        .join();

/** The scenario's decisions: as the search for changes takes them, and each from scratch. */
async function decisionsOf(name: string) {
  // A need that is written does not come with the doubt of one that is assumed.
  const subject = await committedSubject(name, ['tasks.0.capability={minIndex: 34}']);
  const caseOf = changedCases(subject);
  const decide = deciding(subject.context);
  const advised = decide(subject.context) as Advice & { plan: CasePlan };
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
  test('is what a fine grid finds first, one way and the other', async () => {
    const { advised, now, decideAt } = await decisionsOf('support-chatbot');
    const numbers = ofChatbot.filter((input) => input.is === 'number');
    const found = changesOf(numbers, advised, decideAt, inFull).changes;
    const fine = long ? 150 : 40;
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
});
