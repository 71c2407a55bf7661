import { beforeAll, describe, expect, test } from 'vitest';
import { meanGrowthOf } from '../../src/cost/curve.js';
import { nobody, type Staff } from '../../src/cost/people.js';
import { Assigner, type PlanRule, type Scope } from '../../src/decide/assign.js';
import { type Assignment, ownsOnce, planUsdAndPeople } from '../../src/decide/assignment.js';
import { assignmentOf, type Met } from '../../src/decide/parts.js';
import {
  type Candidate,
  candidateCost,
  deploymentsOf,
  dropDominated,
  leastUpfrontUsd,
  shareOf,
  unitsOfShare,
} from '../../src/places/candidate.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { workloadColumns } from '../../src/places/task-columns.js';
import type { Kind } from '../../src/tables/rows.js';
import { growthIn } from '../../src/workload/month-of.js';
import type { Workload } from '../../src/workload/workload.js';
import { randomFrom } from '../support/brute-force.js';
import { groupOf, type MadeUp } from '../support/made-up-rows.js';
import { caseOf } from '../support/scenario.js';

/** Plans of candidates that are numbers alone, and of rows that tell of them what they cost at the least, held to a walk. */

type Random = () => number;
const squared = (x: number): number => x * x;
/** Mostly near the low end; without powers, whose last digits are another version of Node's own. */
const between = (random: Random, low: number, high: number): number => low + (high - low) * squared(random());
const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;

const api: Staff = { ...nobody, api: true };
const machines: Staff = { ...nobody, share: 1, setup: 'setupEffortSelfHostedCloud' };

let names = 0;
/** How good a model is: by tens, so that no two are alike but for a step. */
const scores = new WeakMap<object, number>();
const scoreOf = (model: Option): number => scores.get(model) as number;
function modelOf(random: Random): () => Option {
  const model = { id: `option ${names++}` } as Option;
  scores.set(model, 10 * Math.floor(10 * random()));
  return () => model;
}

function apiOf(random: Random, workload: Workload): Candidate {
  const flat = Float64Array.from(workload.taskParts, () => (random() < 0.15 ? Number.NaN : between(random, 300, 9000)));
  const open = random() < 0.3;
  // A price that falls, or rises, on the way.
  const moves = workload.growth.length > 1 && random() < 0.3 ? between(random, -0.02, 0.02) : 0;
  const months = Array.from({ length: workload.months }, (_, month) =>
    flat.map((usd) => (usd * growthIn(workload, month) * (1 + moves * month)) / meanGrowthOf(workload)),
  );
  const mean = flat.map((_, s) => months.reduce((sum, usd) => sum + (usd[s] as number), 0) / months.length);
  return {
    kind: open ? 'open-model-api' : 'cloud-api',
    provider: pick(random, ['one', 'other', 'third']),
    staff: api,
    model: null,
    owns: null,
    linear: moves === 0 ? flat : mean,
    ...(moves !== 0 && { months: () => months }),
    fleet: null,
    fixed: 0,
    option: modelOf(random),
  };
}

/** A machine of which models may be made: kind, people, and prices are the same for all of them, but not how they are bought. */
function machineOf(random: Random, owned: boolean) {
  const own = random() < 0.4;
  const desk = own && random() < 0.5;
  const staff: Staff = {
    ...machines,
    share: desk ? 0 : pick(random, [1, 1, 0.4]),
    setup: own ? 'setupEffortOnPrem' : machines.setup,
    site: own ? (desk ? 'fteDeskBox' : 'fteServerOwnRoom') : null,
    sites: own ? pick(random, [1, 3]) : 1,
  };
  const kind: Kind = own ? 'on-prem' : 'self-hosted-cloud';
  const rule = { min: pick(random, [0, 1, 2]), spare: pick(random, [0, 1]), spareShare: pick(random, [0, 0.2]) };
  const usdPerHour = between(random, 0.2, 3);
  return (taskParts: number): Candidate => {
    const linear = Float64Array.from({ length: taskParts }, () =>
      random() < 0.2 ? Number.NaN : between(random, 1, 200),
    );
    const isOwned = own && owned && random() < 0.5;
    const once = own ? 0.1 * usdPerHour : pick(random, [0, 0.3 * usdPerHour]);
    return {
      kind,
      provider: own ? 'own' : pick(random, ['one', 'other']),
      staff,
      model: 'one',
      owns: isOwned ? 'l4-24gb' : null,
      linear,
      fleet: {
        ...rule,
        followsHours: !own && random() < 0.5,
        need: linear.map((usd) => (Number.isNaN(usd) ? Number.NaN : between(random, 0.05, 4))),
        usdPerHour: isOwned ? usdPerHour / 4 : usdPerHour,
        onceUsdPerHour: isOwned ? 0 : once,
        upfrontUsdPerUnit: own && !isOwned ? 8000 * usdPerHour : 0,
        beyondOwned: isOwned
          ? { owned: 2, usdPerHour: 0.75 * usdPerHour, onceUsdPerHour: once, upfrontUsdPerUnit: 8000 * usdPerHour }
          : null,
      },
      fixed: pick(random, [0, 0, 150]),
      option: modelOf(random),
    };
  };
}

