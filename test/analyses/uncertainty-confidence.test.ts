import { describe, expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { confidenceOf } from '../../src/analyses/uncertainty/confidence.js';
import { repricer } from '../../src/analyses/uncertainty/costs.js';
import { casesOf, likelyOf } from '../../src/analyses/uncertainty/draws.js';
import { figureInputs } from '../../src/analyses/uncertainty/inputs.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { resolve } from '../../src/workload/resolve.js';
import { readCommitted } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { asOf, readWritten, tool, type Written } from '../support/scenario.js';

const all = await shipped();

const known = (written: Written) => {
  const { tables } = all;
  const read = readWritten(written, tables);
  return { read, context: { tables, workload: resolve(read, tables, asOf) } };
};

describe('figures that nobody knows so exactly', () => {
  const written: Written = {
    workload: { volume: '9k requests/day' },
    tasks: [
      { name: 'faq', type: 'faq-chat', share: '50%', tokens: { input: 1500 } },
      { name: 'mails', type: 'email-drafting', share: '50%', tokens: { output: { low: 100, likely: 200, high: 300 } } },
      { name: 'own', type: 'extraction', volume: '100 requests/day' },
    ],
  };

  test('a volume is less sure than a length that is written, one of a preset the least; a range is a range already', () => {
    const { read, context } = known(written);
    const inputs = figureInputs(read.scenario, context, 1);
    // 80 % of a normal distribution are within 1.2816 standard deviations.
    const sigma = (low: number, high: number) => Number((Math.log(high / low) / 2 / 1.2815515655446004).toFixed(6));
    expect(inputs.map(({ path, low, high }) => [path, sigma(low, high)])).toEqual([
      ['workload.volume', 0.3],
      ['tasks.own.volume', 0.3],
      ['tasks.faq.tokens.input', 0.15],
      ['tasks.faq.tokens.output', 0.35],
      ['tasks.mails.tokens.input', 0.35],
      ['tasks.own.tokens.input', 0.35],
      ['tasks.own.tokens.output', 0.35],
    ]);
    for (const { likely, quantile, low, high } of inputs) {
      expect(quantile(0.5)).toBeCloseTo(likely, 9);
      expect(Math.sqrt(low * high)).toBeCloseTo(likely, 6);
    }
    const exact = known({
      ...written,
      assumptions: { volumeSpread: 0, presetTokensSpread: 0, writtenTokensSpread: 0 },
    });
    expect(figureInputs(exact.read.scenario, exact.context, 1)).toEqual([]);
  });

  test.each(['support-chatbot', 'hr-system'])(
    '%s costs at their likely values what it costs anyway, and more where all are longer',
    async (name) => {
      const read = await readCommitted(name);
      const { tables } = all;
      const context = { tables, workload: resolve(read, tables, asOf) };
      const plan = choose(context).advised as Plan;
      const inputs = figureInputs(read.scenario, context, 1);
      const at = casesOf(read, context, inputs);
      const usd = new Float64Array(1);
      const price = repricer([plan], at(likelyOf(inputs)).tables);
      price(at(likelyOf(inputs)), usd);
      const likely = usd[0] as number;
      expect(likely).toBeCloseTo(plan.monthlyUsd, 6);
      price(at(inputs.map(({ likely: one }) => one * 1.5)), usd);
      expect(usd[0]).toBeGreaterThan(likely);
    },
  );
});

describe('an advice is as sure as its place and its model together', () => {
  const draws = 10;
  const planOn = (...kinds: string[]): Plan =>
    ({ deployments: kinds.map((kind, t) => ({ option: { kind }, taskParts: [{ task: `t${t}` }] })) }) as never;
  const flags = (...lost: number[]) => Uint8Array.from({ length: draws }, (_, k) => Number(lost.includes(k)));
  const steps = (path: string, values: number[]) => ({ path, values });
  const sure = (
    winners: number[],
    missed: Record<string, Uint8Array>,
    inputs = [steps('workload.volume', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])],
    plans = [planOn('cloud-api'), planOn('on-prem')],
    isOnly = false,
    hangs = false,
  ) =>
    confidenceOf({
      plans,
      winners: Int32Array.from(winners),
      sample: {
        draws,
        inputs: inputs.map(({ path }) => ({ path })) as never,
        values: Float64Array.from(inputs.flatMap(({ values }) => values)),
      },
      missed: new Map(Object.entries(missed)),
      assume: (name) => ({ confidenceHigh: 0.8, confidenceMedium: 0.5 })[name] as number,
      isOnly,
      hangs,
      isGuess: (path) => path === 'assumptions.fteDeskBox',
    });

  test('a draw in which the need is missed is lost, also where the place is best', () => {
    const told = sure([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], { t0: flags(0, 9) });
    expect(told).toMatchObject({ level: 'high', share: 0.8, task: 't0', driver: 'quality' });
    expect(told.tasks).toEqual([{ task: 't0', share: 0.8, placeBest: 0.9, goodEnough: 0.8 }]);
    expect(told.text).toBe(
      'closed API is best in 90 % of 10 simulations, and its model is good enough too in 80 % (high is from 80 %); it depends most on quality: test the model on your own samples of t0',
    );
  });

  test.each([
    [[0, 0, 0, 0, 0, 0, 0, 0, 1, 1], 'high'],
    [[0, 0, 0, 0, 0, 0, 0, 1, 1, 1], 'medium'],
    [[0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 'medium'],
    [[0, 0, 0, 0, 1, 1, 1, 1, 1, -1], 'low'],
  ])('best in %s it is told as %s', (winners, level) => {
    expect(sure(winners, {})).toMatchObject({ level, driver: 'volume' });
  });

  test('what hangs on a rate limit that nobody has been asked for is no more than medium', () => {
    const hanging = (winners: number[]) => sure(winners, {}, undefined, undefined, false, true);
    const told = hanging([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(told).toMatchObject({ level: 'medium', share: 1 });
    expect(told.text).toBe(
      'closed API is best in all of 10 simulations (no more than medium, as the plan hangs on a rate limit that nobody has been asked for)',
    );
    expect(hanging([0, 0, 0, 0, 0, 0, 1, 1, 1, 1]).text).toContain('(medium is from 50 % to 80 %)');
    expect(hanging([0, 0, 0, 0, 1, 1, 1, 1, 1, 1]).level).toBe('low');
  });

  test('the input on which the place hangs is named with what would settle it', () => {
    const idle = steps('assumptions.fteApi', [5, 1, 6, 2, 7, 3, 8, 4, 9, 10]);
    const winners = [1, 0, 1, 0, 1, 0, 0, 0, 0, 0];
    const driver = (path: string) => sure(winners, {}, [idle, steps(path, [1, 9, 2, 8, 3, 7, 6, 5.5, 5, 4])]).driver;
    expect(driver('capacity of a on b')).toBe('capacity');
    expect(driver('tasks.t0.tokens.output')).toBe('lengths');
    expect(driver('price of card')).toBe('price');
    expect(driver('team.yearlyCost')).toBe('people');
    const values = [1, 9, 2, 8, 3, 7, 6, 5.5, 5, 4];
    expect(sure(winners, {}, [idle, steps('assumptions.fteDeskBox', values)]).text).toMatch(
      /; it depends most on the time of people, of which we have no more than an estimate: ask those who would run it$/,
    );
    expect(sure(winners, {}, [idle, steps('assumptions.ftePerModel', values)]).text).toMatch(
      /; it depends most on the time of people: ask those who would run it$/,
    );
    expect(sure([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], {})).toMatchObject({ level: 'high', share: 1, driver: null });
  });
});

test('a plan is best in no more draws than its model is good enough in; what the user wrote is not lost', async () => {
  const { tables, prose } = all;
  const assessed = async (...set: string[]) =>
    assess(await readCommitted('support-chatbot', ['preferences.objective=cost', ...set]), tables, {
      asOf,
      prose,
      tool,
      flips: 'none',
    });
  const assumed = await assessed();
  const [mine] = assumed.uncertainty?.plans.filter(({ plan }) => plan === assumed.recommendation.plan) ?? [];
  const missed = mine?.probabilityBelowFloor ?? 0;
  expect(missed).toBeGreaterThan(0.02);
  expect(assumed.recommendation.probabilityBest).toBeLessThanOrEqual(1 - missed);
  expect(assumed.uncertainty?.confidence.tasks[0]?.goodEnough).toBeCloseTo(1 - missed, 9);
  // Such a draw counts for the best plan that keeps the need: by price alone the advised one would lose few.
  const sum = assumed.uncertainty?.plans.reduce((all, { probabilityBest }) => all + probabilityBest, 0);
  expect(sum).toBeGreaterThan(1 - missed + 0.02);
  // Also where there is no other model that could keep it.
  const alone = await assessed(`preferences.only=["${mine?.plan.split('/').slice(2).join('/')}"]`);
  const models = alone.uncertainty?.plans.map(({ probabilityBelowFloor }) => probabilityBelowFloor);
  expect(new Set(models)).toEqual(new Set([missed]));
  expect(alone.uncertainty?.plans.reduce((sum, { probabilityBest }) => sum + probabilityBest, 0)).toBeCloseTo(
    1 - missed,
    9,
  );
  for (const { probabilityKindsBest } of alone.uncertainty?.plans ?? [])
    expect(probabilityKindsBest).toBeLessThanOrEqual(1 - missed);
  const written = await assessed('tasks.support.capability.minIndex=49');
  expect(written.uncertainty?.confidence.tasks[0]?.goodEnough).toBeNull();
});
