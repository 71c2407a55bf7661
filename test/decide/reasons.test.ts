import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/decide/decision.js';
import { reason } from '../../src/decide/review.js';
import { decideCommitted, decidedInFull } from '../support/committed-decisions.js';

const each = decidedInFull;

/** Every number in a value, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

/** Numbers that stand for themselves, not in a name (`qwen3.5-2b`, `1xl4-24gb`), a date or a percentile. */
function numbersNamed(text: string): { text: string; value: number; decimals: number }[] {
  return [...text.matchAll(/(?<![\w./@:-])[-+]?\$?(\d[\d,]*(?:\.\d+)?)(?=[\s;:,.)]|$)/g)].map(([, digits = '']) => {
    const plain = digits.replaceAll(',', '');
    return { text: digits, value: Number(plain), decimals: plain.split('.')[1]?.length ?? 0 };
  });
}

/** Numbers of a text that are none of these values, rounded as the text has them. */
const unfounded = (text: string, values: readonly number[]): string[] =>
  numbersNamed(text)
    .filter(({ value, decimals }) => {
      const unit = 10 ** -decimals;
      return !values.some((known) => Math.abs(Math.abs(known) - value) <= unit / 2 + 1e-9 * Math.abs(known));
    })
    .map(({ text: digits }) => `${digits} in: ${text}`);

/** Names that a text may hold and that have numbers as words of their own. */
const withoutNames = (text: string, { options }: Decision): string =>
  options
    .flatMap(({ provider, model, instance, names }) => [
      ...[instance, model, provider],
      ...[names.machine, names.model, names.provider],
    ])
    .filter((name) => name !== null)
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, name) => rest.replaceAll(name, 'name'), text);

describe('how the test reads a text', () => {
  test('numbers that stand for themselves, not those of names', () => {
    const text =
      'qwen3.5-2b int4-awq on verda 1xrtx-a6000-48gb, spot, $16,606 (+$5.21), 2 % of 1,320,202, scores 44.1.';
    expect(numbersNamed(text).map(({ value }) => value)).toEqual([16_606, 5.21, 2, 1_320_202, 44.1]);
  });

  test('a number that is no figure is found, one that is rounded is none', () => {
    expect(unfounded('$269 (+$193)', [269.06, 192.4])).toEqual(['193 in: $269 (+$193)']);
    expect(unfounded('$269 (+$192)', [269.06, 192.4])).toEqual([]);
    expect(unfounded('-$168', [-168.2])).toEqual([]);
  });
});

describe('every figure that a text names is a number of the JSON', () => {
  test.each(each)('%s: reasons, each by its own figures', async (name) => {
    const decision = await decideCommitted(name);
    const { recommendation } = decision;
    const wrong = recommendation.why.flatMap(({ text, figures }) =>
      unfounded(withoutNames(text, decision), Object.values(figures)),
    );
    expect(wrong).toEqual([]);
    expect(recommendation.reasons).toEqual(recommendation.why.map(({ text }) => text));
  });

  test.each(each)('%s: verdicts, rules and warnings, each by its own figures', async (name) => {
    const decision = await decideCommitted(name);
    const { scorecard, options, nearestMisses, warnings } = decision;
    const told = [
      ...[...scorecard, ...options].map(({ verdict, figures }) => ({ text: verdict, figures })),
      ...[...options.flatMap(({ failedGates }) => failedGates), ...nearestMisses].map(({ reason: text, figures }) => ({
        text,
        figures,
      })),
      ...warnings.map(({ message: text, figures }) => ({ text, figures })),
    ];
    expect(
      told.flatMap(({ text, figures }) => unfounded(withoutNames(text, decision), Object.values(figures))),
    ).toEqual([]);
  });

  test.each(each)('%s: what is to do, anywhere in the JSON', async (name) => {
    const decision = await decideCommitted(name);
    const numbers = numbersIn(decision);
    expect(
      decision.recommendation.conditions.flatMap((text) => unfounded(withoutNames(text, decision), numbers)),
    ).toEqual([]);
  });
});

