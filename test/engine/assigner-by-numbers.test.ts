import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Assignment,
  kindsOfAssignment,
  ownsOnce,
  planUsd,
  planUsdAndPeople,
} from '../../src/decide/assignment.js';
import { type SearchResult, type SearchRule, searchPlans } from '../../src/decide/search.js';
import { linesBelow, slicesByCost } from '../../src/decide/search-lines.js';
import { type Candidate, candidateCost, deploymentsOf, onceCost } from '../../src/placements/candidate.js';
import type { Demand } from '../../src/scenario/demand.js';
import { randomFrom } from './brute-force.js';
import { caseOf } from './scenario.js';

/**
 * The search on candidates that are numbers alone, held to a walk through every assignment. How many bounds it computes is
 * kept too: a bound that is too low, or a rule that spares work and no longer does, costs no plan and is seen there alone.
 */

type Random = () => number;
const squared = (x: number): number => x * x;
/** Mostly near the low end; without powers, whose last digits are another version of Node's own. */
const between = (random: Random, low: number, high: number): number => low + (high - low) * squared(random());
const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;

const api = { api: true, fleet: false, gpusPerUnit: 0, role: null, setup: 'setupEffortCloudApi' };
const machines = { api: false, fleet: true, gpusPerUnit: 1, role: null, setup: 'setupEffortSelfHostedCloud' };
const rule: SearchRule = {
  maxDeployments: 3,
  budget: 1e6,
  tieBand: 0.05,
  runnerUp: true,
  ruled: false,
  allows: ownsOnce,
};
const option = (): never => {
  throw new Error('a search needs no option');
};

function apiOf(random: Random, slices: number): Candidate {
  const linear = Float64Array.from({ length: slices }, () =>
    random() < 0.15 ? Number.NaN : between(random, 300, 9000),
  );
  const open = random() < 0.3;
  return {
    kind: open ? 'open-model-api' : 'cloud-api',
    provider: pick(random, ['one', 'other', 'third']),
    staff: { ...api, setup: open ? 'setupEffortOpenModelApi' : api.setup },
    owns: null,
    linear,
    fleet: null,
    fixed: 0,
    option,
  };
}

function fleetOf(random: Random, slices: number): Candidate {
  const linear = Float64Array.from({ length: slices }, () => (random() < 0.2 ? Number.NaN : between(random, 1, 200)));
  const own = random() < 0.4;
  return {
    kind: own ? 'on-prem' : 'self-hosted-cloud',
    provider: own ? 'own' : pick(random, ['one', 'other']),
    staff: {
      ...machines,
      gpusPerUnit: pick(random, [1, 2, 8]),
      setup: own ? 'setupEffortOnPrem' : machines.setup,
      role: own ? { name: 'hands', fte: 0.1, ...(random() < 0.5 && { perUnit: true as const }) } : null,
    },
    owns: own && random() < 0.5 ? 'l4-24gb' : null,
    linear,
    fleet: {
      min: pick(random, [0, 1, 2]),
      spare: pick(random, [0, 1]),
      spareShare: pick(random, [0, 0.2]),
      followsHours: !own && random() < 0.6,
      need: linear.map((usd) => (Number.isNaN(usd) ? Number.NaN : between(random, 0.05, 4))),
      usdPerHour: between(random, 0.2, 3),
      onceUsdPerHour: own ? 0.1 : 0,
      upfrontUsdPerUnit: 0,
      beyondOwned: null,
    },
    fixed: pick(random, [0, 0, 150]),
    option,
  };
}

/** Machines with an API for what exceeds them (as small as one likes), or for while they are down. */
function pairOf(random: Random, slices: number): Candidate {
  const first = fleetOf(random, slices);
  const candidate = apiOf(random, slices);
  const role = pick(random, ['overflow', 'failover'] as const);
  const both = first.linear.map((usd, s) => usd + 0.02 * (candidate.linear[s] as number));
  const fleet = first.fleet && {
    ...first.fleet,
    ...(role === 'overflow' && { min: 1, spare: 0, spareShare: 0, followsHours: false }),
  };
  return { ...first, fleet, linear: both, second: { role, candidate } };
}

const candidatesOf = (random: Random, slices: number, count: number): Candidate[] =>
  Array.from({ length: count }, () => {
    const what = random();
    return what < 0.45 ? apiOf(random, slices) : what < 0.85 ? fleetOf(random, slices) : pairOf(random, slices);
  });