/** What targets on latency leave of a fleet: fewer tasks, which need more of it, or nothing. */
function askedOf(one: Candidate, random: Random): Candidate | null {
  if (random() < 0.3) return null;
  const lost = one.linear.map(() => (random() < 0.3 ? Number.NaN : 1));
  const fleet = one.fleet && {
    ...one.fleet,
    need: one.fleet.need.map((need, s) => need * (lost[s] as number) * (1 + random())),
  };
  return { ...one, fleet, linear: one.linear.map((usd, s) => usd * (lost[s] as number)) };
}

/** An API with another one for while it is down. */
function pairOf(random: Random, workload: Workload): Candidate {
  const [first, candidate] = [apiOf(random, workload), apiOf(random, workload)];
  const both = first.linear.map((usd, s) => usd + 0.02 * (candidate.linear[s] as number));
  const { months: _, ...plain } = first;
  return { ...plain, linear: both, second: { role: 'failover', candidate } };
}

type World = { workload: Workload; candidates: Candidate[]; groups: MadeUp[][]; overflow: boolean };

function worldOf(random: Random, workload: Workload, owned: boolean): World {
  const most = workload.taskParts.length > 2 ? 2 : 4;
  const taskParts = workload.taskParts.length;
  const some = <One>(make: () => One): One[] => Array.from({ length: Math.floor(random() * (most + 1)) }, make);
  const late = random() < 0.5;
  const groups = some(() => {
    const machine = machineOf(random, owned);
    return Array.from({ length: 1 + Math.floor(random() * 2) }, (): MadeUp => {
      const candidate = machine(taskParts);
      const loose = pick(random, [1, 1, 0.7]);
      return late && random() < 0.7 ? { candidate, loose, asked: askedOf(candidate, random) } : { candidate, loose };
    });
  });
  const candidates = [...some(() => apiOf(random, workload)), ...(random() < 0.4 ? [pairOf(random, workload)] : [])];
  return { workload, candidates, groups, overflow: random() < 0.5 };
}

/** All that may serve once targets were asked: pairs of machines and APIs too. */
function everyCandidate({ candidates, groups, overflow }: World): Candidate[] {
  const fleets = groups.flat().flatMap(({ candidate, asked }) => (asked === undefined ? candidate : (asked ?? [])));
  const apis = candidates.filter(({ second }) => second === undefined);
  const held = fleets.filter(({ fleet }) => fleet !== null && !fleet.followsHours && fleet.beyondOwned === null);
  const pairs = held.flatMap((own) =>
    apis.map(
      (one): Candidate => ({
        ...own,
        linear: own.linear.map((usd, s) => (Number.isNaN(one.linear[s]) ? Number.NaN : usd)),
        fleet: own.fleet && { ...own.fleet, min: 1, spare: 0, spareShare: 0 },
        second: { role: 'overflow', candidate: one },
      }),
    ),
  );
  return [...candidates, ...fleets, ...(overflow ? pairs : [])];
}

type WalkedPlan = { assignment: Assignment; usd: number; fte: number; deployments: number; score: number };

