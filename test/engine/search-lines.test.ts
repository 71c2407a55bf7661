import { describe, expect, test } from 'vitest';
import { linesBelow, linesUnder, peaksOver, slopes } from '../../src/decide/search-lines.js';
import { survey } from '../../src/decide/survey.js';
import { type Candidate, candidateCost, onceCost } from '../../src/placements/candidate.js';
import { placementOf } from '../../src/placements/registry.js';
import type { Demand } from '../../src/scenario/demand.js';
import { monthOf } from '../../src/scenario/month-of.js';
import { shippedTables } from '../load.js';
import { someOf } from './brute-force.js';
import { caseOf, type Written } from './scenario.js';

const own = { data: { boundary: 'own-account' } };
const faq = { name: 'faq', type: 'faq-chat' };
const rag = { name: 'rag', type: 'rag-answering' };
const scenarios: Record<string, Written> = {
  'one profile': {
    workload: { volume: '3M requests/day' },
    tasks: [
      { ...faq, share: '60%', ...own },
      { ...rag, share: '40%', ...own },
    ],
  },
  'one profile, growing, one with a volume of its own': {
    workload: { volume: '400k requests/day', growth: '8% per month', horizon: '24 months' },
    tasks: [
      { ...faq, ...own },
      { ...rag, volume: '30k requests/day', ...own },
    ],
  },
  'work that may wait': {
    workload: { volume: '2M requests/day' },
    tasks: [
      { ...faq, share: '60%', ...own },
      { name: 'digest', type: 'summarization', share: '40%', deadline: '6h', ...own },
    ],
  },
  'pairs with an API': {
    workload: { volume: '20M requests/day', profile: 'spiky' },
    tasks: [
      { ...faq, share: '60%' },
      { ...rag, share: '40%' },
    ],
  },
};

// Sums in another order differ in their last digits.
const certainly = 1 + 1e-9;

test.each(Object.keys(scenarios))('no line of any slope lies above what a candidate costs: %s', async (name) => {
  const of = await caseOf(scenarios[name] as Written, someOf(await shippedTables(), 0.15, 2));
  const { undropped, pairs } = survey(of);
  const candidates = [...[...undropped.values()].flat(), ...pairs];
  const under = linesUnder(candidates, linesBelow(candidates, of.demand), of.demand);
  const count = of.demand.slices.length;
  let close = 0;
  for (const [c, candidate] of candidates.entries()) {
    for (let set = 1; set < 2 ** count; set++) {
      const slices = of.demand.slices.flatMap((_, s) => ((set >> s) & 1 ? [s] : []));
      if (slices.some((s) => Number.isNaN(candidate.linear[s] as number))) continue;
      const usd = candidateCost(candidate, slices, of.demand);
      for (const [slope, share] of slopes.entries()) {
        const { starts, lines } = under[c] as (typeof under)[number];
        const line = lines[slope] as Float64Array;
        const least = slices.reduce((sum, s) => sum + (line[s] as number), starts[slope] as number);
        expect(least, `${candidate.option().id} with ${slices} at slope ${share}`).toBeLessThanOrEqual(usd * certainly);
        if (candidate.fleet !== null && least > 0.9 * usd) close++;
      }
    }
  }
  // Lines far below would be sound as well, and useless.
  expect(close).toBeGreaterThan(0);
});

/** A fleet that one unit serves at so much work of each slice. */
const fleetOf = (...need: number[]): Candidate => ({
  kind: 'self-hosted-cloud',
  provider: 'one',
  staff: { api: false, fleet: true, gpusPerUnit: 1, role: null, setup: 'setupEffortSelfHostedCloud' },
  owns: null,
  linear: new Float64Array(need.length),
  fleet: {
    min: 1,
    spare: 0,
    spareShare: 0,
    followsHours: true,
    need: Float64Array.from(need),
    usdPerHour: 1,
    onceUsdPerHour: 0,
    upfrontUsdPerUnit: 0,
    beyondOwned: null,
  },
  fixed: 0,
  option: () => expect.unreachable(),
});

