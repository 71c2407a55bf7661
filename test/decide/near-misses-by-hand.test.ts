import { describe, expect, test } from 'vitest';
import { cheaperMisses, type Miss, nearMisses } from '../../src/decide/near-misses.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import { shipped } from '../support/load.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';
import { another, closed, open, twoPrices } from '../support/two-prices.js';

/**
 * What one rule alone keeps out, of three models at prices that a test sets: two closed ones that score 50.7 and 60.0
 * without thinking and see pictures, and an open one that scores 53.4 and sees none.
 */
const all = (await shipped()).tables;

type Usd = [input: number, output: number];
const task = (name: string, more: object = {}) => ({
  name,
  type: 'faq-chat',
  tokens: { input: 1000, output: 500 },
  capability: { minIndex: 40 },
  ...more,
});
const prices = (usd: { closed: Usd; open: Usd; another: Usd }, more: Partial<Written> = {}): Promise<Context> =>
  caseOf(
    { workload: { volume: '100k' }, tasks: [task('faq')], ...more },
    tablesWith(twoPrices(all, usd), { accelerators: [] }),
  );
/** USD a month of 100,000 requests a day at one price for all tokens, one call in 100 made again. */
const monthly = (price: number) => ((100_000 * 730) / 24) * ((1500 * price) / 1e6) * 1.01;
/**
 * The image of a request that sees one is 2,520 tokens of the first closed model and 765 of the other, which is what the
 * 1,000 of its input have for one: 2 x (1500 + 1755) a request are below 5 x 1500 and above 3 x 1500.
 */
const usd = { closed: [1, 1] as Usd, open: [2, 2] as Usd, another: [3, 3] as Usd };
const thinks = `cloud-api/${closed}+thinking`;
const [nano, llama, gpt4o] = [`cloud-api/${closed}`, `open-model-api/${open}`, `cloud-api/${another}`];

const told = (misses: readonly Miss[]) => misses.map(({ looked, task: of, gate }) => [looked.option.id, of, gate]);

describe('nothing fits', () => {
  test('the cheapest that capability alone turns down, of each task', async () => {
    const high = { capability: { minIndex: 99 } };
    // The one that misses it by least is told too.
    expect(told(nearMisses(await prices(usd, { tasks: [task('faq', high)] })))).toEqual([
      [nano, 'faq', 'capability'],
      [gpt4o, 'faq', 'capability'],
    ]);
    const dear = { ...usd, closed: [4, 4] as Usd };
    expect(told(nearMisses(await prices(dear, { tasks: [task('faq', high)] })))).toEqual([
      [llama, 'faq', 'capability'],
      [gpt4o, 'faq', 'capability'],
    ]);
    const tasks = [task('faq', { ...high, share: '50%' }), task('mail', { share: '50%' })];
    expect(told(nearMisses(await prices(usd, { tasks })))).toEqual([
      [nano, 'faq', 'capability'],
      // Of the other task the cheapest that capability keeps out is the one that thinks, which it does not allow.
      [thinks, 'mail', 'capability'],
      [gpt4o, 'faq', 'capability'],
    ]);
  });

  test('with the cheapest, the one that a number keeps out by least: with that number it fits', async () => {
    const asked = async (minIndex: number, more: Partial<Written> = {}) =>
      await prices(usd, { tasks: [task('faq', { capability: { minIndex } })], ...more });
    const misses = nearMisses(await asked(95.5));
    expect(told(misses)).toEqual([
      [nano, 'faq', 'capability'],
      [gpt4o, 'faq', 'capability'],
    ]);
    const turns = misses.map(({ looked }) => looked.verdicts.find(({ gate }) => gate === 'capability')?.verdict.why());
    expect(turns.map((why) => why?.turnsAt?.value)).toEqual([50.7, 60]);
    expect(choose(await asked(60)).advised?.id).toBe(gpt4o);
    expect(choose(await asked(60.1)).advised).toBeNull();
    // One that another rule turns down too does not fit with that number: then the next.
    const poor = await asked(95.5, { budget: { monthly: monthly(2) } });
    expect(told(nearMisses(poor))).toEqual([
      [nano, 'faq', 'capability'],
      [llama, 'faq', 'capability'],
    ]);
  });

  test('of several rules the cheapest for each that breaks it alone, the cheapest of these first', async () => {
    // In 52 points a need the first of the closed ones fails; pictures the open one does not see; a date the third misses.
    const context = await prices(usd, {
      tasks: [task('faq', { capability: { minIndex: 52 }, needs: ['vision'] })],
      preferences: { exclude: ['openai'] },
    });
    // Both of openai are unwanted, of which one is capable enough; of the open one only that it sees nothing is wrong.
    expect(told(nearMisses(context))).toEqual([
      [llama, 'faq', 'modality'],
      [gpt4o, 'faq', 'preferences'],
    ]);
    const cheaper = await prices(
      { ...usd, another: [1.5, 1.5] },
      {
        tasks: [task('faq', { capability: { minIndex: 52 }, needs: ['vision'] })],
        preferences: { exclude: ['openai'] },
      },
    );
    expect(told(nearMisses(cheaper)).map(([id]) => id)).toEqual([gpt4o, llama]);
  });

  test('a dearer one that nothing else turns down goes before the cheapest', async () => {
    const cheap = { closed: [2, 2] as Usd, open: [1, 1] as Usd, another: [5, 5] as Usd };
    const high = { capability: { minIndex: 99 }, share: '50%' };
    const sees = { needs: ['vision'], share: '50%' };
    // The open one sees nothing either.
    const one = nearMisses(await prices(cheap, { tasks: [task('faq', high), task('mail', sees)] }));
    expect(told(one)).toContainEqual([nano, 'faq', 'capability']);
    expect(told(one)).not.toContainEqual([llama, 'faq', 'capability']);
    // Where all miss another rule too, the cheapest stays.
    const all = nearMisses(await prices(cheap, { tasks: [task('faq', high), task('mail', { ...sees, ...high })] }));
    expect(told(all)).toContainEqual([llama, 'faq', 'capability']);
  });

  test('no rule alone is to blame: those that fewest rules turn down, then the cheapest, with the first of their rules', async () => {
    const context = await prices(
      { ...usd, open: [0.5, 0.5] },
      {
        tasks: [task('faq', { capability: { minIndex: 99 }, needs: ['vision'] })],
        preferences: { only: ['aws'] },
      },
    );
    // Unwanted and not capable enough; the open one, which is the cheapest, sees nothing besides.
    expect(told(nearMisses(context))).toEqual([
      [nano, 'faq', 'preferences'],
      [thinks, 'faq', 'preferences'],
      [gpt4o, 'faq', 'preferences'],
    ]);
  });
});

