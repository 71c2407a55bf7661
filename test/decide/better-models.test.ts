import { beforeAll, describe, expect, test } from 'vitest';
import { adviceOf, nearUsd, unsureTasks } from '../../src/decide/advice.js';
import { failedAnswers } from '../../src/decide/failures.js';
import { feasible, lookAt } from '../../src/decide/option-report.js';
import type { Plan } from '../../src/decide/plan.js';
import { review } from '../../src/decide/review.js';
import { allOptions } from '../../src/decide/shortlist.js';
import { begunFte } from '../../src/decide/simplest.js';
import type { Context } from '../../src/places/placement.js';
import type { Tables } from '../../src/tables/tables.js';
import { committedCase } from '../support/committed.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

let few: Tables;
beforeAll(async () => {
  few = fewRows(await shippedTables());
});

const documents = (volume: number, minIndex: number, kind: string): Promise<Context> =>
  caseOf(
    {
      workload: { volume },
      tasks: [{ name: 'fields', type: 'extraction', capability: { minIndex } }],
      preferences: { objective: 'advice', maxDeployments: 1, only: [kind] },
    },
    few,
  );

const wait = (plan: Plan, context: Context): number =>
  Math.max(...[...review(plan, context).services.values()].map((seen) => seen?.ttftP95Ms ?? 0));

describe('of models at about the same cost on the places advised', () => {
  test.each([
    { volume: 2_000, minIndex: 10, kind: 'self-hosted-cloud' },
    { volume: 20_000, minIndex: 20, kind: 'self-hosted-cloud' },
    { volume: 200_000, minIndex: 30, kind: 'self-hosted-cloud' },
    { volume: 20_000, minIndex: 20, kind: 'on-prem' },
    { volume: 200_000, minIndex: 20, kind: 'on-prem' },
  ])('none fails less than the one advised, as every option tells: $volume a day, $kind', async (one) => {
    const context = await documents(one.volume, one.minIndex, one.kind);
    const { advised, moves } = adviceOf(context);
    const plan = advised as Plan;
    const before = moves.find(({ rule }) => rule === 'model')?.from ?? plan;
    const start = moves.find(({ rule }) => rule === 'tie' || rule === 'model')?.from ?? plan;
    const most = nearUsd(start.monthlyUsd, context.workload);
    const borne = wait(before, context) * (1 + context.workload.assume('softRuleExtra'));
    const longest = Math.max(borne, context.workload.taskParts[0]?.needs.ttftP95Ms?.value ?? 0);
    expect(plan.monthlyUsd).toBeLessThanOrEqual(most);
    expect(wait(plan, context)).toBeLessThanOrEqual(longest);
    expect(begunFte(plan.fte)).toBeLessThanOrEqual(begunFte(before.fte));
    const rivals = allOptions(context).flatMap((option) => {
      const looked = lookAt(option, context);
      return looked.plan !== null && feasible(looked) ? [looked.plan] : [];
    });
    expect(rivals.length).toBeGreaterThan(3);
    const better = rivals.filter(
      (rival) =>
        rival.monthlyUsd <= most &&
        begunFte(rival.fte) <= begunFte(before.fte) &&
        wait(rival, context) <= longest &&
        failedAnswers(rival, context) < failedAnswers(plan, context) * (1 - 1e-9),
    );
    expect(better.map(({ id }) => id)).toEqual([]);
  });

  test('cents do not decide against a better one: letters on the same machine', async () => {
    const context = await committedCase('ministry-letters');
    const { advised, moves } = adviceOf(context);
    const last = moves.at(-1);
    expect(last?.rule).toBe('model');
    const [from, to] = [last?.from as Plan, advised as Plan];
    expect(to.monthlyUsd - from.monthlyUsd).toBeGreaterThan(0);
    expect(to.monthlyUsd - from.monthlyUsd).toBeLessThan(1);
    expect(failedAnswers(to, context)).toBeLessThan(failedAnswers(from, context));
    expect(to.deployments.map(({ option }) => option.hardware)).toEqual(
      from.deployments.map(({ option }) => option.hardware),
    );
  });
});

test('what is asked of assumed needs is asked of parts of a task whose own need is written', async () => {
  const context = await committedCase('redacted-claims');
  const { advised, cheapest } = adviceOf(context);
  expect(unsureTasks(cheapest as Plan, context)).toEqual(['claims']);
  expect(unsureTasks(advised as Plan, context)).toEqual([]);
});
