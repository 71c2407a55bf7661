import { expect, test } from 'vitest';
import { type AssessOptions, assess } from '../../src/analyses/assess.js';
import { monthReaching } from '../../src/analyses/flips/inputs.js';
import type { Decision, Flip } from '../../src/decide/decision.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { asOf, caseOf, readWritten, tool, type Written } from '../support/scenario.js';
import { another, closed, open, oppositePrices, twoPrices } from '../support/two-prices.js';

/**
 * Of two models one is cheap to read, the other cheap to write, ten to one: the one with the dear answers is advised as long
 * as answers are shorter than prompts.
 */
const { tables, prose } = await oppositePrices();

const faq = (more: Partial<Written> = {}, tokens = { input: 1234, output: 500 }): Written => ({
  workload: { volume: '10k' },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens, capability: { minIndex: 40 } }],
  preferences: { objective: 'cost', only: ['cloud-api', 'open-model-api'] },
  ...more,
});

function flipsOf(
  written: Written,
  flips: 'all' | 'near' = 'all',
  progress?: AssessOptions['progress'],
  priced = tables,
): Decision {
  return assess(readWritten(written, priced), priced, {
    asOf,
    prose,
    tool,
    flips,
    draws: 'none',
    ...(progress && { progress }),
  });
}

/** One call in a hundred is made again, and billed. */
const usd = (input: number, output: number) => (((10_000 * 730) / 24) * (input + output) * 1.01) / 1e6;
test('every number and word that turns the advice, the nearest first, and what it costs then', () => {
  const looked: [number, number | null][] = [];
  const { recommendation } = flipsOf(faq(), 'all', (step, done, of) => step === 'inputs' && looked.push([done, of]));
  const advised = usd(1234, 5000);
  expect(recommendation.plan).toBe(`cloud-api/${closed}`);
  expect(recommendation.monthlyCost).toBeCloseTo(advised, 6);
  const turns = recommendation.flips.filter(({ becomes, to }) => becomes !== null && typeof to === 'number');
  const told = turns.map(({ parameter, from, to, direction }) => [parameter, from, to, direction]);
  expect(told).toEqual([
    ['tasks.faq.capability.minIndex', 40, 50.8, 'up'],
    // Where both cost the same: 1,234 and 500 tokens, with three digits.
    ['tasks.faq.tokens.output', 500, 1230, 'up'],
    ['tasks.faq.tokens.input', 1234, 500, 'down'],
    // Rules that the scenario lacks come last, however near.
    // The band's middle of its provider, 829 ms, 1.8 times at the least, and 49 ms for 1,234 tokens: 1,542 ms.
    ['tasks.faq.latency.ttftP95', 'none', 1540, 'down'],
    ['tasks.faq.latency.totalP95', 'none', 7280, 'down'],
    // More often than the provider of the dear answers promises.
    ['needs.availability', 'none', 99.701, 'up'],
  ]);
  const [capable, longer, shorter] = turns as [Flip, Flip, Flip];
  for (const flip of turns.filter(({ parameter }) => parameter.startsWith('tasks.'))) {
    expect(flip).toMatchObject({ becomes: `open-model-api/${open}`, becomesKinds: ['open-model-api'], month: null });
    expect(flip.extraCost).toBeCloseTo((flip.monthlyCost ?? 0) - advised, 6);
  }
  const costs: [Flip, string, number, number][] = [
    [capable, '', usd(12_340, 500), Math.log(50.8 / 40)],
    [shorter, 'tokens', usd(5000, 500), Math.log(1234 / 500)],
    [longer, 'tokens', usd(12_340, 1230), Math.log(1230 / 500)],
  ];
  for (const [flip, unit, cost, distance] of costs) {
    expect(flip.unit).toBe(unit);
    expect(flip.monthlyCost).toBeCloseTo(cost, 6);
    expect(flip.distance).toBeCloseTo(distance, 9);
  }
  // Inputs are told one after the other, with how many there are.
  const done = looked.map(([count]) => count);
  // The volume comes before.
  expect([...new Set(done)]).toEqual(Array.from({ length: (done.at(-1) ?? 1) - 1 }, (_, i) => i + 2));
  expect(new Set(looked.map(([, of]) => of))).toEqual(new Set([done.at(-1)]));
  const none = new Map(recommendation.noFlips.map(({ parameter, ...rest }) => [parameter, rest]));
  for (const { parameter } of recommendation.flips) expect(none).not.toContain(parameter);
  expect(none.get('tasks.faq.thinking')).toEqual({
    from: 'forbidden',
    words: ['allowed'],
    low: null,
    high: null,
    unit: '',
    decided: true,
  });
  // A tenth to ten times the volume, whose ends whole decisions prove.
  expect(none.get('workload.volume')).toEqual({
    from: 10_000,
    words: null,
    low: 1000,
    high: 100_000,
    unit: 'requests/day',
    decided: true,
  });
  // What leaves nothing that fits is told, too.
  expect(recommendation.flips.filter(({ becomes }) => becomes === null).map(({ parameter }) => parameter)).toContain(
    'data.boundary',
  );
});