/** Every way to hand the task parts to at most so many deployments, cheapest first. */
function everyPlan(world: World, maxDeployments: number): WalkedPlan[] {
  const { workload } = world;
  const all = 2 ** workload.taskParts.length - 1;
  const tasksOf = (set: number) => workload.taskParts.flatMap((_, s) => ((set >> s) & 1 ? [s] : []));
  const candidates = everyCandidate(world);
  const costs = candidates.map((one) => {
    const own = new Float64Array(all + 1);
    for (let set = 1; set <= all; set++) own[set] = costOf(one, tasksOf(set), workload);
    return own;
  });
  const plans: WalkedPlan[] = [];
  const go = (left: number, assignment: Assignment, used: number): void => {
    if (left === 0) {
      const { usd, fte } = planUsdAndPeople(assignment, workload);
      const score = Math.min(...assignment.map(({ candidate }) => scoreOf(candidate.option())));
      plans.push({ assignment, usd, fte, deployments: assignment.length, score });
      return;
    }
    const lowest = left & -left;
    for (let set = left; set > 0; set = (set - 1) & left) {
      if ((set & lowest) === 0) continue;
      for (const [c, candidate] of candidates.entries()) {
        if (Number.isNaN(costs[c]?.[set] as number)) continue;
        const spent = used + deploymentsOf(candidate);
        if (spent > maxDeployments || assignment.some((one) => one.candidate === candidate)) continue;
        go(left ^ set, [...assignment, { candidate, taskParts: tasksOf(set) }], spent);
      }
    }
  };
  go(all, [], 0);
  return plans.sort((a, b) => a.usd - b.usd);
}

/** What follows the common volume and what has a volume of its own cannot share machines below an API. */
function costOf(candidate: Candidate, tasks: readonly number[], workload: Workload): number {
  const scales = new Set(tasks.map((s) => workload.taskParts[s]?.scales));
  if (candidate.second?.role === 'overflow' && scales.size > 1) return Number.NaN;
  return candidateCost(candidate, tasks, workload);
}

/** People and bills within what a team and a budget allow. */
const within =
  (workload: Workload) =>
  (assignment: Assignment): boolean => {
    const { fte } = planUsdAndPeople(assignment, workload);
    const { team, rules, growth } = workload;
    // Requests of the busiest month cost more than those of a mean one.
    const more = growth.length < 2 ? 0 : Math.max(...growth) / meanGrowthOf(workload) - 1;
    const sum = (usd: (candidate: Candidate, taskParts: readonly number[]) => number): number =>
      assignment.reduce((all, { candidate, taskParts }) => all + usd(candidate, taskParts), 0);
    const billed = sum(
      (candidate, taskParts) =>
        candidateCost(candidate, taskParts, workload) -
        shareOf(candidate, taskParts, workload).onceUsd +
        (candidate.months === undefined
          ? taskParts.reduce((usd, s) => usd + (candidate.linear[s] as number) * more, 0)
          : 0),
    );
    const upfront = sum((candidate, taskParts) =>
      leastUpfrontUsd(candidate, unitsOfShare(candidate, taskParts, workload)),
    );
    const extra = (Math.max(0, fte - team.freeFte) * team.yearlyCostUsd) / 12;
    return (
      ownsOnce(assignment) &&
      fte <= (rules.maxFte ?? Number.POSITIVE_INFINITY) &&
      (team.mayHire || fte <= team.freeFte) &&
      billed + extra <= (rules.budgetMonthlyUsd ?? Number.POSITIVE_INFINITY) &&
      upfront <= (rules.budgetUpfrontUsd ?? Number.POSITIVE_INFINITY)
    );
  };

const tasks = ['faq-chat', 'rag-answering', 'code-chat', 'classification'].map((type) => ({ name: type, type }));
const night = { name: 'night', type: 'summarization', volume: '20k requests/day', deadline: '24h' };
const shares = (count: number) => tasks.slice(0, count).map((task) => ({ ...task, share: `${100 / count}%` }));
const written = {
  'one task': { workload: { volume: '50k requests/day' }, tasks: shares(1) },
  'one task, growing': { workload: { volume: '50k requests/day', growth: '5% per month' }, tasks: shares(1) },
  'two, growing': { workload: { volume: '50k requests/day', growth: '5% per month' }, tasks: shares(2) },
  'four alike in their hours': { workload: { volume: '50k requests/day' }, tasks: shares(4) },
  'two, and one at night': { workload: { volume: '50k requests/day', profile: 'spiky' }, tasks: [...shares(2), night] },
};
type Name = keyof typeof written;
const scenarios = Object.keys(written) as Name[];

const cases = new Map<Name, Context>();
beforeAll(async () => {
  for (const name of scenarios) cases.set(name, await caseOf(written[name]));
});

