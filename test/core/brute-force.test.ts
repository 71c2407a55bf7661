import { describe, expect, test } from 'vitest';
import { admit } from '../../src/core/admitted.js';
import { placesOf, prepared } from '../../src/core/decide.js';
import { leastAdjusted } from '../../src/core/least-adjusted.js';
import { bestPlans } from '../../src/core/plans.js';
import { shapeOf } from '../../src/core/shape.js';
import { supplyOf } from '../../src/core/supply.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { choiceByCore, isOfCore } from '../../src/decide/core-choice.js';
import { type Plan, planOf } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import { adjustedPrices, adjustedUsd, leastAdjustedUsd } from '../support/adjusted-cost.js';
import { type EveryWay, everyWay, type Served } from '../support/every-option.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { type FamilyName, familyNames, smallCaseOf } from '../support/small-cases.js';

const seeds = Array.from({ length: long ? 60 : 5 }, (_, seed) => seed);
type Case = { family: FamilyName; seed: number };
const grid: readonly Case[] = familyNames.flatMap((family) => seeds.map((seed) => ({ family, seed })));

const close = 1e-9;
/** Whether both are there and cost the same, or neither is. */
function same(found: number | null | undefined, least: number | null | undefined, what: string): void {
  if (least === null || least === undefined) expect(found ?? null, what).toBeNull();
  else expect(Math.abs((found ?? Number.NaN) / least - 1), `${what}: ${found} against ${least}`).toBeLessThan(close);
}

const walks = new Map<string, Promise<{ context: Context; every: EveryWay }>>();
/** A case with its walk through every option, which several tests look at. */
function walked({ family, seed }: Case): Promise<{ context: Context; every: EveryWay }> {
  const key = `${family} ${seed}`;
  const made = async () => {
    const context = await smallCaseOf(family, seed, await shippedTables());
    return { context, every: everyWay(context) };
  };
  const walk = walks.get(key) ?? made();
  if (!long) walks.set(key, walk);
  return walk;
}

/** What the cheapest plan of a case is made of. */
const wordsOf = (way: Served | null): string =>
  way === null
    ? 'nothing'
    : [way.option.kind, ...(way.second === null ? [] : [way.second.role, way.second.option.kind])].join(' ');

const won = new Set<string>();
describe('the core finds the least cost of every option there is, of all and of each deployment type', () => {
  test.each(grid)('$family, $seed', async (one) => {
    const { context, every } = await walked(one);
    expect(isOfCore(context)).toBe(true);
    won.add(wordsOf(every.cheapest));
    const found = choiceByCore(context);
    same(found.cheapest?.monthlyUsd, every.cheapest?.plan.monthlyUsd, 'cheapest');
    for (const { kind, plan, feasible } of found.kinds)
      same(feasible ? plan?.monthlyUsd : null, every.ofType(kind)?.plan.monthlyUsd, `best of ${kind}`);
  });

  test('every deployment type, second places and nothing at all have won somewhere', () => {
    console.log([...won]);
  });
});

/** Families under no rule about whole plans, which the search for the least adjusted cost leaves aside. */
const isLimited = ({ workload: { team, rules } }: Context): boolean =>
  (team.given && !team.mayHire) || rules.budgetMonthlyUsd !== null || rules.budgetUpfrontUsd !== null;

function pricedPlaces({ option, second }: Omit<Served, 'plan'>, context: Context): Served {
  const { taskParts } = context.workload;
  const plan = planOf([{ option, taskParts, ...(second && { second }) }], context);
  if (isUnpriced(plan)) throw new Error(plan.unpriced);
  return { option, second, plan: plan as Plan };
}

describe('the core finds the least adjusted cost of every option there is', () => {
  test.each(grid)('$family, $seed', async (one) => {
    const { context, every } = await walked(one);
    const { workload } = context;
    const baseUsd = every.cheapest?.plan.monthlyUsd;
    if (isLimited(context) || baseUsd === undefined) return;
    const ways = every.ways.filter(({ second }) => second?.role !== 'overflow');
    const rules = { limits: null, mayOverflow: false };
    const start = prepared(shapeOf(admit(supplyOf(context), context), context, 'fastest'));
    const { priced, row, adjustedUsd: usd } = leastAdjusted(
      bestPlans(start, workload, rules),
      workload,
      baseUsd,
      adjustedPrices,
    );
    const own = adjustedUsd(pricedPlaces(placesOf(priced, row), context), baseUsd, context);
    same(usd, own, 'its own cost');
    same(own, leastAdjustedUsd(ways, baseUsd, context), 'the least');
  });
});