describe('something fits', () => {
  test('for every rule the cheapest that it alone keeps out and that would cost less', async () => {
    const context = await prices(usd, { tasks: [task('faq', { capability: { minIndex: 55 } })] });
    // And the one that misses it by least.
    expect(told(cheaperMisses(context, monthly(3)))).toEqual([
      [nano, 'faq', 'capability'],
      [llama, 'faq', 'capability'],
    ]);
    expect(told(cheaperMisses(context, monthly(0.999)))).toEqual([]);
    expect(told(cheaperMisses(context, monthly(1.001)))).toEqual([[nano, 'faq', 'capability']]);
    // Dearer, the open one is the cheapest of them.
    const dear = await prices(
      { ...usd, closed: [2.5, 2.5] },
      { tasks: [task('faq', { capability: { minIndex: 55 } })] },
    );
    expect(told(cheaperMisses(dear, monthly(3)))).toEqual([[llama, 'faq', 'capability']]);
  });

  test('none that two rules keep out, or none at all', async () => {
    const tasks = [task('faq', { capability: { minIndex: 55 }, needs: ['vision'] })];
    // The open one sees nothing and is not capable enough.
    expect(told(cheaperMisses(await prices({ ...usd, closed: [9, 9] }, { tasks }), monthly(3)))).toEqual([]);
    expect(told(cheaperMisses(await prices(usd), monthly(1.1)))).toEqual([]);
  });

  test('one rule in two tasks is one rule; each rule has its own, the cheapest first', async () => {
    const two = [
      task('faq', { share: '50%', capability: { minIndex: 55 } }),
      task('mail', { share: '50%', capability: { minIndex: 54 } }),
    ];
    expect(told(cheaperMisses(await prices(usd, { tasks: two }), monthly(3)))).toEqual([
      [nano, 'faq', 'capability'],
      [llama, 'faq', 'capability'],
    ]);
    const rules = { tasks: [task('faq', { capability: { minIndex: 52 } })], preferences: { exclude: ['together'] } };
    const misses = cheaperMisses(await prices(usd, rules), monthly(3));
    expect(told(misses)).toEqual([
      [nano, 'faq', 'capability'],
      [llama, 'faq', 'preferences'],
    ]);
    expect(misses.map(({ looked }) => looked.plan?.monthlyUsd)).toEqual(
      [1, 2].map((price) => expect.closeTo(monthly(price), 6)),
    );
    const turned = { ...usd, closed: [2, 2] as Usd, open: [1, 1] as Usd };
    expect(told(cheaperMisses(await prices(turned, rules), monthly(3))).map(([id]) => id)).toEqual([llama, nano]);
  });
});