/** An assigner for what a seed makes up, and the plans that a walk finds; `anew`: another that was asked nothing yet. */
function madeUp(name: Name, seed: number, isRuled: boolean) {
  const context = cases.get(name) as Context;
  const random = randomFrom(seed);
  const plain = worldOf(random, context.workload, isRuled);
  const count = context.workload.taskParts.length;
  const maxDeployments = 1 + (seed % 3);
  const plans = everyPlan(plain, maxDeployments);
  /** Without what costs more than another and serves no more: near equals are looked for beside the cheapest of it apart. */
  const undominated = () => everyPlan({ ...plain, candidates: dropDominated(plain.candidates) }, maxDeployments);
  const workload = isRuled
    ? { ...context.workload, ...limitsOf(context.workload, seed, plans[0]?.usd ?? 0) }
    : context.workload;
  const world: World = { ...plain, workload };
  const allows = isRuled ? within(workload) : ownsOnce;
  const rule: PlanRule = { maxDeployments, ruled: isRuled, allows };
  const anew = (): Assigner =>
    new Assigner(
      { ...context, workload },
      {
        columns: workloadColumns(workload),
        timed: world.groups.some((fleets) => fleets.some(({ asked }) => asked !== undefined)) ? 2 ** count - 1 : 0,
        candidates: world.candidates,
        groups: world.groups.map((fleets) => groupOf(fleets, workload)),
        overflow: world.overflow && maxDeployments >= 2,
      },
      rule,
    );
  return { workload, plans, undominated, rule, anew };
}

/** What is allowed of people and of the bill, differently for each seed: about as much as the best takes without limits. */
function limitsOf({ team, rules }: Workload, seed: number, free: number): Partial<Workload> {
  const limits: Partial<Workload>[] = [
    { team: { ...team, given: true, freeFte: 0.3 + (seed % 5) / 4, mayHire: false } },
    { rules: { ...rules, budgetMonthlyUsd: free * (0.7 + (seed % 7) / 10) } },
    {
      team: { ...team, freeFte: (seed % 3) / 2 },
      rules: { ...rules, budgetUpfrontUsd: 1500 * (seed % 30), budgetMonthlyUsd: free * 1.2 },
    },
    { rules: { ...rules, maxFte: 0.1 * (seed % 20) } },
    { rules: { ...rules, budgetUpfrontUsd: 2500 * (seed % 40) } },
  ];
  return limits[seed % limits.length] as Partial<Workload>;
}

const placesOf = ({ kind, second }: Candidate): string =>
  second === undefined ? kind : `${kind}+${second.candidate.kind}`;
const maskOf = (taskParts: readonly number[]): number => taskParts.reduce((set, s) => set | (1 << s), 0);

/** The cheapest plan of the walk within a scope. */
function walked(
  plans: readonly WalkedPlan[],
  { allows }: PlanRule,
  { mayServe, below, unruled }: Scope,
): WalkedPlan | null {
  const isMeant = ({ assignment, usd }: WalkedPlan): boolean =>
    usd < (below ?? Number.POSITIVE_INFINITY) &&
    assignment.every(
      ({ candidate, taskParts }) =>
        (maskOf(taskParts) & ~(mayServe?.(placesOf(candidate), candidate.owns !== null) ?? -1)) === 0,
    ) &&
    (unruled ? ownsOnce(assignment) : allows(assignment));
  return plans.find(isMeant) ?? null;
}

function expectSame(
  found: Met | null,
  walk: WalkedPlan | null,
  { workload, rule }: ReturnType<typeof madeUp>,
  what: string,
) {
  if (walk === null) return expect(found?.usd ?? null, what).toBeNull();
  expect((found?.usd ?? Number.NaN) / walk.usd, what).toBeCloseTo(1, 9);
  const assignment = assignmentOf(found as Met);
  // It costs what it says, and serves every task once, in no more places than are allowed.
  expect(planUsdAndPeople(assignment, workload).usd / walk.usd, what).toBeCloseTo(1, 9);
  expect(assignment.flatMap(({ taskParts }) => taskParts).sort(), what).toEqual(workload.taskParts.map((_, s) => s));
  const deployments = assignment.reduce((sum, { candidate }) => sum + deploymentsOf(candidate), 0);
  expect(deployments, what).toBeLessThanOrEqual(rule.maxDeployments);
}

