import { describe, expect, test } from 'vitest';
import { advisedPlan } from '../../src/decide/advice.js';
import { planNamed } from '../../src/decide/find-plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import { shipped } from '../support/load.js';
import { caseOf, type Written } from '../support/scenario.js';
import { another, closed, open, twoPrices } from '../support/two-prices.js';

/** What is chosen among two models of two deployment types, a third beside the first, at prices that a test sets. */

const all = (await shipped()).tables;

type Usd = [input: number, output: number];
const tokens = { input: 1000, output: 500 };
const task = (name: string, more: object = {}) => ({
  name,
  type: 'faq-chat',
  tokens,
  capability: { minIndex: 40 },
  ...more,
});
const prices = (usd: { closed: Usd; open: Usd; another?: Usd }, more: Partial<Written> = {}): Promise<Context> =>
  caseOf(
    {
      workload: { volume: '1M' },
      tasks: [task('faq')],
      preferences: { only: ['cloud-api', 'open-model-api'] },
      ...more,
    },
    twoPrices(all, usd),
  );
/** USD a month of 1,000,000 requests a day, one call in 100 made again. */
const monthly = ([input, output]: Usd) => ((1_000_000 * 730) / 24) * ((1000 * input + 500 * output) / 1e6) * 1.01;
const [one, other, third] = [`cloud-api/${closed}`, `open-model-api/${open}`, `cloud-api/${another}`];

describe('two models, the closed one much cheaper', () => {
  const usd = { closed: [1, 1] as Usd, open: [2, 2] as Usd };

  test('the cheapest is advised, the other kind is next and mostly another', async () => {
    const context = await prices(usd);
    const { cheapest, advised, runnerUp, otherMain, kinds, considered, ofKinds } = choose(context);
    expect([cheapest, advised, runnerUp, otherMain].map((plan) => plan?.id)).toEqual([one, one, other, other]);
    expect(cheapest?.monthlyUsd).toBeCloseTo(monthly([1, 1]), 6);
    expect(kinds.map(({ kind }) => kind)).toEqual(placements.map(({ kind }) => kind));
    for (const { kind, plan, feasible, unserved } of kinds) {
      const id = { 'cloud-api': one, 'open-model-api': other }[kind as string];
      expect([plan?.id, feasible, unserved.map(({ task }) => task)], kind).toEqual(
        id === undefined ? [undefined, false, ['faq']] : [id, true, []],
      );
    }
    expect(considered.feasible).toBe(2);
    expect(kinds.find(({ kind }) => kind === 'cloud-api')?.considered).toMatchObject({ total: 2, feasible: 1 });
    expect(ofKinds(9).map(({ id }) => id)).toEqual([one, other]);
    expect(ofKinds(1).map(({ id }) => id)).toEqual([one]);
  });

  test('over the budget nothing is advised, and the best of each kind says what it would be', async () => {
    const context = await prices(usd, { budget: { monthly: 10_000 } });
    const { cheapest, advised, runnerUp, otherMain, kinds } = choose(context);
    expect([cheapest, advised, runnerUp, otherMain]).toEqual([null, null, null, null]);
    expect(kinds.flatMap(({ plan, feasible }) => (plan === null ? [] : [[plan.id, feasible]]))).toEqual([
      [one, false],
      [other, false],
    ]);
    expect(advisedPlan(context)).toBeNull();
  });
});

describe('near equals', () => {
  test('asked for the cheapest it is advised, however much better another is for hardly more', async () => {
    const context = await prices(
      { closed: [1, 1], open: [1.001, 1.001] },
      { tasks: [task('faq', { capability: { minIndex: 50 } })] },
    );
    const { cheapest, advised, runnerUp, otherMain } = choose(context);
    expect([cheapest, advised, runnerUp, otherMain].map((plan) => plan?.id)).toEqual([one, one, other, other]);
    expect(advisedPlan(context)?.id).toBe(one);
  });

  test('asked for the cheapest two places for two tasks, where a second provider costs less than it saves', async () => {
    // The open one sees nothing. A second provider takes 0.05 of a person: 833 USD a month against what half the requests save.
    const tasks = [task('see', { needs: ['vision'], share: '50%' }), task('faq', { share: '50%' })];
    const cheapest = async (usd: number) =>
      choose(await prices({ closed: [1, 1], open: [usd, usd] }, { tasks })).advised?.id;
    const saved = (usd: number) => (monthly([1, 1]) - monthly([usd, usd])) / 2 - (0.05 * 200_000) / 12;
    const [no, near, far] = [0.9645, 0.9625, 0.95];
    expect([saved(no), saved(near), saved(far)]).toEqual([
      expect.closeTo(-15, 0),
      expect.closeTo(31, 0),
      expect.closeTo(319, 0),
    ]);
    const apart = `see=${one};faq=${other}`;
    expect([await cheapest(no), await cheapest(near), await cheapest(far)]).toEqual([one, apart, apart]);
  });
});

