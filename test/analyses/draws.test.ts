import { expect, test } from 'vitest';
import { drawableOf } from '../../src/analyses/draws/drawable.js';
import { drawnOf, drawsOf } from '../../src/analyses/draws/draws.js';
import { rowOf } from '../../src/analyses/draws/field.js';
import { pricing } from '../../src/analyses/draws/pricing.js';
import { costing } from '../../src/analyses/draws/sample.js';
import { repricer } from '../../src/analyses/uncertainty/costs.js';
import { casesOf, drawn, wholeCases } from '../../src/analyses/uncertainty/draws.js';
import { plansMet } from '../../src/analyses/uncertainty/pool.js';
import { type PlaceOptions, placesOf } from '../../src/core/decide.js';
import { cheapest } from '../../src/core/query.js';
import { adjustedPricesIn } from '../../src/decide/adjusted-prices.js';
import { choose } from '../../src/decide/choose.js';
import { planRulesOf } from '../../src/decide/core-choice.js';
import type { Plan } from '../../src/decide/plan.js';
import { advisedPlan } from '../../src/decide/task-advice.js';
import { taskCase } from '../../src/decide/task-case.js';
import { bestPlans } from '../../src/decide/task-plans.js';
import type { Context } from '../../src/places/placement.js';
import { committedCase, readCommitted } from '../support/committed.js';
import { long } from '../support/sample.js';

const seed = 0;

async function drawnCase(name: string, set: readonly string[] = []) {
  const read = await readCommitted(name, set);
  const context = await committedCase(name, set);
  const choice = choose(context);
  const met = plansMet(choice.advised as Plan, choice, 64, context);
  const drawable = drawableOf(read, met, context, seed);
  if (drawable === null) throw new Error(`nothing fits ${name}`);
  return { read, context, choice, met, drawable };
}

/** A whole decision at the C0 of the case that is varied. */
function decidedAt(context: Context, baseUsd: number): PlaceOptions | null {
  const { workload } = context;
  const rules = planRulesOf(context);
  const best = bestPlans(taskCase(context).start, workload, rules);
  const cheapestPlan = best.cheapest && { ...best.cheapest, usd: baseUsd - rules.taskUsd };
  return advisedPlan({ ...best, cheapest: cheapestPlan }, workload, rules, adjustedPricesIn(workload)).plan;
}

/** What is advised, as far as it is told in words: deployment types and models. */
const wordsOf = (places: PlaceOptions | null): string =>
  places === null
    ? 'nothing'
    : [places.option, ...(places.second === null ? [] : [places.second.option])]
        .map(({ kind, family, model, mode }) => [kind, family ?? model, mode].join(' '))
        .join(' + ');

const compared = [
  ...['support-chatbot', 'growth-in-stages', 'nightly-calls', 'thirty-million-tokens'],
  ...(long
    ? ['million-requests', 'million-chunks', 'public-sector-rag', 'clinic-notes', 'two-providers', 'overnight-claims']
    : []),
];
const draws = long ? 1000 : 30;

test.each(compared)('what is best in the draws of %s is what whole decisions advise', async (name) => {
  const { read, context, drawable } = await drawnCase(name);
  const { field, inputs, effects } = drawable;
  const { priceAt } = pricing(field, effects, inputs);
  const values = new Float64Array(inputs.length);
  const wholeAt = wholeCases(read, context, inputs, seed);
  const { baseUsd } = field.adjusted as NonNullable<typeof field.adjusted>;
  const others: string[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const { priced, extra } = priceAt(drawn(inputs, draw, values));
    const { priced: exact, found } = cheapest(priced, field.mask, extra);
    const own = wordsOf(placesOf(exact, found));
    const whole = wordsOf(decidedAt(wholeAt(draw), baseUsd));
    if (own !== whole) others.push(`${draw}: ${own}, not ${whole}`);
  }
  // A hundredth of them, and one that is as good as the other.
  expect(others.length, others.join('\n')).toBeLessThanOrEqual(Math.max(1, draws / 100));
});

test.each([
  ['support-chatbot', 0.002],
  ['thirty-million-tokens', 0.005],
  ['growth-in-stages', 0.02],
])('plans of %s cost in draws what they cost there by their bills', async (name, most) => {
  const { read, context, met, drawable } = await drawnCase(name);
  const { field, inputs } = drawable;
  const { costsAt } = costing(drawable);
  const caseAt = casesOf(read, context, inputs);
  const [plan] = met as [Plan];
  const row = rowOf(field, plan) as number;
  const into = new Float64Array(1);
  const values = new Float64Array(inputs.length);
  const errors = Array.from({ length: 64 }, (_, draw) => {
    drawn(inputs, draw, values);
    const then = caseAt(values);
    repricer([plan], then.tables)(then, into);
    return Math.abs(Math.log((costsAt(values).usd[row] as number) / (into[0] as number)));
  });
  expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(most);
});

test('what is drawn of the support chatbot is told as of any other case', async () => {
  const { read, context, choice } = await drawnCase('support-chatbot');
  const found = drawsOf(read, choice, context, { seed });
  if (found === null) throw new Error('nothing was drawn');
  const { advised, uncertainty, tornado } = found;
  expect(advised.plan).toBe(choice.advised?.id);
  expect(uncertainty.draws).toBe(256);
  expect(uncertainty.confidence.level).toBe('high');
  const shares = uncertainty.plans.map(({ probabilityBest }) => probabilityBest);
  const all = shares.reduce((sum, one) => sum + one, 0);
  expect(all).toBeGreaterThan(0.9);
  expect(all).toBeLessThanOrEqual(1);
  for (const { monthlyCostRange: range } of uncertainty.plans)
    if (range !== null) expect(range.p5 <= range.p50 && range.p50 <= range.p95).toBe(true);
  // What is advised costs more than the cheapest, and is closer to the best of each draw than any other.
  expect(uncertainty.leastRegret).toBeNull();
  expect(tornado[0]?.parameter).toBe('workload.volume');
  expect(drawsOf(read, choice, context, { seed })).toEqual(found);
});

test('a volume of which only the range is known counts for more than what it costs on the whole', async () => {
  const set = ['workload.volume=5k..500k requests/day'];
  const { read, context, choice } = await drawnCase('support-chatbot', set);
  const found = drawnOf(read, choice, context, { seed });
  expect(found?.uncertainty.draws).toBe(4096);
  expect(found?.uncertainty.ranges).toBe(1);
  const { p5, p95 } = found?.advised.monthlyCostRange as { p5: number; p95: number };
  expect(p95 / p5).toBeGreaterThan(4);
  expect(found?.tornado[0]?.parameter).toBe('workload.volume');
});

test('what breaks the budget beyond some volume is not best there', async () => {
  const set = ['workload.volume=5k..500k requests/day', 'budget={monthly: 600}'];
  const { read, context, choice } = await drawnCase('support-chatbot', set);
  const { advised, uncertainty } = drawnOf(read, choice, context, { seed }) as NonNullable<ReturnType<typeof drawnOf>>;
  const own = uncertainty.straddles.find(({ plan }) => plan === advised.plan);
  expect(own?.gate).toBe('budget');
  expect(own?.side).toBe('above');
  expect(advised.probabilityOverBudget).toBeGreaterThan(0.1);
  expect(advised.probabilityBest + advised.probabilityRuledOut).toBeLessThanOrEqual(1);
  expect(advised.probabilityRuledOut).toBeCloseTo(own?.probability as number, 6);
});
