import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { at } from '../../src/cost/curve.js';
import { isUnpriced } from '../../src/cost/line.js';
import { planUsd } from '../../src/decide/assignment.js';
import { caseAt, planIn } from '../../src/decide/break-even/at-volume.js';
import { breakEven } from '../../src/decide/break-even/answer.js';
import { choose } from '../../src/decide/choose.js';
import { explain } from '../../src/decide/explain.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { linesOf, type Plan, planOf, unitsOf } from '../../src/decide/plan.js';
import { pricedAssignment } from '../../src/decide/priced-assignment.js';
import { linesBelow } from '../../src/decide/search-lines.js';
import { survey } from '../../src/decide/survey.js';
import { billsOf, oneOffsOf } from '../../src/decide/timeline.js';
import { type Candidate, candidateCost, leastCost } from '../../src/placements/candidate.js';
import type { Case } from '../../src/placements/placement.js';
import { json } from '../../src/report/formats/json.js';
import type { Slice } from '../../src/scenario/demand.js';
import { shipped, shippedTables } from '../load.js';
import { bruteBest, everyOption, maySlice, randomFrom, someOf } from './brute-force.js';
import { asOf, caseOf, decide, readWritten, tablesWith, type Written } from './scenario.js';

const slow = 120_000;
const tool = { name: 'deploy-advisor', version: '0.0.0' };
const noOverflow = { preferences: { exclude: ['overflow', 'failover'] } };
const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);

function same(found: number | undefined, expected: number, what: string): void {
  const off = Math.abs((found ?? Number.NaN) - expected) / Math.max(1, Math.abs(expected));
  expect(off, `${what}: ${found} against ${expected}`).toBeLessThanOrEqual(1e-9);
}

const faq = { name: 'faq', type: 'faq-chat' };
const rag = { name: 'rag', type: 'rag-answering' };
const code = { name: 'code', type: 'code-chat' };

/** A case with a random part of the catalog, a random profile and volume, some under growth and some of several tasks. */
async function randomCase(seed: number, { part = 0.5 }: { part?: number } = {}): Promise<Case> {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const tasks = pick([
    [rag],
    [{ ...faq, share: '50%' }, { ...rag, share: '50%' }],
    [
      { ...faq, share: '50%' },
      { ...rag, share: '30%' },
      { ...code, share: '20%' },
    ],
  ]);
  const growth = pick([{}, { growth: '6% per month' }, { growth: '-5% per month' }]);
  const volume = `${pick([2, 5, 10, 30])}M requests/day`;
  const profile = pick(['business-hours', 'consumer-chat', 'spiky', 'enterprise-api']);
  const workload = { volume, profile, horizon: '24 months', ...growth };
  return caseOf({ workload, tasks }, someOf(await shippedTables(), part, seed));
}

const all = ({ demand }: Case): number[] => demand.slices.map((_, s) => s);
const servesAll =
  (of: Case) =>
  ({ linear }: Candidate): boolean =>
    all(of).every((s) => !Number.isNaN(linear[s] as number));

/** Pairs of a random case that serve every task: the cheapest, the dearest and one between. */
async function somePairs(seed: number): Promise<{ of: Case; pairs: Candidate[] }> {
  const of = await randomCase(seed);
  const found = survey(of)
    .pairs.filter(servesAll(of))
    .sort((a, b) => candidateCost(a, all(of), of.demand) - candidateCost(b, all(of), of.demand));
  const pairs = [0, Math.floor(found.length / 2), found.length - 1].flatMap((i) => found[i] ?? []);
  return { of, pairs: [...new Set(pairs)] };
}

function planFor(candidate: Candidate, slices: readonly number[], of: Case): Plan {
  const plan = pricedAssignment([{ candidate, slices: [...slices] }], of);
  if (plan === null) throw new Error('a pair has no price');
  return plan;
}

const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
let met = 0;

