import { describe, expect, test } from 'vitest';
import { isUnpriced } from '../../src/cost/curve.js';
import { kindsByTask } from '../../src/decide/choice.js';
import { variantsOf } from '../../src/decide/cuts.js';
import { type Plan, planOf } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { everyOption, maySlice, randomFrom } from '../support/brute-force.js';
import { shipped } from '../support/load.js';
import { long } from '../support/sample.js';
import { caseOf } from '../support/scenario.js';
import { twoPrices } from '../support/two-prices.js';

/** What the advice is compared with, of every plan there is: each part of each way to cut tasks up on each of three models. */

const all = (await shipped()).tables;

/** Tasks that may be cut up, some for developers, on models whose prices and scores lie apart. */
function someCase(seed: number): Promise<Context> {
  const random = randomFrom(seed);
  const oneOf = <Value>(list: readonly Value[]): Value => list[Math.floor(random() * list.length)] as Value;
  const usd = (): [number, number] => [0.1 * 30 ** random(), 0.1 * 30 ** random()];
  const tokens = { input: 1000, output: 500 };
  const task = (name: string, share: string) => ({
    name,
    type: 'faq-chat',
    tokens,
    share,
    capability: { minIndex: oneOf([5, 40, 52]) },
    ...(random() < 0.6 && {
      easy: { share: oneOf(['30%', '60%', '90%']), told: oneOf(['before', 'after']), capability: { minIndex: 5 } },
    }),
  });
  const first = oneOf([30, 50, 80, 100]);
  const tasks = first === 100 ? [task('a', '100%')] : [task('a', `${first}%`), task('b', `${100 - first}%`)];
  return caseOf(
    {
      workload: { volume: oneOf(['2k', '100k', '1M']) },
      tasks,
      ...(random() < 0.4 && { development: { share: oneOf(['10%', '40%']) } }),
      preferences: { only: ['cloud-api', 'open-model-api'] },
    } as Parameters<typeof caseOf>[0],
    twoPrices(all, { closed: usd(), open: usd(), another: usd() }),
  );
}

/** Every plan of at most so many places. */
function* everyPlan(asked: Context): Generator<Plan> {
  for (const context of variantsOf(asked)) {
    const { taskParts, rules } = context.workload;
    const options = everyOption(context).filter(({ api }) => api !== null);
    const placed: Option[] = [];
    function* from(s: number): Generator<Plan> {
      const taskPart = taskParts[s];
      if (taskPart === undefined) {
        const places = [...new Set(placed)];
        const parts = places.map((option) => ({ option, taskParts: taskParts.filter((_, i) => placed[i] === option) }));
        const plan = places.length > rules.maxDeployments ? null : planOf(parts, context);
        if (plan !== null && !isUnpriced(plan)) yield plan;
        return;
      }
      for (const option of options) {
        if (!maySlice(option, taskPart, context)) continue;
        placed.push(option);
        yield* from(s + 1);
        placed.pop();
      }
    }
    yield* from(0);
  }
}

const least = (plans: readonly Plan[]): number =>
  plans.reduce((usd, { monthlyUsd }) => Math.min(usd, monthlyUsd), Number.POSITIVE_INFINITY);

const same = (found: Plan | null, usd: number, what: string): void => {
  if (usd === Number.POSITIVE_INFINITY) expect(found, what).toBeNull();
  else expect((found?.monthlyUsd ?? Number.NaN) / usd, `${what}: ${found?.id}`).toBeCloseTo(1, 9);
};

const met = { cut: 0, runnerUp: 0 };

describe.each(Array.from({ length: long ? 60 : 14 }, (_, i) => i))('case %d', (seed) => {
  test('the cheapest, and the next of other kinds', async () => {
    const context = await someCase(seed);
    const { cheapest, advised, runnerUp } = choose(context);
    const plans = [...everyPlan(context)];
    same(cheapest, least(plans), 'cheapest');
    if (advised === null) return;
    const others = plans.filter((plan) => kindsByTask(plan) !== kindsByTask(advised));
    same(runnerUp, least(others), 'next');
    if (new Set(runnerUp?.deployments.flatMap(({ taskParts }) => taskParts.map(({ cut }) => cut))).size > 1) met.cut++;
    if (runnerUp !== null) met.runnerUp++;
  });
});

test('the cases had something to compare', () => {
  expect(met.runnerUp).toBeGreaterThan(7);
  expect(met.cut).toBeGreaterThan(0);
});