describe('reasons and verdicts say what they must', () => {
  test.each(each)('%s: three to six reasons, or none where nothing fits', async (name) => {
    const { status, why } = (await decideCommitted(name)).recommendation;
    if (status === 'infeasible') return expect(why).toEqual([]);
    expect(why.length).toBeGreaterThanOrEqual(3);
    expect(why.length).toBeLessThanOrEqual(6);
    expect(new Set(why.map(({ text }) => text)).size).toBe(why.length);
  });

  test.each(each)('%s: one names the runner-up and the dollars between', async (name) => {
    const { recommendation: plan, options } = await decideCommitted(name);
    if (plan.monthlyCost === null) return;
    const told = plan.why.find(
      ({ code, text }) => code === 'runner-up' || text.startsWith('closest alternative, all in one place'),
    );
    if (plan.margin === null) {
      expect(plan.why.map(({ code }) => code)).toContain('nothing-else');
      return;
    }
    expect(plan.why.map(({ code }) => code)).not.toContain('nothing-else');
    const { runnerUp, percent } = plan.margin;
    const cheapest = plan.why.find(({ code }) =>
      ['quality', 'owned', 'latency', 'headroom', 'surer', 'unbought', 'simpler'].includes(code),
    );
    // Where the cheapest plan is the best of other kinds it is told with what speaks against it.
    const risky = plan.whyNotCheaper?.plan;
    const named =
      runnerUp === risky
        ? plan.why.find(({ code }) => code === 'risks')
        : runnerUp === plan.cheapest?.plan
          ? cheapest
          : told;
    // Plans are compared in the months in which the first of them runs.
    const cost = plan.stages[0]?.monthlyCost ?? Number.NaN;
    expect(named?.figures.cost).toBeCloseTo(cost * (1 + percent / 100), 4);
    const more = named?.figures.more ?? named?.figures.less ?? Number.NaN;
    expect(more).toBeCloseTo((cost * percent) / 100, 4);
    const option = options.find(({ id }) => id === runnerUp);
    if (option !== undefined) {
      expect(named?.figures.cost).toBeCloseTo(option.monthlyCost ?? Number.NaN, 6);
      expect(named?.text).toContain(option.names.model);
    }
  });

  test.each(each)('%s: every option and every kind has its rule or its extra cost', async (name) => {
    const { scorecard, options, recommendation } = await decideCommitted(name);
    const planned = new Set(recommendation.assignments.map(({ option }) => option));
    for (const one of [
      ...options,
      ...scorecard.map((row) => ({ ...row, id: row.option ?? '', failedGates: [], unpriced: null })),
    ]) {
      const { id, kind, verdict, figures, monthlyCost, failedGates, unpriced } = one;
      const what = `${name}, ${id || kind}: ${verdict}`;
      expect(verdict, what).not.toBe('');
      if (id === recommendation.plan || (planned.has(id) && 'costParts' in one))
        expect(verdict, what).toMatch(/^(in the plan|recommended)$/);
      else if (failedGates.length > 0) expect(verdict, what).toContain(`no: ${failedGates[0]?.gate}, `);
      else if (unpriced !== null) expect(verdict, what).toContain(unpriced);
      else if (!verdict.startsWith('no: ') && verdict !== 'recommended' && recommendation.monthlyCost !== null)
        expect(figures.extraCost, what).toBeCloseTo(
          (monthlyCost ?? Number.NaN) - (recommendation.stages[0]?.monthlyCost ?? Number.NaN),
          4,
        );
      else expect(verdict, what).toMatch(/^(no: .+|recommended|feasible alone|passes alone)$/);
    }
  });

  test('a cheaper option that a rule keeps out is told with the rule and the dollars', async () => {
    const { recommendation: plan, nearestMisses } = await decideCommitted('support-chatbot');
    const told = plan.why.find(({ code }) => code === 'turned-down');
    expect(told?.figures.cost).toBe(nearestMisses[0]?.monthlyCost);
    expect(told?.figures.more).toBeLessThan(0);
    expect(told?.text).toContain('; excluded: ');
    expect(nearestMisses[0]?.gate).toBe('capability');
  });
});

test('a reason is written from its figures alone: money, signs, percent, points and people', () => {
  const figures = { cost: 4826.6, more: 516.5, less: -5.214, share: 21.7, score: 61.04, fte: 0.68 };
  const { text } = reason(
    'test',
    '{who}: {cost:usd} ({more:more}, {less:more}), {share:percent}, {score:points}, {fte:fte}',
    { who: 'own GPUs' },
    figures,
  );
  expect(text).toBe('own GPUs: $4,827 (+$517, -$5.21), 22 %, 61.0, 0.7 FTE');
});