describe.each(seeds)('own machines with an API above them, random case %i', (seed) => {
  test(
    'cost in the search what they cost as a plan',
    async () => {
      const { of, pairs } = await somePairs(seed);
      met += pairs.length;
      for (const candidate of pairs) {
        for (const slices of [all(of), ...all(of).map((s) => [s])]) {
          const plan = planFor(candidate, slices, of);
          same(plan.monthlyUsd, planUsd([{ candidate, slices }], of.demand), `${plan.id} for ${slices}`);
        }
      }
    },
    slow,
  );

  test(
    'cost what the best number of machines does, hour by hour',
    async () => {
      const { of, pairs } = await somePairs(seed);
      for (const candidate of pairs) {
        const slices = all(of);
        const plan = planFor(candidate, slices, of);
        const [deployment] = plan.deployments;
        const people = sum(plan.shared.map(({ curve }) => at(curve, of.demand.requestsPerDay)));
        const machines = unitsOf(deployment as Plan['deployments'][number], of.demand.requestsPerDay);
        const costs = costsByUnits(candidate, slices, of);
        same(plan.monthlyUsd - people, costs[machines - 1] as number, `${plan.id}, ${machines} machines`);
        same(plan.monthlyUsd - people, Math.min(...costs), `${plan.id}, best of ${costs.length}`);
        const { share } = deployment?.second ?? {};
        same(share?.(of.demand.requestsPerDay), shareAbove(candidate, machines, of), `${plan.id}, share above`);
      }
    },
    slow,
  );

  test(
    'cost at other volumes what they cost priced there, and month by month the same',
    async () => {
      const { of, pairs } = await somePairs(seed);
      const { demand } = of;
      for (const candidate of pairs) {
        const plan = planFor(candidate, all(of), of);
        same(sum(linesOf(plan).map(({ curve }) => at(curve, demand.requestsPerDay))), plan.monthlyUsd, 'lines');
        for (const factor of [0.001, 0.1, 0.7, 3, 50]) {
          const volume = Math.round(demand.requestsPerDay * factor);
          same(at(plan.curve, volume), planIn(plan, caseAt(of, volume))?.monthlyUsd ?? Number.NaN, `at ${volume}`);
        }
        const { upfrontUsd, exitUsd, resaleUsd, capitalUsd } = oneOffsOf(plan, of);
        const paid = sum(billsOf(plan, of)) + upfrontUsd + exitUsd - resaleUsd + capitalUsd;
        same(paid, plan.monthlyUsd * demand.months, `${plan.id}, month by month`);
      }
    },
    slow,
  );

  test(
    'never cost less than the bounds of the search say, in any set of tasks',
    async () => {
      const { of, pairs } = await somePairs(seed);
      const { demand } = of;
      const lines = linesBelow(pairs, demand);
      for (const [c, candidate] of pairs.entries()) {
        for (let set = 1; set < 2 ** demand.slices.length; set++) {
          const slices = all(of).filter((s) => set & (1 << s));
          const usd = candidateCost(candidate, slices, demand) * (1 + 1e-12);
          expect(leastCost(candidate, slices, demand)).toBeLessThanOrEqual(usd);
          expect(candidate.fixed + sum(slices.map((s) => lines[c]?.[s] as number))).toBeLessThanOrEqual(usd);
        }
      }
    },
    slow,
  );

  test(
    'are found again by the id of their plan',
    async () => {
      const { of, pairs } = await somePairs(seed);
      for (const candidate of pairs) {
        const plan = planFor(candidate, all(of), of);
        const found = findPlan(plan.id, of);
        if (typeof found === 'string') throw new Error(found);
        expect(found.id).toBe(plan.id);
        expect(found.shape).toBe('overflow');
        same(found.monthlyUsd, plan.monthlyUsd, plan.id);
      }
    },
    slow,
  );
});

test('the random cases had pairs to look at', () => {
  expect(met).toBeGreaterThan(15);
});