/** The same with prices that are alike for all slices, so that only the work they bring to a fleet may tell them apart. */
function flat(one: Candidate): Candidate {
  const usd = one.linear.find((price) => !Number.isNaN(price)) ?? Number.NaN;
  return { ...one, linear: one.linear.map((price) => (Number.isNaN(price) ? Number.NaN : usd)) };
}

/** Every way to hand the slices to at most so many deployments that the rule lets through, each with what it costs. */
function everyPlan(candidates: readonly Candidate[], demand: Demand, { maxDeployments, allows }: SearchRule) {
  const plans: { usd: number; kinds: string; key: string }[] = [];
  const sets = new Map<Candidate, number[]>();
  const hand = (s: number): void => {
    if (s === demand.slices.length) {
      const assignment: Assignment = [...sets].map(([candidate, slices]) => ({ candidate, slices }));
      const deployments = assignment.reduce((sum, { candidate }) => sum + deploymentsOf(candidate), 0);
      if (deployments > maxDeployments || !allows(assignment)) return;
      const usd = planUsd(assignment, demand);
      plans.push({ usd, kinds: kindsOfAssignment(assignment), key: keyOf(assignment, candidates) });
      return;
    }
    for (const candidate of candidates) {
      if (Number.isNaN(candidate.linear[s] as number)) continue;
      const before = sets.get(candidate);
      sets.set(candidate, [...(before ?? []), s]);
      hand(s + 1);
      if (before === undefined) sets.delete(candidate);
      else sets.set(candidate, before);
    }
  };
  hand(0);
  return plans.sort((a, b) => a.usd - b.usd);
}

/** Which candidate serves which slices, as text. */
const keyOf = (assignment: Assignment, candidates: readonly Candidate[]): string =>
  assignment
    .map(({ candidate, slices }) => `${candidates.indexOf(candidate)}:${[...slices].sort().join('+')}`)
    .sort()
    .join(' ');

/** People and the bill within what a team and a budget allow. */
const within =
  (demand: Demand) =>
  (assignment: Assignment): boolean => {
    const { fte, setupUsd } = planUsdAndPeople(assignment, demand);
    const billed = assignment.reduce(
      (usd, { candidate, slices }) =>
        usd + candidateCost(candidate, slices, demand) - onceCost(candidate, slices, demand),
      0,
    );
    const { team, rules } = demand;
    const extra = (Math.max(0, fte - team.freeFte) * team.yearlyCostUsd) / 12;
    return (
      ownsOnce(assignment) &&
      fte <= (rules.maxFte ?? Number.POSITIVE_INFINITY) &&
      (team.mayHire || fte <= team.freeFte) &&
      billed + extra <= (rules.budgetMonthlyUsd ?? Number.POSITIVE_INFINITY) &&
      setupUsd * demand.months * Math.max(0, 1 - team.freeFte) <= (rules.budgetUpfrontUsd ?? Number.POSITIVE_INFINITY)
    );
  };

const tasks = ['faq-chat', 'rag-answering', 'code-chat', 'classification'].map((type) => ({ name: type, type }));
const night = { name: 'night', type: 'summarization', volume: '20k requests/day', deadline: '24h' };
const shares = (count: number) => tasks.slice(0, count).map((task) => ({ ...task, share: `${100 / count}%` }));
const written = {
  'one task': { workload: { volume: '50k requests/day' }, tasks: shares(1) },
  'two, growing': { workload: { volume: '50k requests/day', growth: '5% per month' }, tasks: shares(2) },
  'four alike in their hours': { workload: { volume: '50k requests/day' }, tasks: shares(4) },
  'two, and one at night': { workload: { volume: '50k requests/day', profile: 'spiky' }, tasks: [...shares(2), night] },
};
type Name = keyof typeof written;
const names = Object.keys(written) as Name[];

const demands = new Map<Name, Demand>();
beforeAll(async () => {
  for (const name of names) demands.set(name, (await caseOf(written[name])).demand);
});

type Found = { rule: SearchRule; candidates: Candidate[]; demand: Demand; result: SearchResult };

/** One search of a seed, as a rule says. */
function searched(name: Name, seed: number, changed: Partial<SearchRule> = {}, limits = {}): Found {
  const random = randomFrom(seed);
  const plain = demands.get(name) as Demand;
  const demand = { ...plain, ...limits };
  const count = demand.slices.length > 2 ? 3 + (seed % 4) : 6 + (seed % 8);
  const various = candidatesOf(random, demand.slices.length, count);
  const candidates = seed % 4 === 3 ? various.map(flat) : various;
  const whole = { ...rule, maxDeployments: 1 + (seed % 3), allows: ownsOnce, ...changed };
  const used = changed.ruled ? { ...whole, allows: within(demand) } : whole;
  return { rule: used, candidates, demand, result: searchPlans(candidates, demand, used) };
}