/** Questions that a decision asks of the same assigner: without a task on a kind, of a kind alone, below a limit. */
function scopesOf(workload: Workload, walk: WalkedPlan | null, isRuled: boolean): [string, Scope][] {
  const all = 2 ** workload.taskParts.length - 1;
  const kinds: Kind[] = ['cloud-api', 'open-model-api', 'on-prem', 'self-hosted-cloud'];
  return [
    ['all', {}],
    ...(walk?.assignment ?? []).flatMap(({ candidate, taskParts }): [string, Scope][] => {
      // Nor below an API that it must not be on: such a pair counts only where it costs less than the API alone.
      const { kind } = candidate.second?.candidate ?? candidate;
      const mayServe = (places: string) =>
        places.split('+').includes(kind) ? all & ~(1 << (taskParts[0] as number)) : all;
      return [[`${taskParts[0]} not on ${kind}`, { mayServe }]];
    }),
    ...kinds.map((only): [string, Scope] => [
      `${only} alone`,
      { only, mayServe: (places) => (places === only || places === `${only}+${only}` ? all : 0) },
    ]),
    ...(walk === null ? [] : [['just below', { below: walk.usd * (1 - 1e-6) }] as [string, Scope]]),
    ...(walk === null ? [] : [['just above', { below: walk.usd * (1 + 1e-6) }] as [string, Scope]]),
    ...(isRuled ? [['without rules', { unruled: true }] as [string, Scope]] : []),
  ];
}

const seeds = Array.from({ length: 150 }, (_, i) => i + 1);

describe.each(scenarios)('%s', (name) => {
  test.each([
    { isRuled: false, under: 'the cheapest plan, in all and within a scope' },
    { isRuled: true, under: 'and where people and bills are limited' },
  ])('$under', ({ isRuled }) => {
    let found = 0;
    for (const seed of seeds) {
      const made = madeUp(name, seed, isRuled);
      const { plans, rule, workload, anew } = made;
      const asked = anew();
      for (const [what, scope] of scopesOf(workload, walked(plans, rule, {}), isRuled)) {
        const walk = walked(plans, rule, scope);
        expectSame(asked.cheapest(scope), walk, made, `seed ${seed}, ${what}, after others`);
        expectSame(anew().cheapest(scope), walk, made, `seed ${seed}, ${what}`);
        if (walk !== null) found++;
      }
    }
    expect(found).toBeGreaterThan(200);
  });

  test.each([{ isRuled: false }, { isRuled: true }])(
    'the cheapest with fewer people, or fewer deployments, limited: $isRuled',
    ({ isRuled }) => {
      let found = 0;
      for (const seed of seeds) {
        const made = madeUp(name, seed, isRuled);
        const { plans, rule, anew } = made;
        const assigner = anew();
        const best = walked(plans, rule, {});
        if (best === null) continue;
        for (const limits of [
          { maxFte: best.fte - 0.005, maxDeployments: rule.maxDeployments },
          { maxFte: best.fte + 0.005, maxDeployments: Math.max(1, best.deployments - 1) },
        ]) {
          const allows = (assignment: Assignment): boolean =>
            rule.allows(assignment) &&
            planUsdAndPeople(assignment, made.workload).fte <= limits.maxFte &&
            assignment.reduce((sum, { candidate }) => sum + deploymentsOf(candidate), 0) <= limits.maxDeployments;
          const walk = walked(plans, { ...rule, allows }, {});
          const narrowed = assigner.narrowed(limits);
          let met = narrowed.cheapest();
          while (met !== null && narrowed.confirm(met)) met = narrowed.cheapest();
          expectSame(met, walk, made, `seed ${seed}, ${JSON.stringify(limits)}`);
          if (walk !== null) found++;
        }
      }
      expect(found).toBeGreaterThan(20);
    },
  );
});

test('what was asked before changes no answer: machines that a dear plan has no use for may be in a cheap one', () => {
  const context = cases.get('two, growing') as Context;
  const { workload } = context;
  const one = (kind: Kind, usd: [number, number], isFleet: boolean, fixed = 0): Candidate => ({
    kind,
    provider: kind,
    staff: isFleet ? machines : api,
    model: isFleet ? 'one' : null,
    owns: null,
    linear: Float64Array.from(usd),
    fleet: isFleet
      ? {
          min: 1,
          spare: 0,
          spareShare: 0,
          followsHours: true,
          need: Float64Array.of(0.01, 0.01),
          usdPerHour: 0.01,
          onceUsdPerHour: 0,
          upfrontUsdPerUnit: 0,
          beyondOwned: null,
        }
      : null,
    fixed,
    option: modelOf(() => 0.5),
  });
  const none = Number.NaN;
  const small = one('self-hosted-cloud', [30_000, none], true);
  const large = one('on-prem', [5000, 5000], true, 90_000);
  const assigner = new Assigner(
    context,
    {
      columns: workloadColumns(workload),
      timed: 0,
      candidates: [one('cloud-api', [50_000, 10_000], false), one('open-model-api', [none, 130_000], false)],
      groups: [small, large].map((candidate) => groupOf([{ candidate, loose: 1 }], workload)),
      overflow: false,
    },
    { maxDeployments: 3, ruled: false, allows: ownsOnce },
  );
  const usd = assigner.cheapest()?.usd as number;
  expect(usd).toBeGreaterThan(40_000);
  expect(usd).toBeLessThan(70_000);
  expect(assigner.cheapest({ mayServe: (places) => (places === 'cloud-api' ? 1 : 3) })?.usd).toBeGreaterThan(100_000);
  expect(assigner.cheapest({ below: usd + 1 })?.usd).toBe(usd);
});

