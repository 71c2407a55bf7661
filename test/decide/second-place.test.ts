import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { breakEven } from '../../src/analyses/break-even/answer.js';
import { numberOf } from '../../src/core/apis.js';
import { at, isUnpriced, traceOf, traceOfUpfront } from '../../src/cost/curve.js';
import { caseAt, planIn } from '../../src/decide/choice.js';
import type { Decision } from '../../src/decide/decision.js';
import { explain } from '../../src/decide/explain.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { linesOf, type Plan, planOf, unitsOf } from '../../src/decide/plan.js';
import { narrowedSeveral, searchByCost, severalCase } from '../../src/decide/several-case.js';
import { choose } from '../../src/decide/several-choice.js';
import { billsOf, oneOffsOf, timelineOf } from '../../src/decide/timeline.js';
import type { Context } from '../../src/places/placement.js';
import { fewestUnits, workNeeded } from '../../src/places/provisioned.js';
import { placementOf } from '../../src/places/registry.js';
import { json } from '../../src/report/assess.js';
import { twoTogether } from '../../src/rules/service.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { bruteBest, everyOption, maySlice, randomFrom, soldOnly, someOf } from '../support/brute-force.js';
import { cheapestIn } from '../support/cheapest.js';
import { shipped, shippedTables } from '../support/load.js';
import { recomputed } from '../support/recomputed.js';
import { long, sampled } from '../support/sample.js';
import { asOf, caseOf, decide, readWritten, tablesWith, type Written } from '../support/scenario.js';

const tool = { name: 'deploy-advisor', version: '0.0.0' };
const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);

function same(found: number | undefined, expected: number, what: string): void {
  const off = Math.abs((found ?? Number.NaN) - expected) / Math.max(1, Math.abs(expected));
  expect(off, `${what}: ${found} against ${expected}`).toBeLessThanOrEqual(1e-9);
}

const faq = { name: 'faq', type: 'faq-chat' };
const rag = { name: 'rag', type: 'rag-answering' };
const code = { name: 'code', type: 'code-chat' };

const decisions = new Map<Written, Promise<Decision>>();

/** A decision that several tests look at. */
function decideOnce(written: Written): Promise<Decision> {
  const known = decisions.get(written) ?? decide(written);
  decisions.set(written, known);
  return known;
}

/** What makes a random case, and by how much a year prices of APIs fall in it. */
type Seed = { seed: number; decline: number };

