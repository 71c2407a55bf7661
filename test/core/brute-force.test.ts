import { describe, expect, test } from 'vitest';
import { admit } from '../../src/core/admitted.js';
import { type PlaceOptions, placesOf, prepared } from '../../src/core/decide.js';
import { leastAdjusted } from '../../src/core/least-adjusted.js';
import { bestPlans } from '../../src/core/plans.js';
import { shapeOf } from '../../src/core/shape.js';
import { supplyOf } from '../../src/core/supply.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { choiceByCore, isOfCore } from '../../src/decide/core-choice.js';
import { planOf } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import {
  adjustedPrices,
  adjustedUsd,
  cheapestSeconds,
  fastestOf,
  leastAdjustedUsd,
  withoutWaits,
} from '../support/adjusted-cost.js';
import { type EveryWay, everyWay, type Served } from '../support/every-option.js';
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
/** Rules about whole plans, which the search for the least adjusted cost leaves aside. */
const limited: ReadonlySet<FamilyName> = new Set(['monthly budget', 'upfront budget', 'a team that may not hire']);

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
    expect(isOfCore(context)).toBe(true);
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

const counts = { all: 0, dearer: 0, paired: 0 };
describe('the core finds the least adjusted cost', () => {
  const unlimited = familyNames.filter((family) => !limited.has(family));
  test.each(casesOf(unlimited))('$family, $seed', async (one) => {
    const { context, every } = await walked(one);
    const { workload } = context;
    const ways = every.ways.filter(({ second }) => second?.role !== 'overflow');
    const [cheapest] = ways;
    if (cheapest === undefined) return;
    const baseUsd = (every.cheapest as Served).plan.monthlyUsd;
    const start = prepared(shapeOf(admit(supplyOf(context), context), context, 'fastest'));
    const best = bestPlans(start, workload, { limits: null, mayOverflow: false });
    const asked = [
      { prices: withoutWaits, among: cheapestSeconds(ways) },
      { prices: adjustedPrices, among: fastestOf(ways, context) },
    ];
    for (const { prices, among } of asked) {
      const base = { baseUsd, prices };
      const found = leastAdjusted(best, workload, baseUsd, prices);
      const way = billed(placesOf(found.priced, found.row), context);
      same(found.adjustedUsd, adjustedUsd(way, base, context), 'what its plan costs');
      const [least, most] = [leastAdjustedUsd(ways, base, context), leastAdjustedUsd(among, base, context)];
      expect(found.adjustedUsd, 'no less than the least').toBeGreaterThanOrEqual(least * (1 - close));
      expect(found.adjustedUsd, 'the least of what is looked at').toBeLessThanOrEqual(most * (1 + close));
      counts.all++;
      if (way.plan.monthlyUsd > cheapest.plan.monthlyUsd * (1 + close)) counts.dearer++;
      if (way.second !== null) counts.paired++;
    }
  });

  test('it was not the least cost in many of them, and had a second place in some', () => {
    expect(counts.dearer).toBeGreaterThan(counts.all / 4);
    expect(counts.dearer).toBeLessThan(counts.all);
    expect(counts.paired).toBeGreaterThan(0);
  });
});