test('words: what only the other model does, as far as what that costs', () => {
  const { recommendation } = flipsOf(faq({}, { input: 500, output: 1234 }));
  const advised = usd(5000, 1234);
  expect(recommendation.plan).toBe(`open-model-api/${open}`);
  const [vision] = recommendation.flips.filter(({ parameter }) => parameter === 'tasks.faq.needs');
  expect(vision).toMatchObject({
    from: '[]',
    to: '[vision]',
    unit: '',
    direction: null,
    becomes: `cloud-api/${closed}`,
    becomesKinds: ['cloud-api'],
  });
  // An image of 1024 x 1024 is 2,520 tokens of that model (image-tokens.csv), of which an input has 765, this one
  // all of its 500: 2,020 more to read.
  const seeing = usd(500 + 2020, 12_340);
  expect(vision?.monthlyCost).toBeCloseTo(seeing, 6);
  expect(vision?.distance).toBeCloseTo(Math.log((seeing + 1) / (advised + 1)), 9);
});

test('of the nearest alone as many as are shown, of each parameter one', () => {
  const shown = (assumptions: object) =>
    flipsOf(faq({ assumptions }), 'near').recommendation.flips.map(({ parameter }) => parameter);
  const all = shown({ flipsShown: 20 });
  expect(all.slice(0, 3)).toEqual(
    ['capability.minIndex', 'tokens.output', 'tokens.input'].map((key) => `tasks.faq.${key}`),
  );
  expect(all.length).toBeGreaterThan(3);
  expect(new Set(all).size).toBe(all.length);
  expect(shown({ flipsShown: 2 })).toEqual(all.slice(0, 2));
});

test('where all are asked for, a model that nobody met is found where those met suffice no more and nothing does at the end', async () => {
  // Far dearer than both, and the only one that scores 60.
  const three = twoPrices((await shipped()).tables, { closed: [1, 10], open: [10, 1], another: [100, 100] });
  const { recommendation } = flipsOf(faq({}, { input: 500, output: 3000 }), 'all', undefined, three);
  expect(recommendation.plan).toBe(`open-model-api/${open}`);
  const capable = recommendation.flips.find(({ parameter }) => parameter === 'tasks.faq.capability.minIndex');
  expect(capable).toMatchObject({ from: 40, to: 53.5, becomes: `cloud-api/${another}`, becomesKinds: ['cloud-api'] });
});

test.each([
  { growth: '10% per month', volume: 1331, month: 4 },
  { growth: '10% per month', volume: 1332, month: 5 },
  { growth: '10% per month', volume: 900, month: null },
  { growth: '-10% per month', volume: 810, month: 3 },
  { growth: 0, volume: 2000, month: null },
])('a volume of $volume is reached in month $month from 1,000 at $growth', async ({ growth, volume, month }) => {
  const context = await caseOf({ workload: { volume: 1000, growth }, tasks: [{ type: 'faq-chat' }] });
  expect(monthReaching(volume, context)).toBe(month);
});

test('what a change costs more is of the bills, whatever else plans are compared by', async () => {
  const few = fewRows((await shipped()).tables, ['openai', 'gpt-5-nano', 'gpt-5-mini', 'gpt-5.4', 'gpt-4o']);
  const tasks = ['email-drafting', 'faq-chat'].map((type) => ({ name: type, type, share: '50%' }));
  const { recommendation } = flipsOf(
    { workload: { volume: '10k' }, tasks, preferences: { objective: 'advice' } },
    'near',
    undefined,
    few,
  );
  const { monthlyCost: now, adjusted, flips } = recommendation;
  expect(adjusted?.total).toBeGreaterThan(1);
  const told = flips.filter(({ becomes }) => becomes !== null);
  expect(told.length).toBeGreaterThan(0);
  for (const { parameter, monthlyCost, extraCost } of told)
    expect(extraCost, parameter).toBeCloseTo((monthlyCost ?? 0) - (now ?? 0), 6);
});