test('lines of a fleet are the same by itself and after others, whose work is a little less or more', async () => {
  const tasks = ['faq', 'mail'].map((name) => ({ name, type: 'faq-chat', share: '50%' }));
  const { demand } = await caseOf({ workload: { volume: '1000 requests/day' }, tasks });
  // One slice at 0.1 units, the other from 0 up to twice as much; and no work at all.
  const fleets = Array.from({ length: 100 }, (_, i) => fleetOf(0.1, i / 500)).concat(fleetOf(0, 0));
  const startsOf = (candidates: readonly Candidate[]): Float64Array[] => {
    // Other hours than any that something is known of.
    const hours = demand.slices[0]?.hours.slice() ?? [];
    const anew = { ...demand, slices: demand.slices.map((slice) => ({ ...slice, hours })) } as Demand;
    return linesUnder(candidates, linesBelow(candidates, anew), anew).map(({ starts }) => starts);
  };
  const together = startsOf(fleets);
  for (const [i, fleet] of fleets.entries()) expect(together[i], `fleet ${i}`).toEqual(startsOf([fleet])[0]);
  // Without work it is one unit all the time at 1 USD an hour, less what the least work that is looked at counts.
  for (const usd of together.at(-1) ?? []) {
    expect(usd).toBeLessThanOrEqual(730);
    expect(usd).toBeGreaterThan(726);
  }
});

describe('what the busiest month is billed beyond the mean one', () => {
  const growing = (growth: string, budget = {}): Written => ({
    workload: { volume: '50k requests/day', growth, horizon: '24 months', profile: 'business-hours' },
    tasks: [
      { name: 'faq', type: 'faq-chat' },
      { name: 'digest', type: 'summarization', volume: '5k requests/day', deadline: '6h' },
    ],
    ...budget,
  });

  test.each([
    { growth: '6% per month', busiest: 23 },
    { growth: '-6% per month', busiest: 0 },
  ])('is never more than it is, and all of it with an API: $growth', async ({ growth, busiest }) => {
    const of = await caseOf(growing(growth, { budget: { monthly: 100_000 } }), someOf(await shippedTables(), 0.1, 3));
    const candidates = [...survey(of).undropped.values()].flat();
    const peaks = peaksOver(candidates, of.demand);
    const then = { ...of, demand: monthOf(of.demand, busiest) };
    const met = new Set<string>();
    for (const [c, candidate] of candidates.entries()) {
      const { kind, linear, second } = candidate;
      const { billed, perToken } = placementOf(kind);
      for (const [s, usd] of linear.entries()) {
        const more = peaks?.[c]?.[s];
        if (Number.isNaN(usd)) {
          expect(more).toBe(0);
          continue;
        }
        if (billed === undefined || second !== undefined) continue;
        const bill = billed(candidate.option(), [then.demand.slices[s] as never], then);
        if ('unpriced' in bill) continue;
        const mean = candidateCost(candidate, [s], of.demand) - onceCost(candidate, [s], of.demand);
        const id = `${candidate.option().id}, ${s}`;
        if (perToken) expect(mean + (more ?? Number.NaN), id).toBeCloseTo(bill.usd, 6);
        else expect(mean + (more ?? Number.NaN), id).toBeLessThanOrEqual(bill.usd * certainly);
        met.add(kind);
      }
    }
    expect([...met]).toEqual(expect.arrayContaining(['cloud-api', 'self-hosted-cloud', 'serverless-gpu']));
  });

  test('is not asked for without a budget, nor where all months are alike', async () => {
    const candidates = [fleetOf(0.1, 0.1)];
    const peaksOf = async (written: Written) => peaksOver(candidates, (await caseOf(written)).demand);
    expect(await peaksOf(growing('6% per month'))).toBeNull();
    expect(await peaksOf(growing('0% per month', { budget: { monthly: 100 } }))).toBeNull();
    expect(await peaksOf(growing('6% per month', { budget: { monthly: 100 } }))).toEqual([Float64Array.of(0, 0)]);
  });
});