describe('where no plan of other kinds may run, the rule that alone keeps one out', () => {
  const usd = { closed: [9, 9] as Usd, open: [2, 2] as Usd, another: [1, 1] as Usd };
  // Only the third is capable enough for what is hard, the open one for what is easy too.
  const tasks = (easy: number) => [
    task('hard', { capability: { minIndex: 55 }, share: '50%' }),
    task('easy', { capability: { minIndex: easy }, share: '50%' }),
  ];
  const dear = (monthly([1, 1]) + monthly([2, 2])) / 2;
  const kept = async (more: Partial<Written>, easy = 53) => {
    const { advised, runnerUp, keptOut } = choose(await prices(usd, { tasks: tasks(easy), ...more }));
    expect([advised?.id, runnerUp]).toEqual([third, null]);
    if (keptOut === null) return null;
    const { plan, ...why } = keptOut;
    expect(plan.id).toBe(`hard=${third};easy=${other}`);
    return why;
  };
  const only = ['cloud-api', 'open-model-api'];

  test('the limit on places, a rule about whole plans, none of two, none where no task may move', async () => {
    const one = { preferences: { maxDeployments: 1, only } };
    const tight = { budget: { monthly: dear - 1 } };
    expect(await kept(one)).toEqual({ limit: 1 });
    expect(await kept(tight)).toEqual({ gate: 'budget' });
    expect(await kept({ ...one, ...tight })).toBeNull();
    expect(await kept(one, 55)).toBeNull();
  });

  test('a provider with another behind it takes two places', async () => {
    const { tables } = await prices(usd);
    const context = await caseOf(
      {
        workload: { volume: '1M' },
        tasks: [
          task('hard', { capability: { minIndex: 55 }, share: '50%' }),
          task('easy', { capability: { minIndex: 53 }, share: '50%', availability: '99.8%' }),
        ],
        preferences: { maxDeployments: 2, only },
      },
      tables,
    );
    expect(choose(context).keptOut).toMatchObject({
      limit: 2,
      plan: { deployments: [{}, { second: { role: 'failover' } }] },
    });
  });
});

test('a task cut up where that is cheaper: of each way to spread tasks over kinds the cheapest', async () => {
  // The closed one is capable enough for what is easy, and costs a tenth.
  const easy = { share: '90%', told: 'before', capability: { minIndex: 30 } };
  const context = await prices(
    { closed: [0.1, 0.1], open: [9, 9], another: [1, 1] },
    {
      tasks: [task('faq', { capability: { minIndex: 55 }, easy })],
    },
  );
  const { cheapest, advised, ofKinds } = choose(context);
  const parts = `faq.easy=${one};faq.hard=${third}`;
  expect([cheapest?.id, advised?.id]).toEqual([parts, parts]);
  expect(cheapest?.monthlyUsd).toBeCloseTo(0.9 * monthly([0.1, 0.1]) + 0.1 * monthly([1, 1]), 6);
  // Whole on the third one, or in parts on the two of a kind: one deployment type either way.
  const kinds = ofKinds(20);
  expect(kinds[0]?.id).toBe(parts);
  const single = kinds.filter(({ deployments }) => deployments.every(({ option }) => option.kind === 'cloud-api'));
  expect(single.map(({ id }) => id)).toEqual([parts]);
  expect(kinds.map(({ monthlyUsd }) => monthlyUsd)).toEqual(
    kinds.map(({ monthlyUsd }) => monthlyUsd).sort((a, b) => a - b),
  );
  expect(advisedPlan(context)?.id).toBe(parts);
});

describe('a plan by its name', () => {
  const usd = { closed: [1, 1] as Usd, open: [2, 2] as Usd };
  const no = (message: string, suggestion: string | null, code = 'no-such-plan') => ({ code, message, suggestion });
  async function named(asked: string | null, more: Partial<Written> = {}) {
    const plan = planNamed(asked, await prices(usd, more));
    return 'code' in plan ? plan : plan.id;
  }

  test('none is asked for: the one advised, or which there are where nothing fits', async () => {
    expect(await named(null)).toBe(one);
    expect(await named(null, { budget: { monthly: 10_000 } })).toEqual(
      no('no plan meets every rule, so none is recommended', `name one: ${one}, ${other}`, 'nothing-fits'),
    );
    expect(await named(null, { preferences: { only: ['edge'] } })).toEqual(
      no('no plan meets every rule, so none is recommended', null, 'nothing-fits'),
    );
  });

  test('by id, by kind, by words that one plan alone has', async () => {
    expect(await named(other)).toBe(other);
    expect(await named(`faq=${other}`)).toBe(other);
    expect(await named(' Open-Model-API ')).toBe(other);
    expect(await named('GPT-5  nano')).toBe(one);
    expect(await named('together llama')).toBe(other);
    expect(await named('hosted open')).toBe(other);
    // What is nearly allowed can be named too, where nothing is.
    const poor = { budget: { monthly: 10_000 }, preferences: { only: ['cloud-api'] } };
    expect(await named('nano thinking', poor)).toBe(`${one}+thinking`);
  });

  test('otherwise why there is none, and what to write instead', async () => {
    expect(await named('api')).toEqual(no('"api" may be any of 2 plans', `write one of ${one}, ${other}`));
    expect(await named('no such words')).toEqual(
      no('unknown option or plan "no such words"', `write one of ${one}, ${other}`),
    );
    expect(await named('edge')).toEqual(no('nothing of the kind edge: the scenario has no devices', null));
    // What runs but no rule lets through is not said to run nothing.
    const strict = { data: { boundary: 'own-premises' } };
    expect(await named('cloud-api', strict)).toEqual(
      no('nothing of the kind cloud-api meets every rule for faq', null),
    );
    expect(await named(`faq=${one};faq=${other}`)).toEqual(no('"faq" is defined twice in the plan', null));
    expect(await named(`faq.main=${one}`)).toEqual(
      no('the plan leaves out faq: it has faq.main and no faq.standby', null),
    );
  });
});
