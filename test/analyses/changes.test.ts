import { describe, expect, test } from 'vitest';
import { type Advice, changesOf, deciding } from '../../src/analyses/flips/changes.js';
import { type FlipInput, type NumberInput, oneStepBack, settingOf } from '../../src/analyses/flips/input.js';
import { changedCases, inputsOf } from '../../src/analyses/flips/inputs.js';
import type { Plan } from '../../src/decide/plan.js';
import type { CasePlan } from '../../src/decide/several-case.js';
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
      expect(wordsOf(before as CasePlan | null), `before ${input.path} ${to}`).toBe(wordsOf(now));
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

/** A decision without what would tell that nothing turns on the way to it. */
const unsteady = (advice: Advice | undefined): Advice | undefined =>
  advice && { ...advice, countedUsd: Number.NaN, pricesAlone: false };

describe('a way to an end at which the advice is as now', () => {
  test.each([
    'public-sector-rag',
    'clinic-notes',
    ...(long ? ['small-team-documents', 'evening-peaks', 'owned-laptop'] : []),
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

  const price = number('assumptions.electricityUs', 'USD/kWh', 0.1, 0.01, 1, false);
  const tokens = number('tasks.0.tokens.input', 'tokens', 1000, 10, 100_000);
  /** Decisions by value: as now but for what is given. */
  const asNow = {
    plan: { places: [{ option: { kind: 'edge', mode: 'standard' }, taskParts: [{ id: 'faq' }] }] },
    countedUsd: 100,
  } as const;
  const decisions = (differ: (value: number) => Partial<Advice>) => {
    const values: number[] = [];
    const decideAt = (setting: string) => {
      const value = Number.parseFloat(setting.split('=')[1] ?? '');
      values.push(value);
      return { ...asNow, cheapest: null, pricesAlone: false, ...differ(value) } as unknown as Advice;
    };
    return { values, decideAt };
  };
  const now = { ...asNow, cheapest: null, pricesAlone: false } as unknown as Advice & { plan: CasePlan };
  const options = { steps: 4, most: Number.POSITIVE_INFINITY };

  test.each([
    { what: 'counts the same there', input: price, differ: () => ({}), asked: [1, 0.01] },
    { what: 'counts the same there, of a scenario', input: tokens, differ: () => ({}), asked: 4 },
    { what: 'counts more, by prices', input: price, differ: () => ({ countedUsd: 120, pricesAlone: true }), asked: 2 },
    { what: 'counts more', input: price, differ: () => ({ countedUsd: 120 }), asked: 8 },
    { what: 'counts the same, of what is left open', input: { ...price, from: null }, differ: () => ({}), asked: 8 },
  ])('$what: decided at $asked', ({ input, differ, asked }) => {
    const { values, decideAt } = decisions(differ);
    expect(changesOf([input], now, decideAt, options).changes).toEqual([]);
    if (typeof asked === 'number') expect(values).toHaveLength(asked);
    else expect(values).toEqual(asked);
  });
});
