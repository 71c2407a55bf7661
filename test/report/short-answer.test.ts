import { expect, test } from 'vitest';
import type { BreakEvenAnswer } from '../../src/analyses/break-even/answer.js';
import type { ExplainedFigure, Explanation } from '../../src/decide/explain.js';
import {
  shortAnswer,
  shortAnswerSchema,
  shortBreakEven,
  shortExplanation,
  shortText,
} from '../../src/report/short-answer.js';
import { hybrid, infeasible, onFleet } from '../support/report-decisions.js';

const flat = (text: string): string => text.replace(/\s+/g, ' ').replaceAll(': ', ' ');

test.each([
  ['a hybrid', hybrid],
  ['a fleet', onFleet],
  ['nothing that fits', infeasible],
])('%s is told in the sentences of the first screen, with figures of the decision', (_, decision) => {
  const answer = shortAnswer(decision);
  const { recommendation: advice } = decision;
  const screen = flat(shortText(decision));
  expect(answer.summary.length).toBeGreaterThan(0);
  for (const sentence of [...answer.summary, ...answer.changesIf]) expect(screen).toContain(flat(sentence));
  expect(answer).toMatchObject({
    ...{ status: advice.status, plan: advice.plan, monthlyCost: advice.monthlyCost, reasons: advice.reasons },
    monthlyCostRange: advice.monthlyCostRange && {
      low: advice.monthlyCostRange.p5,
      high: advice.monthlyCostRange.p95,
    },
    assumedInAll: decision.scenario.assumed.length,
  });
  // Nothing is missing that the schema has.
  expect(shortAnswerSchema.zod().safeParse(answer).success).toBe(true);
});

test('the plan is not among the other deployment types; what came nearest is told only where nothing fits', () => {
  expect(shortAnswer(onFleet).otherKinds.map(({ option }) => option)).not.toContain(onFleet.recommendation.plan);
  expect(shortAnswer(onFleet).nearestMisses).toEqual([]);
  expect(shortAnswer(infeasible).nearestMisses.length).toBe(infeasible.nearestMisses.length);
  expect(shortAnswer(infeasible).summary[0]).toMatch(/^NOTHING/);
});

test('what most of the cost is worked out with comes first among what was assumed, twenty in all', () => {
  const assumed = Array.from({ length: 30 }, (_, i) => ({
    path: `p${i}`,
    value: `${i}`,
    share: i === 25 ? 0.9 : null,
  }));
  const answer = shortAnswer({ ...hybrid, scenario: { ...hybrid.scenario, assumed } });
  expect(answer.assumed.slice(0, 2)).toEqual(['p25: 25', 'p0: 0']);
  expect([answer.assumed.length, answer.assumedInAll]).toEqual([20, 30]);
});

test('a value at which the answer changes is one line with what is then advised, however long its name', () => {
  const [flip] = hybrid.recommendation.flips;
  if (flip === undefined) throw new Error('the hybrid has a flip');
  const parameter = 'workload.volume';
  const flips = [{ ...flip, parameter, from: 5e4, to: 123_456_789, unit: 'requests/day', direction: 'up' as const }];
  const recommendation = { ...hybrid.recommendation, flips, noFlips: [], withoutPeople: null };
  const { changesIf } = shortAnswer({ ...hybrid, recommendation });
  expect(changesIf).toEqual([expect.stringMatching(/^volume reaches .* a day.*: \S/)]);
});

test('what reading warned of is told once', () => {
  const [first] = shortAnswer({ ...hybrid, warnings: [] }, [{ message: 'odd\u001b' }]).warnings;
  expect(first).toBe('odd\\u001b');
  const warnings = [{ code: 'odd', message: 'odd', figures: {} }];
  expect(shortAnswer({ ...hybrid, warnings }, [{ message: 'odd' }]).warnings).toEqual(['odd']);
});

test('crossings name the plan that is cheaper above, pairs that never cross say why', () => {
  const pair = { axis: 'months', unit: 'months', upTo: 60, alternates: [] };
  const found = {
    breakEven: [
      { ...pair, a: 'A', b: 'B', crossings: [{ at: 7, cheaperBelow: 'a', cheaperAbove: 'b' }], never: null },
      { ...pair, a: 'A', b: 'C', crossings: [], never: 'A is always cheaper' },
    ],
  } as unknown as BreakEvenAnswer;
  const { crossings, never } = shortBreakEven(found);
  expect(crossings).toEqual([{ a: 'A', b: 'B', unit: 'months', at: 7, cheaperAbove: 'B' }]);
  expect(never).toEqual([{ a: 'A', b: 'C', why: 'A is always cheaper' }]);
});

test('a tree is told as a list, each part behind what it is part of, to the depth asked for', () => {
  const leaf = { unit: 'USD', how: 'given', formula: null, parts: [], sources: [], assumption: null, scenario: null };
  const node = (label: string, parts: ExplainedFigure[] = []) =>
    ({ ...leaf, label, value: 1, parts }) as ExplainedFigure;
  const tree = node('total', [node('tokens', [node('price')]), node('people')]);
  const told = (depth: number) =>
    shortExplanation({ tree } as Explanation, depth).rows.map(({ level, label }) => `${level} ${label}`);
  expect(told(1)).toEqual(['0 total', '1 tokens', '1 people']);
  expect(told(9)).toEqual(['0 total', '1 tokens', '2 price', '1 people']);
});
