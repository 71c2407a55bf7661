import { expect, test } from 'vitest';
import { type SecondPlace, together } from '../../src/decide/fallback.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { findOption } from '../../src/decide/option-report.js';
import { p95OfTwo, review } from '../../src/decide/review.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, namedPlan, tablesWith, type Written } from '../support/scenario.js';

/** Which two places for the same requests have a price, and why others have none. */

const tables = fewRows(await shippedTables());

const mini = 'cloud-api/openai/gpt-5-mini';
const azure = 'cloud-api/azure/gpt-5-mini';
const bought = 'on-prem/own-room/llama-3.3-70b@fp8/8xh100-sxm-80gb/us/bought';

const scenario = (more: Partial<Written> = {}, known = tables): Promise<Context> =>
  caseOf({ workload: { volume: '3M' }, tasks: [{ name: 'faq', type: 'faq-chat' }], ...more }, known);

function priced(first: string, role: SecondPlace['role'], second: string, context: Context) {
  const [one, option] = [first, second].map((id) => findOption(id, context)) as [Option, Option];
  return together(one, { role, option }, context.workload.taskParts, context);
}

test('an API that stands in costs its bill for the share of time the first is down', async () => {
  const context = await scenario();
  const found = priced(mini, 'failover', azure, context);
  if ('unpriced' in found) throw new Error(found.unpriced);
  const down = found.share(1000);
  expect(down).toBeGreaterThan(0);
  expect(down).toBeLessThan(0.05);
  expect(found.units).toBeNull();
  expect(found.second.map(({ part }) => part)).toEqual(['tokens.failover']);
});

test('nobody knows how often a provider is down that publishes nothing: no price', async () => {
  const parameterOf = new Map([...tables.parameterOf].filter(([name]) => name !== 'availabilityApiOpenai'));
  const serviceOf = new Map([...tables.serviceOf].filter(([provider]) => provider !== 'openai'));
  const silent = tablesWith(tables, { parameterOf, serviceOf });
  const context = await scenario({}, silent);
  expect(priced(mini, 'failover', azure, context)).toEqual({ unpriced: 'the availability of openai is unknown' });
  expect(priced(azure, 'failover', mini, context)).not.toHaveProperty('unpriced');
});

test.each([
  ['machines and the API above them', `faq.base=${bought};faq.peak=${mini}`, bought, mini],
  ['an API and the one behind it', `faq.main=${mini};faq.standby=cloud-api/azure/gpt-5-nano`, mini, 'cloud-api/azure/gpt-5-nano'], // biome-ignore format: a table
])('what is seen of two places is seen by share, the speed that of the slower: %s', async (_, id, first, second) => {
  const context = await scenario();
  const seenOn = (plan: string, known = context) => {
    const found = namedPlan(plan, known);
    const [seen] = review(found, known).services.values();
    return seen ?? null;
  };
  const [both, one, other] = [id, first, second].map((plan) => seenOn(plan));
  const plan = findPlan(id, context);
  const share =
    typeof plan === 'string' ? undefined : plan.deployments[0]?.second?.share(context.workload.requestsPerDay);
  const p95 = (figure: 'ttftP95Ms' | 'totalP95Ms') =>
    p95OfTwo(one?.[figure] as number, other?.[figure] as number, share as number);
  if (!both || !one || !other) throw new Error('nothing is seen');
  expect(one.ttftP95Ms).not.toBe(other.ttftP95Ms);
  expect(share).toBeGreaterThan(0);
  expect(both.ttftP95Ms).toBe(p95('ttftP95Ms'));
  expect(both.totalP95Ms).toBe(p95('totalP95Ms'));
  expect(both.tokensPerSecond).toBe(Math.min(one.tokensPerSecond as number, other.tokensPerSecond as number));
  // What nobody knows of one is not known of the two.
  const [kind = '', provider = ''] = second.split('/');
  const services = [...tables.serviceOf].map(([name, row]) =>
    name === provider ? ([name, { ...row, ttftP50LowMs: null, ttftP50HighMs: null }] as const) : ([name, row] as const),
  );
  expect(kind).toBe('cloud-api');
  const silent = await scenario({}, tablesWith(tables, { serviceOf: new Map(services) }));
  expect(seenOn(id, silent)?.ttftP95Ms ?? null).toBeNull();
});

// The first place's waits as exponential ones, P(longer than t) = 20^(-t / p95), all of the second's longer than any: by a calculator.
test.each([
  { share: 0, first: 80, second: 2200, expected: 80, why: 'nobody is at the second' },
  { share: 0.001, first: 80, second: 2200, expected: 80.513, why: '80 x ln(0.999 / 0.049) / ln 20' },
  { share: 0.01, first: 80, second: 2200, expected: 85.691, why: '80 x ln(0.99 / 0.04) / ln 20' },
  { share: 0.04, first: 80, second: 2200, expected: 121.887, why: '80 x ln(0.96 / 0.01) / ln 20' },
  { share: 0.04, first: 80, second: 100, expected: 100, why: 'no longer than at the slower' },
  { share: 0.05, first: 80, second: 2200, expected: 2200, why: 'one in twenty is at the second' },
  { share: 0.4, first: 80, second: 2200, expected: 2200, why: 'more than one in twenty' },
  { share: 0.01, first: 2200, second: 80, expected: 2200, why: 'the first is the slower' },
])(
  'waits of $first ms, and $second ms for a share of $share: $expected ms ($why)',
  ({ share, first, second, expected }) => {
    expect(p95OfTwo(first, second, share)).toBeCloseTo(expected, 2);
  },
);