/** A case with a random part of the catalog, a random profile and volume, some under growth and some of several tasks. */
async function randomCase(
  { seed, decline }: Seed,
  { part = long ? 0.5 : 0.25 }: { part?: number } = {},
): Promise<Context> {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const tasks = pick([
    [rag],
    [
      { ...faq, share: '50%' },
      { ...rag, share: '50%' },
    ],
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
  const assumptions = { priceDeclinePerYear: decline };
  return caseOf({ workload, tasks, assumptions }, someOf(await shippedTables(), part, seed));
}

const machineKinds = ['on-prem', 'self-hosted-cloud', 'managed-hosting'] as const;
const apiKinds = ['cloud-api', 'open-model-api'] as const;

type Drawn = { context: Context; pairs: Plan[] };
const drawn = new Map<Seed, Promise<Drawn>>();

/** Pairs of a random case that serve every task: of every kind of machine and of API above it the cheapest. */
function somePairs(seed: Seed): Promise<Drawn> {
  const known = drawn.get(seed) ?? drawPairs(seed);
  drawn.set(seed, known);
  return known;
}

async function drawPairs(seed: Seed): Promise<Drawn> {
  const context = await randomCase(seed);
  const all = 2 ** context.workload.taskParts.length - 1;
  const pairs = machineKinds.flatMap((machine) =>
    apiKinds.flatMap((api) => {
      const [first, second] = [numberOf(machine), numberOf(api)];
      return cheapestIn(context, (set, one, other) => set === all && one === first && other === second) ?? [];
    }),
  );
  return { context, pairs };
}

type Deployed = Plan['deployments'][number];
const onlyOf = ({ deployments }: Plan): Deployed => {
  expect(deployments).toHaveLength(1);
  return deployments[0] as Deployed;
};

/** How far off the price of a request at the API above is at a volume, from what it is at the scenario's. */
function drift({ second }: Deployed, volume: number, context: Context): number {
  const option = second?.option;
  const lines = option && placementOf(option.kind).price(option, context.workload.taskParts, context);
  if (lines === undefined || isUnpriced(lines)) throw new Error('no API above');
  const perRequest = (requests: number) => sum(lines.map(({ curve }) => at(curve, requests))) / requests;
  return Math.abs(perRequest(volume) / perRequest(context.workload.requestsPerDay) - 1);
}

const seeds = [0, 0.25].flatMap((decline) =>
  Array.from({ length: long ? 12 : 2 }, (_, i): Seed => ({ seed: i + 1, decline })),
);
let moved = 0;
let met = 0;
let free = 0;

describe.each(seeds)(
  'own machines with an API above them, random case $seed, prices falling by $decline a year',
  (seed) => {
    test('cost among other plans what they cost as a plan', async () => {
      const { context, pairs } = await somePairs(seed);
      met += pairs.length;
      for (const plan of pairs) {
        const { option, second, taskParts } = onlyOf(plan);
        if (second === undefined) throw new Error('nothing above them');
        const { role, option: api } = second;
        // By the core, without lines, and by lines.
        const several = narrowedSeveral(severalCase(context), [option, api]);
        const takes = (_set: number, _first: number, other: number): boolean => other >= 0;
        const { usd = Number.NaN } = searchByCost(several).best({ takes }) ?? {};
        expect(usd, plan.id).toBeLessThanOrEqual(plan.monthlyUsd * (1 + 1e-9));
        const again = planOf([{ option, taskParts, second: { role, option: api } }], context);
        same(isUnpriced(again) ? undefined : again.monthlyUsd, plan.monthlyUsd, plan.id);
        same(usd, plan.monthlyUsd, `${plan.id} without lines`);
      }
    });

    test('cost what the best number of machines does, hour by hour', async () => {
      const { context, pairs } = await somePairs(seed);
      for (const plan of pairs) {
        const deployment = onlyOf(plan);
        const people = sum(plan.shared.map(({ curve }) => at(curve, context.workload.requestsPerDay)));
        const machines = unitsOf(deployment, context.workload.requestsPerDay);
        const costs = costsByUnits(deployment, context);
        same(plan.monthlyUsd - people, costs[machines - 1] as number, `${plan.id}, ${machines} machines`);
        const allowed = costs.slice(fewestUnits(deployment.option) - 1);
        same(plan.monthlyUsd - people, Math.min(...allowed), `${plan.id}, best of ${costs.length}`);
        const { share } = deployment.second ?? {};
        same(
          share?.(context.workload.requestsPerDay),
          aboveOf(workByHour(deployment, context), machines),
          `${plan.id}, share above`,
        );
      }
    });

    test('tell the machines that are owned in every line, in those that cost nothing too', async () => {
      const { context, pairs } = await somePairs(seed);
      const { requestsPerDay, hoursPerMonth } = context.workload;
      for (const plan of pairs) {
        const deployment = onlyOf(plan);
        const machines = unitsOf(deployment, requestsPerDay);
        const ofFleet = deployment.lines.filter(({ fleet }) => fleet !== undefined);
        free += ofFleet.filter(({ curve }) => at(curve, requestsPerDay) === 0).length;
        for (const line of ofFleet) {
          const { value, parts } = traceOf(line, requestsPerDay);
          same(value, at(line.curve, requestsPerDay), line.part);
          // Of what a room lacks, only machines beyond those that it carries are told.
          if (line.part !== 'other.beyond-room')
            same(parts[0]?.value, machines * hoursPerMonth, `hours of ${line.part}`);
          same(line.fleet?.units(requestsPerDay).value, machines, line.part);
          same(recomputed(traceOfUpfront(line)), line.upfront, `upfront of ${line.part}`);
        }
      }
    });

    test('tell the bill of the API above them by what it is made of', async () => {
      const { context, pairs } = await somePairs(seed);
      for (const plan of pairs) {
        const [line] = onlyOf(plan).second?.lines ?? [];
        if (line === undefined) throw new Error('nothing above them');
        for (const volume of [context.workload.requestsPerDay, 2 * context.workload.requestsPerDay]) {
          const told = traceOf(line, volume);
          same(recomputed(told), at(line.curve, volume), `${line.part} at ${volume}`);
          same(told.value, at(line.curve, volume), `${line.part} at ${volume}`);
        }
        moved += Number(line.working.text.startsWith('mean over the months'));
      }
    });

    test('cost at other volumes what they cost priced there, and month by month the same', async () => {
      const { context, pairs } = await somePairs(seed);
      const { workload } = context;
      for (const plan of pairs) {
        same(sum(linesOf(plan).map(({ curve }) => at(curve, workload.requestsPerDay))), plan.monthlyUsd, 'lines');
        for (const factor of [0.001, 0.1, 0.7, 3, 50]) {
          const volume = Math.round(workload.requestsPerDay * factor);
          const there = planIn(plan, caseAt(context, volume))?.monthlyUsd ?? Number.NaN;
          const off = Math.abs(at(plan.curve, volume) / there - 1);
          // What a request costs at the API is held, though caches expire where there are few.
          expect(off, `at ${volume}`).toBeLessThanOrEqual(1e-9 + drift(onlyOf(plan), volume, context));
        }
        const { upfrontUsd, exitUsd, resaleUsd, capitalUsd } = oneOffsOf(plan, context);
        const paid = sum(billsOf(plan, context)) + upfrontUsd + exitUsd - resaleUsd + capitalUsd;
        same(paid, plan.monthlyUsd * workload.months, `${plan.id}, month by month`);
      }
    });

    test('are found again by the id of their plan', async () => {
      const { context, pairs } = await somePairs(seed);
      for (const plan of pairs) {
        const found = findPlan(plan.id, context);
        if (typeof found === 'string') throw new Error(found);
        expect(found.id).toBe(plan.id);
        expect(found.shape).toBe('overflow');
        same(found.monthlyUsd, plan.monthlyUsd, plan.id);
      }
    });
  },
);

test('the random cases had pairs to look at', () => {
  expect(met).toBeGreaterThan(seeds.length);
  expect(free).toBeGreaterThan(0);
  expect(moved).toBeGreaterThan(0);
  expect(moved).toBeLessThan(met);
});

/** What a month's requests at the API above cost, over those of a mean month: as many as there are, at the price of then. */
function billsOfMonths({ workload }: Context): number[] {
  const left = (1 - workload.assume('priceDeclinePerYear')) ** (1 / 12);
  const bills = Array.from(
    { length: workload.months },
    (_, k) => (workload.growth[Math.min(k, workload.growth.length - 1)] as number) * left ** k,
  );
  return bills.map((bill) => (bill * workload.months) / sum(bills));
}

/** Machines' worth of work in every hour of every month. */
function workByHour({ option, taskParts }: Deployed, context: Context): number[] {
  const { workload } = context;
  const needs = taskParts.map((taskPart) => {
    const seen = placementOf(option.kind).service(option, taskPart, context);
    if (isUnpriced(seen) || seen.unitRequestsPerS === null) throw new Error(`${option.id} has no size`);
    return workNeeded(option, taskPart, seen.unitRequestsPerS, workload);
  });
  const hours = taskParts[0]?.hours.length ?? 0;
  return Array.from(
    { length: workload.months },
    (_, k) => workload.growth[Math.min(k, workload.growth.length - 1)] as number,
  ).flatMap((factor) =>
    Array.from({ length: hours }, (_, h) =>
      sum(taskParts.map((taskPart, i) => factor * (taskPart.hours[h] as number) * (needs[i] as number))),
    ),
  );
}

const aboveOf = (work: readonly number[], units: number): number =>
  sum(work.map((need) => Math.max(0, need - units))) / sum(work);

/** What machines cost without an API above them, USD a month: whatever they serve, with their requests, each, and each beyond a room. */
function ratesOf({ option, taskParts }: Deployed, context: Context) {
  const { requestsPerDay } = context.workload;
  const lines = placementOf(option.kind).price(option, taskParts, context);
  if (isUnpriced(lines)) throw new Error(`${option.id} has no price`);
  const isBeyond = ({ part }: { part: string }): boolean => part === 'other.beyond-room';
  const unitsAt = (volume: number): number => unitsOf({ lines }, volume);
  const costAt = (volume: number, beyond: boolean): number =>
    sum(lines.filter((line) => isBeyond(line) === beyond).map(({ curve }) => at(curve, volume)));
  const sized = (times: number, beyond: boolean): Sized => {
    const volume = times * requestsPerDay;
    return { volume, units: unitsAt(volume), usd: costAt(volume, beyond) };
  };
  // usd = fixed + volume x request + units x machine: two volumes whose machines are not in the same ratio tell both.
  const fixed = sum(lines.filter((line) => !isBeyond(line)).map(({ curve }) => curve.fixed));
  const [few, as] = [sized(1, false), sized(1 + 1e-3, false)];
  const ratio = (one: Sized): number => one.units / one.volume;
  const [more] = [1e-4, 0.1, 0.3, 1.7, 3.1, 7.3]
    .map((times) => sized(times, false))
    .sort((a, b) => Math.abs(Math.log(ratio(b) / ratio(few))) - Math.abs(Math.log(ratio(a) / ratio(few)))) as [Sized];
  const determinant = few.volume * more.units - more.volume * few.units;
  const perRequest = ((few.usd - fixed) * more.units - (more.usd - fixed) * few.units) / determinant;
  const perUnit = (few.volume * (more.usd - fixed) - more.volume * (few.usd - fixed)) / determinant;
  same(fixed + as.volume * perRequest + as.units * perUnit, as.usd, `${option.id}, what its cost is made of`);
  const [far, further] = [sized(1e3, true), sized(2e3, true)];
  const beyondUsd = (further.usd - far.usd) / (further.units - far.units);
  const from = beyondUsd > 0 ? far.units - far.usd / beyondUsd : 0;
  return { fixed, own: perRequest * requestsPerDay, unit: perUnit, beyond: { from, usd: beyondUsd } };
}
type Sized = { volume: number; units: number; usd: number };

/** USD a month with 1, 2, 3 and more machines, people left out. */
function costsByUnits(deployment: Deployed, context: Context): number[] {
  const { second, taskParts } = deployment;
  const { months, growth, requestsPerDay } = context.workload;
  const work = workByHour(deployment, context);
  const { fixed, own, unit, beyond } = ratesOf(deployment, context);
  const lines = second && placementOf(second.option.kind).price(second.option, taskParts, context);
  if (lines === undefined || isUnpriced(lines)) throw new Error('no API above');
  const once = sum(lines.map(({ curve }) => curve.fixed));
  const api = sum(lines.map(({ curve }) => at(curve, requestsPerDay))) - once;
  const most = Math.ceil(work.reduce((highest, need) => Math.max(highest, need), 0)) + 1;
  const hours = work.length / months;
  const bills = billsOfMonths(context).map((times, k) => {
    const ofMonth = (own * (growth[Math.min(k, growth.length - 1)] as number) * growth.length) / sum([...growth]);
    return { net: Math.max(0, api * times - ofMonth), work: work.slice(k * hours, (k + 1) * hours) };
  });
  const above = (units: number) => sum(bills.map(({ net, work }) => net * aboveOf(work, units))) / months;
  const room = (units: number) => Math.max(0, units - beyond.from) * beyond.usd;
  return Array.from({ length: most }, (_, i) => fixed + once + own + (i + 1) * unit + room(i + 1) + above(i + 1));
}

/** The cheapest of every fleet with every API above it, and of what needs no pair. */
function cheapestOfAll(context: Context): { usd: number; paired: boolean } {
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const may = everyOption(context).filter((option) => maySlice(option, taskPart, context));
  const apis = may.filter(({ api }) => api !== null);
  const fleets = may.filter(({ fleet, kind }) => fleet !== null && kind !== 'serverless-gpu');
  let paired = Number.POSITIVE_INFINITY;
  for (const option of fleets) {
    for (const api of apis) {
      const plan = planOf([{ option, taskParts: [taskPart], second: { role: 'overflow', option: api } }], context);
      if (!isUnpriced(plan)) paired = Math.min(paired, plan.monthlyUsd);
    }
  }
  const alone = bruteBest(context).cheapest?.usd ?? Number.POSITIVE_INFINITY;
  return { usd: Math.min(paired, alone), paired: paired < alone };
}

describe('the search with own machines and an API above them', () => {
  let paired = 0;
  const cases = [1, 2, 3, 4, 5].flatMap((seed) =>
    ['400k', '1M', '3M', '10M'].flatMap((perDay) =>
      (['business-hours', 'consumer-chat'] as const).map((profile) => ({ seed, perDay, profile })),
    ),
  );
  const group = ({ perDay, profile }: (typeof cases)[number]) => `${perDay} ${profile}`;
  test.each(sampled(cases, 3, { group, name: JSON.stringify }))(
    'finds the cheapest of all pairs and of all that stands alone: $perDay a day, $profile, catalog $seed',
    async ({ seed, perDay, profile }) => {
      const drawn = someOf(await shippedTables(), 0.12, seed);
      // What is rented by the hour leaves no peaks: only what is reserved, bought, or paid per token.
      const some = tablesWith(drawn, {
        rental: drawn.rental.map((row) => ({ ...row, onDemandUsdPerHour: null, spotUsdPerHour: null })),
        hosting: [],
      });
      const workload = { volume: `${perDay} requests/day`, profile, horizon: '36 months' };
      const preferences = { exclude: ['serverless-gpu'] };
      const capable = { ...rag, capability: { atLeast: 'deepseek-v3.2' } };
      const context = await caseOf({ workload, tasks: [capable], preferences }, some);
      const brute = cheapestOfAll(context);
      const found = choose(context).cheapest;
      if (brute.usd === Number.POSITIVE_INFINITY) expect(found).toBeNull();
      else same(found?.monthlyUsd, brute.usd, found?.id ?? 'nothing');
      if (brute.paired) paired++;
      const owning = await caseOf({ workload, tasks: [{ ...capable, volume: workload.volume }], preferences }, some);
      const itsOwn = choose(owning).cheapest;
      if (found === null) expect(itsOwn).toBeNull();
      else same(itsOwn?.monthlyUsd, found.monthlyUsd, 'with a volume of its own');
      for (const line of itsOwn === null ? [] : linesOf(itsOwn)) {
        const usd = at(line.curve, owning.workload.requestsPerDay);
        same(recomputed(traceOf(line, owning.workload.requestsPerDay)), usd, `${line.part} with a volume of its own`);
        same(at(line.curve, 3 * owning.workload.requestsPerDay), usd, `${line.part} along the axis`);
      }
      expect(itsOwn?.id).toBe(found?.id);
      const little = { name: 'little', type: 'faq-chat', volume: '1 request/day' };
      const beside = choose(await caseOf({ workload, tasks: [capable, little], preferences }, some)).cheapest;
      if (brute.paired) expect(beside?.deployments.some(({ second }) => second !== undefined)).toBe(true);
      const without = await caseOf(
        { workload, tasks: [capable], preferences: { exclude: ['serverless-gpu', 'overflow'] } },
        some,
      );
      const other = choose(without).cheapest;
      if (other !== null) expect(found?.monthlyUsd).toBeLessThanOrEqual(other.monthlyUsd * (1 + 1e-12));
      expect(other?.shape).not.toBe('overflow');
    },
  );

  test.each(long ? ['900k', '1M', '1200k', '1500k', '2M', '3M'] : ['900k', '1200k', '2M'])(
    'finds one large machine with an API above it where two of them, for one that fails, cost more than the API: %s a day',
    async (perDay) => {
      const tables = await shippedTables();
      const rental = tables.rental
        .filter(({ gpuCount, provider }) => gpuCount === 8 && provider === 'aws')
        .map((row) => ({ ...row, onDemandUsdPerHour: null, spotUsdPerHour: null, reserved3yUsdPerHour: 20 }));
      const some = tablesWith(tables, {
        rental,
        hosting: [],
        accelerators: soldOnly(tables.accelerators, []),
        models: tables.models.filter(({ family }) => family === 'qwen3.5-27b'),
        modelOf: new Map([...tables.modelOf].filter(([family]) => family === 'qwen3.5-27b')),
        api: tables.api.filter(({ provider }) => provider === 'alibaba'),
      });
      const workload = { volume: `${perDay} requests/day`, profile: 'consumer-chat', horizon: '36 months' };
      const preferences = { exclude: ['serverless-gpu'] };
      const context = await caseOf(
        { workload, tasks: [{ ...rag, capability: { atLeast: 'deepseek-v3.2' } }], preferences },
        some,
      );
      const brute = cheapestOfAll(context);
      const found = choose(context).cheapest;
      same(found?.monthlyUsd, brute.usd, found?.id ?? 'nothing');
      if (brute.paired) paired++;
    },
  );

  test('and pairs have won', () => expect(paired).toBeGreaterThan(long ? 3 : 0));
});

const evening: Written = {
  workload: { volume: '10M requests/day', profile: 'consumer-chat', horizon: '36 months' },
  tasks: [{ name: 'answer', type: 'rag-answering', capability: { atLeast: 'deepseek-v3.2' } }],
  needs: { availability: '99.9%' },
  data: { boundary: 'under-contract' },
  preferences: { exclude: ['spot', 'serverless-gpu'] },
};
const twoProviders: Written = {
  workload: { volume: '50k requests/day' },
  tasks: [{ name: 'support', type: 'faq-chat', capability: { atLeast: 'claude-sonnet-5' }, availability: '99.95%' }],
};
const validate = new Ajv2020({ strict: true }).compile(
  JSON.parse(readFileSync(new URL('../../schema/result.json', import.meta.url), 'utf8')) as object,
);

describe('the decision', () => {
  test('says what machines that are owned already would spare, where it buys some of them below an API', async () => {
    const codes = async (existing?: object[]) =>
      (await decide({ ...evening, ...(existing && { existing }) }, { point: true })).warnings.map(({ code }) => code);
    const bought = (await decideOnce(evening)).recommendation.plan?.match(/\/\d+x([\w.-]+)\/[^;]*\/bought/)?.[1];
    expect(bought).toBeDefined();
    expect(await codes([{ accelerator: bought, count: 16 }])).toContain('existing-not-spared');
    expect(await codes()).not.toContain('existing-not-spared');
  });

  test.each([
    { name: 'overflow', written: evening, parts: ['base', 'peak'], kinds: ['on-prem', 'cloud-api'], least: 0.9 },
    { name: 'failover', written: twoProviders, parts: ['main', 'standby'], kinds: ['cloud-api'], least: 0.99 },
  ])(
    'on $name names both places with their shares and routes, lists both, and is valid JSON',
    async ({ name, written, parts, kinds, least }) => {
      const decision = await decide(written);
      const { shape, assignments, routes, kinds: found, reasons } = decision.recommendation;
      expect(shape).toBe(name);
      expect(found).toEqual(kinds);
      expect(assignments.map(({ part }) => part)).toEqual(parts);
      expect(sum(assignments.map(({ share }) => share))).toBeCloseTo(1, 9);
      expect(assignments[0]?.share).toBeGreaterThan(least);
      expect(routes.map(({ to }) => to)).toEqual(assignments.map(({ option }) => option));
      expect(routes[1]?.when).toMatch(name === 'overflow' ? /own capacity is full$/ : /the first is down$/);
      const listed = decision.options.map(({ id }) => id);
      for (const { option } of assignments) expect(listed).toContain(option);
      expect(reasons.join('; ')).toMatch(
        name === 'overflow'
          ? /3 machines of colocation serve 9\d % of/
          : /azure alone answers 99.9 % .* behind it 99.97 %/,
      );
      expect(validate(JSON.parse(json(decision))), JSON.stringify(validate.errors)).toBe(true);
    },
  );

  test('shows the machines that are bought, as busy as what they serve makes them', async () => {
    const { recommendation, options } = await decideOnce(evening);
    const context = await caseOf(evening);
    const plan = findPlan(recommendation.plan ?? '', context) as Plan;
    const [deployment] = plan.deployments as [Plan['deployments'][number]];
    const units = unitsOf(deployment, context.workload.requestsPerDay);
    const { gpusPerUnit = 0, gpusPerReplica = 1 } = deployment.option.fleet ?? {};
    const shown = options.find(({ id }) => id === deployment.option.id);
    expect(shown?.replicas).toBe(units);
    expect(shown?.copiesPerReplica).toBe(gpusPerUnit / gpusPerReplica);
    // The peak-sized fleet of the same machines would be larger, and less busy.
    const alone = findPlan(deployment.option.id, context) as Plan;
    expect(units).toBeLessThan(unitsOf(alone.deployments[0] as typeof deployment, context.workload.requestsPerDay));
    const { tables, prose } = await shipped();
    const read = readWritten(evening, tables);
    const figure = (id: string) => explain(read, tables, { asOf, plan: plan.id, figure: id, prose, tool });
    const busy = figure('utilization');
    expect('tree' in busy && busy.tree.value).toBeCloseTo(shown?.utilization ?? Number.NaN, 9);
    const cost = figure('monthlyCost');
    same('tree' in cost ? cost.tree.value : undefined, plan.monthlyUsd, 'explained');
    const answer = breakEven(read, tables, { asOf, prose, tool, between: [plan.id, deployment.option.id] });
    if (typeof answer === 'string') throw new Error(answer);
    expect(answer.plans.map(({ plan: id }) => id)).toEqual([plan.id, deployment.option.id]);
    for (const { at: volume } of answer.breakEven[0]?.crossings ?? []) {
      const there = caseAt(context, volume);
      const [a, b] = [plan, alone].map((one) => planIn(one, there)?.monthlyUsd as number) as [number, number];
      expect(Math.abs(a / b - 1)).toBeLessThan(0.2);
    }
  });

  test('mixes: one task on machines with an API above, another on an API alone', async () => {
    const context = await caseOf({ ...evening, tasks: [...evening.tasks, { ...code, volume: '1000 requests/day' }] });
    const { recommendation } = await decideOnce(evening);
    const [base, peak] = recommendation.assignments.map(({ option }) => option) as [string, string];
    const plan = findPlan(`answer.base=${base};answer.peak=${peak};code=${peak}`, context) as Plan;
    expect(plan).toMatchObject({ shape: 'mixed' });
    expect(plan.id).toBe(`answer.base=${base};answer.peak=${peak};code=${peak}`);
    const half = 'the plan leaves out answer: it has answer.base and no answer.peak';
    expect(findPlan(`answer.base=${base};code=${peak}`, context)).toBe(half);
    expect(findPlan(`answer.base=${base};answer.standby=${peak};code=${peak}`, context)).toBe(half);
  });

  test('refuses to hand over what no bought machine leaves', async () => {
    const context = await caseOf(evening);
    const api = 'cloud-api/alibaba/qwen3.6-flash';
    expect(findPlan(`answer.base=${api};answer.peak=${api}`, context)).toMatch(/has no peaks to hand over/);
    const rented = 'self-hosted-cloud/hyperstack/qwen3.5-27b@mxfp4-ptq/1xb200-sxm-180gb/global/on-demand';
    expect(findPlan(rented, context)).toMatchObject({ shape: 'single' });
    expect(findPlan(`answer.base=${rented};answer.peak=${api}`, context)).toMatch(/has no peaks to hand over/);
    const there = await caseOf({ ...evening, existing: [{ accelerator: 'b300-sxm-288gb', count: 8 }] });
    const mine = cheapestIn(there, (_set, _first, _second, isOwned) => isOwned);
    const id = mine?.deployments[0]?.option.id ?? '';
    expect(mine?.deployments[0]?.option.purchase).toBe('owned');
    expect(findPlan(id, there)).toMatchObject({ shape: 'single' });
    expect(findPlan(`answer.base=${id};answer.peak=${api}`, there)).toMatch(/has no peaks to hand over/);
  });

  test.each([
    { decline: 0.95, shape: 'single' },
    { decline: 0.3, shape: 'overflow' },
  ])(
    'tells what its months come to where volume and prices move: $decline a year advises $shape',
    async ({ decline, shape }) => {
      const written: Written = {
        workload: { ...evening.workload, growth: '-5% per month' },
        tasks: evening.tasks,
        data: { boundary: 'under-contract' },
        preferences: { only: ['on-prem', 'cloud-api'], exclude: ['spot'] },
        assumptions: { priceDeclinePerYear: decline },
      };
      const { recommendation } = await decide(written, { point: true });
      expect(recommendation.shape).toBe(shape);
      const context = await caseOf(written);
      const { rows, oneOffs } = timelineOf(findPlan(recommendation.plan ?? '', context) as Plan, context);
      const paid = sum(rows.map((month) => month.paid)) + oneOffs.capitalUsd;
      expect(recommendation.monthlyCost).toBeCloseTo(paid / 36, 2);
    },
  );

  test('keeps to a limit of money up front', async () => {
    const free = (await decideOnce(evening)).recommendation;
    // Wages of setting up are no cash.
    const wages = free.costParts.find(({ part }) => part === 'people.setup')?.upfront ?? 0;
    const upfront = (free.upfrontCost ?? Number.NaN) - wages;
    const within = (await decide({ ...evening, budget: { upfront: Math.ceil(upfront) } }, { point: true }))
      .recommendation;
    expect(within.plan).toBe(free.plan);
    const less = (await decide({ ...evening, budget: { upfront: Math.floor(upfront) - 1 } }, { point: true }))
      .recommendation;
    expect(less.plan).not.toBe(free.plan);
    expect(less.upfrontCost).toBeLessThan(free.upfrontCost ?? Number.NaN);
  });
});

describe('a second provider', () => {
  const onlyFrom = async (...providers: string[]) => {
    const tables = await shippedTables();
    return tablesWith(tables, {
      api: tables.api.filter(({ provider }) => providers.includes(provider)),
      rental: [],
      hosting: [],
      accelerators: [],
    });
  };
  const asked = (availability: string): Written => ({
    workload: { volume: '50k requests/day' },
    tasks: [{ ...faq, availability }],
  });
  const gateOf = async (written: Written, tables: Awaited<ReturnType<typeof onlyFrom>>) =>
    (await decide(written, { tables })).nearestMisses.find(({ gate }) => gate === 'availability');

  test('by hand: the first bill, its time down x the second bill, and a twentieth of a person', async () => {
    const { monthlyCost, costParts, fteNeeded } = (await decideOnce(twoProviders)).recommendation;
    // 50,000 x 365 / 12 requests; azure answers 99.9 % of the time; both ask the same list price.
    const part = (id: string) => costParts.find((one) => one.part === id)?.monthly ?? Number.NaN;
    const bill = part('tokens.input') + part('tokens.output') + part('tokens.retries');
    same(part('tokens.failover'), 0.001 * bill, 'standby');
    same(part('people.run'), (0.05 * 200_000) / 12, 'a second provider');
    same(fteNeeded ?? undefined, 0.05, 'people');
    same(monthlyCost ?? undefined, bill * 1.001 + (0.05 * 200_000) / 12, 'in all');
  });

  test('is found where one reaches 99.7 % and 99.9 % is asked, as the cheapest of all pairs', async () => {
    const tables = await onlyFrom('anthropic', 'openai', 'google');
    const context = await caseOf(asked('99.9%'), tables);
    const { cheapest } = choose(context);
    expect(cheapest?.shape).toBe('failover');
    const single = await caseOf(asked('99.7%'), tables);
    expect(choose(single).cheapest?.shape).toBe('single');
    const [taskPart] = context.workload.taskParts as [TaskPart];
    const [alone] = single.workload.taskParts as [TaskPart];
    const apis = everyOption(context).filter((option) => maySlice(option, alone, single));
    const costs = apis.flatMap((option) =>
      apis.flatMap((other) => {
        if (other.provider === option.provider) return [];
        const plan = planOf([{ option, taskParts: [taskPart], second: { role: 'failover', option: other } }], context);
        return isUnpriced(plan) ? [] : [plan.monthlyUsd];
      }),
    );
    expect(costs.length).toBeGreaterThan(10);
    same(cheapest?.monthlyUsd, Math.min(...costs), cheapest?.id ?? 'nothing');
    expect(findPlan(cheapest?.id ?? '', context)).toMatchObject({ id: cheapest?.id, monthlyUsd: cheapest?.monthlyUsd });
    const without = await decide({ ...asked('99.9%'), preferences: { exclude: ['failover'] } }, { tables });
    expect(without.recommendation.status).toBe('infeasible');
    expect(without.nearestMisses[0]?.reason).toMatch(
      /99.7 % of the time \(observed\): an API of another provider could/,
    );
  });

  test('is down with the first one by chance alone, and answers no more of the time than what switches does', async () => {
    const context = await caseOf(twoProviders);
    const share = (of: number) => ({ share: of, from: 'assumed' as const });
    expect(twoTogether(share(0.97), share(0.98), context)).toBeCloseTo(0.9994, 12);
    expect(twoTogether(share(0.997), share(0.997), context)).toBe(0.9997);
  });

  test('stands by for a machine at a desk, which has no spare', async () => {
    const files = { name: 'files', type: 'summarization', tokens: { input: 2000, output: 6000 } };
    const { recommendation } = await decide({
      workload: { volume: '4000 requests/day' },
      tasks: [{ ...files, capability: { minIndex: 78 }, availability: '99.95%' }],
      // A box that somebody must be on call for is run like a server, which people at their usual cost make too dear.
      team: { yearlyCost: '$2000/year' },
      preferences: { only: ['on-prem', 'cloud-api'] },
    });
    expect(recommendation.shape).toBe('failover');
    expect(recommendation.assignments.map(({ option }) => option.split('/').slice(0, 2).join('/'))).toEqual([
      'on-prem/own-room',
      expect.stringMatching(/^cloud-api/),
    ]);
  });

  test('does not help where more is asked than any two reach, which the near miss says', async () => {
    const tables = await onlyFrom('anthropic', 'openai');
    const decision = await decide(asked('99.98%'), { tables });
    expect(decision.recommendation.status).toBe('infeasible');
    const miss = await gateOf(asked('99.98%'), tables);
    expect(miss).toMatchObject({ need: '99.98 % of the time', have: '99.7 %' });
    expect(miss?.reason).toMatch(/with an API of another provider beside it no more than 99.97 % is reached/);
  });

  test('is none of which nobody says how available it is', async () => {
    const tables = await onlyFrom('anthropic', 'deepinfra');
    expect(tables.serviceOf.get('deepinfra')?.slaUptimePct ?? null).toBeNull();
    for (const availability of ['99.9%', '50%']) {
      const context = await caseOf(asked(availability), tables);
      const providers = choose(context).cheapest?.deployments.flatMap(({ option, second }) => [
        option.provider,
        second?.option.provider,
      ]);
      expect(providers).toEqual(availability === '50%' ? ['anthropic', undefined] : undefined);
    }
  });

  test('counts the people and the money of both', async () => {
    const team = (free: string) => ({ team: { devops: 1, free, mayHire: false } });
    const plan = async (more: object) => (await decide({ ...twoProviders, ...more })).recommendation.shape;
    expect(await plan(team('0.05 FTE'))).toBe('failover');
    expect(await plan(team('0.04 FTE'))).toBeNull();
    const { monthlyCost } = (await decideOnce(twoProviders)).recommendation;
    expect(await plan({ budget: { monthly: Math.ceil(monthlyCost ?? 0) } })).toBe('failover');
    expect(await plan({ budget: { monthly: Math.floor(monthlyCost ?? 0) - 1 } })).toBeNull();
  });

  test('takes two of the deployments that a plan may have', async () => {
    const { workload } = await caseOf(twoProviders);
    expect(workload.rules.maxDeployments).toBeGreaterThanOrEqual(2);
    const { recommendation } = await decide({ ...twoProviders, preferences: { maxDeployments: 1 } });
    expect(recommendation.status).toBe('infeasible');
  });
});