const seeds = Array.from({ length: 120 }, (_, i) => i + 1);
/** Those of which the work is kept. */
const kept = seeds.slice(0, 16);

/** What is allowed of people and of the bill, differently for each seed: about as much as the best takes without limits. */
function limitsOf(name: Name, seed: number): Partial<Demand> {
  const { team, rules } = demands.get(name) as Demand;
  const free = searched(name, seed).result.best?.usd ?? 0;
  const limits: Partial<Demand>[] = [
    { team: { ...team, given: true, freeFte: 0.3 + (seed % 5) / 4, mayHire: false } },
    { rules: { ...rules, budgetMonthlyUsd: free * (0.7 + (seed % 3) / 5) } },
    {
      team: { ...team, freeFte: (seed % 3) / 2 },
      rules: { ...rules, budgetUpfrontUsd: 1500 * seed, budgetMonthlyUsd: free * 1.2 },
    },
    { rules: { ...rules, maxFte: 0.1 * seed } },
  ];
  return limits[seed % limits.length] as Partial<Demand>;
}

const shortOf = { budget: 40, maxDeployments: 3 };

/** The best and the best of other kinds are those of the walk, and no near equal is missing. */
function expectBest({ rule: used, candidates, demand, result }: Found, what: string): void {
  const all = everyPlan(candidates, demand, used);
  const [best] = all;
  expect(result.gap, what).toBe(0);
  if (best === undefined) {
    expect(result, what).toMatchObject({ best: null, ofKinds: [], near: [] });
    return;
  }
  const { usd, assignment, kinds } = result.best as NonNullable<SearchResult['best']>;
  expect(usd / best.usd, what).toBeCloseTo(1, 9);
  expect(planUsd(assignment, demand) / usd, what).toBeCloseTo(1, 9);
  expect(kinds, what).toBe(kindsOfAssignment(assignment));
  expect(assignment.flatMap(({ slices }) => slices).sort(), what).toEqual(demand.slices.map((_, s) => s));
  const order = slicesByCost(candidates, linesBelow(candidates, demand), demand.slices.length) ?? [];
  const taken = assignment.map(({ slices }) => slices.map((s) => order.indexOf(s)));
  expect(taken, what).toEqual(taken.map((own) => own.toSorted((a, b) => a - b)).toSorted(([a = 0], [b = 0]) => a - b));
  const other = all.find((plan) => plan.kinds !== best.kinds);
  expect(result.ofKinds[0]?.usd, what).toBe(usd);
  expect(
    result.ofKinds.map((one) => one.usd),
    what,
  ).toEqual(result.ofKinds.map((one) => one.usd).toSorted((a, b) => a - b));
  if (used.runnerUp) {
    if (other === undefined) expect(result.ofKinds.length, what).toBe(1);
    else expect((result.ofKinds[1]?.usd ?? Number.NaN) / other.usd, what).toBeCloseTo(1, 9);
  }
  const keys = new Set(result.near.map((one) => keyOf(one.assignment, candidates)));
  expect(keys.has(keyOf(assignment, candidates)), what).toBe(true);
  for (const near of result.near) expect(near.usd, what).toBeLessThanOrEqual(usd * (1 + used.tieBand));
}

describe.each(names)('%s', (name) => {
  test('the cheapest plan and the cheapest of other kinds', () => {
    for (const seed of seeds) expectBest(searched(name, seed), `seed ${seed}`);
  });

  test('and where people and bills are limited', () => {
    for (const seed of seeds) expectBest(searched(name, seed, { ruled: true }, limitsOf(name, seed)), `seed ${seed}`);
  });

  test('the cheapest alone, without equals and runner-up', () => {
    for (const seed of seeds) expectBest(searched(name, seed, { runnerUp: false, tieBand: 0 }), `seed ${seed}`);
  });

  test('out of steps it says how far off the best may be', () => {
    for (const seed of seeds) {
      const { result, candidates, demand, rule: used } = searched(name, seed, shortOf);
      const [best] = everyPlan(candidates, demand, used);
      if (result.best === null || best === undefined) continue;
      expect(result.best.usd, `seed ${seed}`).toBeGreaterThanOrEqual(best.usd * (1 - 1e-9));
      const keys = result.near.map((one) => keyOf(one.assignment, candidates));
      expect(keys, `seed ${seed}`).toContain(keyOf(result.best.assignment, candidates));
      expect(result.best.usd * (1 - result.gap), `seed ${seed}`).toBeLessThanOrEqual(best.usd * (1 + 1e-9));
    }
  });
});

