import { describe, expect, test } from 'vitest';
import { changesOf } from '../../src/analyses/changes/changes.js';
import { type Advice, deciding } from '../../src/analyses/changes/deciding.js';
import { type FlipInput, type NumberInput, settingOf } from '../../src/analyses/flips/input.js';
import { changedCases, inputsOf } from '../../src/analyses/flips/inputs.js';
import type { CasePlan } from '../../src/decide/case-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
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

/** A decision without what would tell that nothing turns on the way to it. */
const unsteady = (advice: Advice | undefined): Advice | undefined =>
  advice && { ...advice, countedUsd: Number.NaN, pricesAlone: false };

describe('a way to an end at which the advice is as now', () => {
  test.each([
    'clinic-notes',
    ...(long ? ['public-sector-rag', 'small-team-documents', 'evening-peaks', 'owned-laptop'] : []),
  ])('%s: hides no change where it is not walked', async (name) => {
    const subject = await committedSubject(name);
    const { context, read } = subject;
    const caseOf = changedCases(subject);
    const decide = deciding(context);
    const advised = decide(context) as Advice & { plan: CasePlan };
    const { advised: plan, cheapest, runnerUp } = choose(context);
    const met = [plan, cheapest, runnerUp].filter((one) => one !== null);
    const inputs = inputsOf(read.scenario, met[0] as Plan, { met, lead: 1, regions: 'wide' }, context);
    const asked = { walked: 0, steady: 0 };
    const decideAt = (setting: string, by: 'walked' | 'steady'): Advice | undefined => {
      const there = caseOf(setting);
      asked[by]++;
      return there === null ? undefined : decide(there);
    };
    const options = { steps: 5, most: Number.POSITIVE_INFINITY };
    const found = changesOf(inputs, advised, (setting) => decideAt(setting, 'steady'), options);
    const walked = changesOf(inputs, advised, (setting) => unsteady(decideAt(setting, 'walked')), options);
    const told = ({ changes }: typeof found) =>
      changes.map(({ input, to, plan: one }) => [input.path, to, wordsOf(one)]);
    expect(told(found)).toEqual(told(walked));
    expect(asked.steady).toBeLessThan(asked.walked);
  });
});
