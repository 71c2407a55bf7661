import { describe, expect, test } from 'vitest';
import { admit } from '../../src/core/admitted.js';
import { type PlaceOptions, prepared } from '../../src/core/decide.js';
import { shapeOf } from '../../src/core/shape.js';
import { supplyOf } from '../../src/core/supply.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { choiceByCore, isOneTask, planRulesOf } from '../../src/decide/core-choice.js';
import { planOf } from '../../src/decide/plan.js';
import { advisedOfTypes, advisedPlan } from '../../src/decide/task-advice.js';
import { bestPlans } from '../../src/decide/task-plans.js';
import type { Context } from '../../src/places/placement.js';
import {
  adjustedPrices,
  adjustedUsd,
  cheapestSeconds,
  leastAdjustedUsd,
  sureOf,
  withoutWaits,
} from '../support/adjusted-cost.js';
import { type EveryWay, everyWay, isAllowed, type Served } from '../support/every-option.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { type FamilyName, familyNames, smallCaseOf } from '../support/small-cases.js';

const seeds = Array.from({ length: long ? 60 : 5 }, (_, seed) => seed);
type Case = { family: FamilyName; seed: number };
/** Beside the first seeds: better models on devices than the lightest. */
const further: readonly Case[] = long ? [] : [{ family: 'devices', seed: 11 }];
const casesOf = (families: readonly FamilyName[]): Case[] => [
  ...families.flatMap((family) => seeds.map((seed) => ({ family, seed }))),
  ...further.filter(({ family }) => families.includes(family)),
];
const close = 1e-9;
/** Whether both are there and cost the same, or neither is. */
function same(found: number | null | undefined, least: number | null | undefined, what: string): void {
  if (least === null || least === undefined) expect(found ?? null, what).toBeNull();
  else expect(Math.abs((found ?? Number.NaN) / least - 1), `${what}: ${found} against ${least}`).toBeLessThan(close);
}

type Walk = { context: Context; every: EveryWay };
const walks = new Map<string, Walk>();
/** A case with the walk through every option of it. */
async function walked({ family, seed }: Case): Promise<Walk> {
  const key = `${family} ${seed}`;
  const known = walks.get(key);
  if (known !== undefined) return known;
  const context = await smallCaseOf(family, seed, await shippedTables());
  const walk = { context, every: everyWay(context) };
  if (!long) walks.set(key, walk);
  return walk;
}

/** The deployment types of a plan. */
const typesOf = (way: Served | null): string =>
  way === null
    ? 'nothing'
    : [way.option.kind, ...(way.second === null ? [] : [way.second.role, way.second.option.kind])].join(' ');

const won = new Set<string>();
describe('the core finds the least cost of every option there is, of all and of each deployment type', () => {
  test.each(casesOf(familyNames))('$family, $seed', async (one) => {
    const { context, every } = await walked(one);
    expect(isOneTask(context)).toBe(true);
    won.add(typesOf(every.cheapest));
    const found = choiceByCore(context);
    same(found.cheapest?.monthlyUsd, every.cheapest?.plan.monthlyUsd, 'cheapest');
    for (const { kind, plan, feasible } of found.kinds)
      same(feasible ? plan?.monthlyUsd : null, every.ofType(kind)?.plan.monthlyUsd, `best of ${kind}`);
  });

  test.each(casesOf(['the same twice']))('it names the same of equals each time: $seed', async ({ family, seed }) => {
    const named = async (): Promise<unknown[]> => {
      const { cheapest, kinds } = choiceByCore(await smallCaseOf(family, seed, await shippedTables()));
      return [cheapest?.id, ...kinds.map(({ plan }) => plan?.id)];
    };
    expect(await named()).toEqual(await named());
  });

  test('every deployment type, second places and nothing at all were the answer somewhere', () => {
    const types = ['cloud-api', 'open-model-api', 'managed-hosting', 'serverless-gpu', 'self-hosted-cloud', 'on-prem'];
    for (const one of [...types, 'edge', 'nothing']) expect(won).toContain(one);
    for (const role of ['overflow', 'failover']) expect([...won].join()).toContain(` ${role} `);
  });
});

/** Places with the traced bill of their plan. */
function billed({ option, second }: PlaceOptions, context: Context): Served {
  const { taskParts } = context.workload;
  const plan = planOf([{ option, taskParts, ...(second && { second }) }], context);
  if (isUnpriced(plan)) throw new Error(plan.unpriced);
  return { option, second, plan };
}

/** Of pairs the API is the one that alone counts for least, and a machine is cut up as it serves most: that misses so much at the most. */
const mostRegret = 0.02;
const counts = { all: 0, dearer: 0, failover: 0, overflow: 0 };
describe('the core finds the least adjusted cost', () => {
  test.each(casesOf(familyNames))('$family, $seed', async (one) => {
    const { context, every } = await walked(one);
    const { workload } = context;
    if (every.cheapest === null) return;
    const baseUsd = every.cheapest.plan.monthlyUsd;
    const rules = planRulesOf(context);
    const ways = rules.limits === null ? every.ways : every.ways.filter((way) => isAllowed(way, context));
    const alone = cheapestSeconds(ways.filter(({ second }) => second?.role !== 'overflow'));
    const best = bestPlans(prepared(shapeOf(admit(supplyOf(context), context), context)), workload, rules);
    for (const prices of [withoutWaits, adjustedPrices]) {
      const base = { baseUsd, prices };
      const { plan: found } = advisedPlan(best, workload, rules, prices);
      if (found === null) throw new Error('nothing was found');
      const way = billed(found, context);
      same(found.adjustedUsd, adjustedUsd(way, base, context), 'what its plan counts for');
      const least = leastAdjustedUsd(ways, base, context);
      expect(found.adjustedUsd, 'no less than the least').toBeGreaterThanOrEqual(least * (1 - close));
      if (prices === withoutWaits)
        expect(found.adjustedUsd, 'the least but for overflow').toBeLessThanOrEqual(
          leastAdjustedUsd(alone, base, context) * (1 + close),
        );
      expect(found.adjustedUsd, 'nearly the least of all').toBeLessThanOrEqual(least * (1 + mostRegret));
      counts.all++;
      if (way.plan.monthlyUsd > baseUsd * (1 + close)) counts.dearer++;
      if (way.second !== null) counts[way.second.role]++;
      const ofTypes = advisedOfTypes(best, workload, rules, prices).ofTypes;
      const types = ofTypes.flatMap((plan) => (plan === null ? [] : [billed(plan, context)]));
      if (way.second === null)
        same(
          leastAdjustedUsd(sureOf([way, ...types], base, context), base, context),
          found.adjustedUsd,
          'best of types',
        );
      for (const { option, second } of sureOf(ways, base, context))
        if (second === null) expect(types.map((one) => one.option.kind)).toContain(option.kind);
    }
  });

  test('it was not the least cost in many of them, and had a second place in some', () => {
    expect(counts.dearer).toBeGreaterThan(counts.all / 4);
    expect(counts.dearer).toBeLessThan(counts.all);
    expect(counts.failover).toBeGreaterThan(0);
    expect(counts.overflow).toBeGreaterThan(0);
  });
});