test('how many bounds it computes, how many near equals it meets, and what is left open', async () => {
  const lines = names.flatMap((name) =>
    kept.map((seed) => {
      const whole = searched(name, seed).result;
      const limited = searched(name, seed, { ruled: true }, limitsOf(name, seed)).result;
      const alone = searched(name, seed, { runnerUp: false, tieBand: 0 }).result;
      const short = searched(name, seed, shortOf).result;
      const counts = [whole, limited, alone, short].flatMap(({ bounds, near }) => [bounds, near.length]);
      return [name.replaceAll(',', ''), seed, ...counts, short.gap.toFixed(4)].join();
    }),
  );
  const head = 'tasks,seed,bounds,near,limited,near,alone,near,short,near,gap';
  await expect(`${[head, ...lines].join('\n')}\n`).toMatchFileSnapshot('../golden/search-work.csv');
});

test('more slices than bits of a number: each where it is cheapest', () => {
  const plain = demands.get('one task') as Demand;
  const [slice] = plain.slices as [Demand['slices'][number]];
  const count = 54;
  const demand = { ...plain, slices: Array.from({ length: count }, () => slice) };
  // One is cheaper for the even slices, the other for the odd ones: 100 USD each instead of 101.
  const at = (odd: number): Candidate => ({
    ...apiOf(() => 0.5, count),
    provider: 'one',
    linear: Float64Array.from({ length: count }, (_, s) => (s % 2 === odd ? 100 : 101)),
  });
  const { best, gap } = searchPlans([at(0), at(1)], demand, { ...rule, maxDeployments: 2 });
  expect(gap).toBe(0);
  expect(best?.assignment.map(({ slices }) => slices.map((s) => s % 2))).toEqual([
    new Array(count / 2).fill(0),
    new Array(count / 2).fill(1),
  ]);
  // People are the baseline of one API, which costs nothing here.
  expect(best?.usd).toBeCloseTo(100 * count, 6);
});

test('of deployments that which takes the dearest slice stands first, and so do slices on each', () => {
  const plain = demands.get('one task') as Demand;
  const [slice] = plain.slices as [Demand['slices'][number]];
  const demand = { ...plain, slices: [slice, slice, slice] };
  const at = (...usd: number[]): Candidate => ({
    ...apiOf(() => 0.5, 3),
    provider: 'one',
    linear: Float64Array.from(usd),
  });
  // 10 and 30 USD on the one, 20 on the other.
  const { best } = searchPlans([at(10, 90, 30), at(40, 20, 80)], demand, rule);
  expect(best?.assignment.map(({ slices }) => slices)).toEqual([[2, 0], [1]]);
  const other = searchPlans([at(10, 90, 15), at(40, 20, 80)], demand, rule).best;
  expect(other?.assignment.map(({ slices }) => slices)).toEqual([[1], [2, 0]]);
});

test('slices that cost the same but come at other hours are not exchanged: fleets by the hour and for the highest one', () => {
  const plain = demands.get('two, and one at night') as Demand;
  const [spiky] = plain.slices as [Demand['slices'][number]];
  const even = { ...spiky, hours: spiky.hours.map(() => 1) };
  for (const seed of seeds) {
    const random = randomFrom(seed);
    const slices = seed % 2 ? [even, spiky, even] : [spiky, even, spiky];
    const demand = { ...plain, slices };
    const candidates = Array.from({ length: 4 }, (): Candidate => {
      const need = new Float64Array(3).fill(between(random, 20, 100));
      const numbers = { min: 0, spare: 0, spareShare: 0, onceUsdPerHour: 0, upfrontUsdPerUnit: 0, beyondOwned: null };
      const fleet = { ...numbers, followsHours: random() < 0.5, usdPerHour: between(random, 5, 15), need };
      return { ...fleetOf(() => 0.5, 3), fleet, linear: new Float64Array(3).fill(1), owns: null, fixed: 0 };
    });
    const used = { ...rule, maxDeployments: 2 };
    expectBest({ rule: used, candidates, demand, result: searchPlans(candidates, demand, used) }, `seed ${seed}`);
  }
});