/** Machines' worth of work in every hour of every month. */
function workByHour({ fleet }: Candidate, slices: readonly number[], { demand }: Case): number[] {
  const hours = demand.slices[slices[0] as number]?.hours.length ?? 0;
  return [...demand.growth].flatMap((factor) =>
    Array.from({ length: hours }, (_, h) =>
      sum(slices.map((s) => factor * (demand.slices[s]?.hours[h] as number) * (fleet?.need[s] as number))),
    ),
  );
}

const aboveOf = (work: readonly number[], units: number): number =>
  sum(work.map((need) => Math.max(0, need - units))) / sum(work);

const shareAbove = (candidate: Candidate, units: number, of: Case): number =>
  aboveOf(workByHour(candidate, all(of), of), units);

/** USD a month with 1, 2, 3 and more machines, people left out. */
function costsByUnits(candidate: Candidate, slices: readonly number[], of: Case): number[] {
  const { fixed, linear, fleet, second } = candidate;
  const work = workByHour(candidate, slices, of);
  const own = sum(slices.map((s) => linear[s] as number));
  const api = sum(slices.map((s) => second?.candidate.linear[s] as number));
  const unit = (fleet?.usdPerHour ?? Number.NaN) * of.demand.hoursPerMonth;
  const most = Math.ceil(work.reduce((highest, need) => Math.max(highest, need), 0)) + 1;
  return Array.from({ length: most }, (_, i) => fixed + own + (i + 1) * unit + (api - own) * aboveOf(work, i + 1));
}

/** The cheapest of every fleet with every API above it, and of what needs no pair. */
function cheapestOfAll(of: Case): { usd: number; paired: boolean } {
  const [slice] = of.demand.slices as [Slice];
  const may = everyOption(of).filter((option) => maySlice(option, slice, of));
  const apis = may.filter(({ api }) => api !== null);
  const fleets = may.filter(({ fleet, kind }) => fleet !== null && kind !== 'serverless-gpu');
  let paired = Number.POSITIVE_INFINITY;
  for (const option of fleets) {
    for (const api of apis) {
      const plan = planOf([{ option, slices: [slice], second: { role: 'overflow', option: api } }], of);
      if (!isUnpriced(plan)) paired = Math.min(paired, plan.monthlyUsd);
    }
  }
  const alone = bruteBest(of).cheapest?.usd ?? Number.POSITIVE_INFINITY;
  return { usd: Math.min(paired, alone), paired: paired < alone };
}

describe('the search with own machines and an API above them', () => {
  let paired = 0;
  const cases = [1, 2, 3, 4].flatMap((seed) =>
    ['60k', '1M', '5M', '20M'].flatMap((perDay) =>
      (['business-hours', 'consumer-chat'] as const).map((profile) => ({ seed, perDay, profile })),
    ),
  );
  test.each(cases)(
    'finds the cheapest of all pairs and of all that stands alone: $perDay a day, $profile, catalog $seed',
    async ({ seed, perDay, profile }) => {
      const some = someOf(await shippedTables(), 0.08, seed);
      const workload = { volume: `${perDay} requests/day`, profile, horizon: '36 months' };
      const preferences = { exclude: ['serverless-gpu'] };
      const capable = { ...rag, capability: { atLeast: 'qwen3-32b' } };
      const of = await caseOf({ workload, tasks: [capable], preferences }, some);
      const brute = cheapestOfAll(of);
      const found = choose(of).cheapest;
      if (brute.usd === Number.POSITIVE_INFINITY) expect(found).toBeNull();
      else same(found?.monthlyUsd, brute.usd, found?.id ?? 'nothing');
      if (brute.paired) paired++;
      const without = await caseOf(
        { workload, tasks: [capable], preferences: { exclude: ['serverless-gpu', 'overflow'] } },
        some,
      );
      const other = choose(without).cheapest;
      if (other !== null) expect(found?.monthlyUsd).toBeLessThanOrEqual(other.monthlyUsd * (1 + 1e-12));
      expect(other?.shape).not.toBe('overflow');
    },
    slow,
  );
  test('and pairs have won', () => expect(paired).toBeGreaterThan(3));
});