test('what a kind cannot serve is told once targets were asked', () => {
  let unserved = 0;
  for (const name of scenarios)
    for (const seed of seeds) {
      const { workload, anew } = madeUp(name, seed, false);
      const world = worldOf(randomFrom(seed), workload, false);
      const left = everyCandidate(world);
      for (const kind of ['cloud-api', 'open-model-api', 'on-prem', 'self-hosted-cloud'] as const) {
        const own = left.filter((one) => [kind, `${kind}+${kind}`].includes(placesOf(one)));
        const open = workload.taskParts.flatMap((_, s) =>
          own.every(({ linear }) => Number.isNaN(linear[s])) ? [s] : [],
        );
        expect(anew().unserved(kind), `seed ${seed}, ${kind}`).toBe(maskOf(open));
        if (own.length > 0) unserved += open.length;
      }
    }
  expect(unserved).toBeGreaterThan(50);
});

test.each(['one task', 'two, growing'] as const)('%s: no rows are made of a machine that may serve nothing', (name) => {
  const context = cases.get(name) as Context;
  const { workload } = context;
  const random = randomFrom(1);
  const machine = machineOf(random, false)(workload.taskParts.length);
  const linear = Float64Array.from(workload.taskParts, () => 10_000);
  const billed: Candidate = { ...apiOf(random, workload), kind: 'cloud-api', linear };
  let made = 0;
  const group = groupOf([{ candidate: machine, loose: 1 }], workload);
  const rows = (usd: number) => {
    made++;
    return group.rows(usd);
  };
  const assigner = new Assigner(
    context,
    {
      columns: workloadColumns(workload),
      timed: 0,
      candidates: [billed],
      groups: [{ ...group, rows }],
      overflow: false,
    },
    { maxDeployments: 2, ruled: false, allows: ownsOnce },
  );
  const mayServe = (places: string): number => (places === 'cloud-api' ? 3 : 0);
  expect(assigner.cheapest({ mayServe })?.parts[0]?.candidate).toBe(billed);
  expect(made).toBe(0);
  assigner.cheapest();
  expect(made).toBeGreaterThan(0);
});

test('targets on latency are asked of a machine below an API where that may win, and of none that is too dear with any', () => {
  const context = cases.get('one task') as Context;
  const { workload } = context;
  const random = randomFrom(1);
  const billed: Candidate = { ...apiOf(random, workload), kind: 'cloud-api', linear: Float64Array.of(100_000) };
  const foundBeside = (linear: number) => {
    // A unit of 146 USD a month; with its spares alone it costs 146,000.
    const machine: Candidate = {
      ...machineOf(random, false)(1),
      kind: 'self-hosted-cloud',
      linear: Float64Array.of(linear),
      fleet: {
        ...{ min: 1, spare: 1000, spareShare: 0, followsHours: false, usdPerHour: 0.2 },
        ...{ onceUsdPerHour: 0, upfrontUsdPerUnit: 0, beyondOwned: null },
        need: Float64Array.of(0.05),
      },
    };
    const group = groupOf([{ candidate: machine, loose: 1, asked: { ...machine } }], workload);
    const found = new Assigner(
      context,
      { columns: workloadColumns(workload), timed: 1, candidates: [billed], groups: [group], overflow: true },
      { maxDeployments: 2, ruled: false, allows: ownsOnce },
    ).cheapest();
    return { on: found?.parts[0]?.candidate, asked: group.asked };
  };
  const wins = foundBeside(1);
  expect(wins.on?.second?.candidate).toBe(billed);
  expect(wins.asked).toBe(1);
  // 99,990 for its requests wherever they are answered, and one machine.
  expect(foundBeside(99_990)).toEqual({ on: billed, asked: 0 });
});
