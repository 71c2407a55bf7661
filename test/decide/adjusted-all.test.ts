import { expect, test } from 'vitest';
import { deciding } from '../../src/analyses/flips/changes.js';
import { prepared } from '../../src/core/decide.js';
import { price, settle } from '../../src/core/price.js';
import { refitted } from '../../src/core/shape.js';
import { adjustedTermsOf, isSure } from '../../src/decide/adjusted-plan.js';
import { caseAt } from '../../src/decide/choice.js';
import { planRulesOf } from '../../src/decide/core-choice.js';
import type { Plan } from '../../src/decide/plan.js';
import { planOfTask, tracedCase } from '../../src/decide/several-case.js';
import { taskCase } from '../../src/decide/task-case.js';
import { overflowPairs } from '../../src/decide/task-overflow.js';
import { planOfPair, planOfRow, type TaskPlan } from '../../src/decide/task-plans.js';
import type { Context } from '../../src/places/placement.js';
import { adjustedPrices } from '../support/adjusted-cost.js';
import { committedCase } from '../support/committed.js';
import { sampled } from '../support/sample.js';

/** Every row, and every pair of machines and an API, of models of every quality on all units, that costs less than a limit. */
function allBelow(context: Context, limitUsd: number): TaskPlan[] {
  const { workload } = context;
  const { start, admitted } = taskCase(context);
  const { firstLive, offers } = admitted;
  const units = Array.from({ length: offers.units.count }, (_, unit) => unit);
  const live = new Set(units.filter((unit) => firstLive[unit] !== firstLive[unit + 1]));
  const all = prepared(refitted(start.shape, live, { keep: 'better' }));
  const priced = price(all.rows, all.shape, workload);
  for (let row = 0; row < priced.usd.length; row++) if ((priced.usd[row] as number) < limitUsd) settle(priced, row);
  const found: TaskPlan[] = [];
  for (let row = 0; row < priced.usd.length; row++)
    if ((priced.usd[row] as number) < limitUsd) found.push(planOfRow(priced, row));
  const { limits, mayOverflow } = planRulesOf(context);
  if (mayOverflow) found.push(...overflowPairs(priced, limitUsd).map((pair) => planOfPair(priced, pair)));
  return found.filter((plan) => limits === null || limits(plan, workload));
}

/** Whether its models are sure to be good enough, whatever stands in while they are down. */
const isSureUp = ({ deployments, ...rest }: Plan): boolean => {
  const up = deployments.map(({ second, ...main }) => (second?.role === 'overflow' ? { second, ...main } : main));
  return isSure({ ...rest, deployments: up }, adjustedPrices);
};

const cases = [
  { name: 'evening-peaks', volumes: [330_000, 400_000, 2_450_000, 5_500_000] },
  { name: 'support-chatbot', volumes: [45_000, 3_000_000, 12_000_000] },
  { name: 'nightly-calls', volumes: [5_000, 4_000_000] },
  { name: 'public-sector-rag', volumes: [3_000, 900_000, 5_500_000] },
  { name: 'small-team-documents', volumes: [10_000, 300_000] },
  { name: 'overnight-claims', volumes: [20_000, 400_000] },
  { name: 'reports-in-bursts', volumes: [2_000, 100_000] },
  { name: 'evening-peaks', set: 'team.mayHire=false', volumes: [400_000] },
  {
    name: 'support-chatbot',
    set: 'needs.availability=99.95%',
    volumes: [1_000_000, 3_000_000, 10_000_000, 30_000_000],
  },
  { name: 'nightly-calls', set: 'needs.availability=99.95%', volumes: [1_000_000, 10_000_000, 100_000_000] },
].flatMap(({ name, set = 'budget=null', volumes }) => volumes.map((volume) => ({ name, set, volume })));

test.each(sampled(cases, 9, { group: ({ name }) => name, name: (one) => JSON.stringify(one) }))(
  '$name at $volume requests a day, $set: nothing on any machine counts less',
  async (one) => {
    const { name, set, volume } = one;
    const context = caseAt(await committedCase(name, [set]), volume);
    const { plan, cheapest } = deciding(context)(context);
    if (plan === null || cheapest === null) throw new Error('nothing fits');
    const counted = (one: Plan): number =>
      Object.values(adjustedTermsOf(one, cheapest.usd, adjustedPrices, context)).reduce(
        (sum, usd) => sum + usd,
        one.monthlyUsd,
      );
    const advised = tracedCase(plan);
    const least = counted(advised) * (1 - 1e-9);
    const others = allBelow(context, least).map((found) => tracedCase(planOfTask(found, context)));
    expect(others.length).toBeGreaterThan(0);
    for (const other of others.filter((plan) => isSureUp(plan) || !isSureUp(advised)))
      expect(counted(other), other.id).toBeGreaterThanOrEqual(least);
  },
);
