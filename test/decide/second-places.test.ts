import { expect, test } from 'vitest';
import { findPlan } from '../../src/decide/find-plan.js';
import { lookAt } from '../../src/decide/option-report.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { askedRow } from '../../src/decide/shortlist.js';
import type { Context } from '../../src/places/placement.js';
import { mayRun } from '../../src/rules/rule.js';
import { availability, availabilityOf, twoTogether } from '../../src/rules/service.js';
import { uniform } from '../simulation/random.js';
import { everyOption } from '../support/brute-force.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

/** The least that any two providers, or one, for each of two tasks cost by the plan's own price, rules kept. */
function cheapestByHand(context: Context): number {
  const apis = everyOption(context).filter(({ kind }) => kind === 'cloud-api' || kind === 'open-model-api');
  const placesOf = (task: string): string[] => {
    const taskParts = context.workload.taskParts.filter((taskPart) => taskPart.task === task);
    const alone = { ...context, workload: { ...context.workload, taskParts } };
    const needed = taskParts[0]?.needs.availability ?? 0;
    const known = apis.flatMap((option) => {
      const share = availabilityOf(option, context);
      const { verdicts } = lookAt(option, alone);
      const may = verdicts.every(({ gate, verdict }) => gate === availability.id || mayRun(verdict));
      return may && share !== null ? [{ option, share }] : [];
    });
    return known.flatMap((one) => [
      ...(one.share.share >= needed ? [`${task}=${one.option.id}`] : []),
      ...known
        .filter(
          ({ option, share }) =>
            option.provider !== one.option.provider && twoTogether(one.share, share, context) >= needed,
        )
        .map(({ option }) => `${task}.main=${one.option.id};${task}.standby=${option.id}`),
    ]);
  };
  let least = Number.POSITIVE_INFINITY;
  const easyPlaces = placesOf('easy');
  for (const hard of placesOf('hard')) {
    for (const easy of easyPlaces) {
      const plan = findPlan(`${hard};${easy}`, context);
      if (typeof plan !== 'string') least = Math.min(least, plan.monthlyUsd);
    }
  }
  return least;
}

test('no pair of providers for each of two tasks is cheaper than the cheapest plan, people included', async () => {
  const tables = fewRows(await shippedTables());
  const random = uniform(5);
  let shared = 0;
  for (let i = 0; i < 3; i++) {
    const share = 5 + Math.round(random() * 90);
    const task = { type: 'faq-chat', tokens: { input: 1000, output: 300 }, availability: '99.95%' };
    const context = await caseOf(
      {
        workload: { volume: Math.round(1000 * 100 ** random()), profile: 'flat' },
        tasks: [
          { ...task, name: 'hard', capability: { minIndex: 70 }, share: `${share}%` },
          { ...task, name: 'easy', capability: { minIndex: 30 }, share: `${100 - share}%` },
        ],
        preferences: { only: ['cloud-api', 'open-model-api'], maxDeployments: 4 },
      },
      tables,
    );
    const { cheapest } = choose(context);
    const providers = cheapest?.deployments.flatMap(({ option, second }) => [
      option.provider,
      ...(second ? [second.option.provider] : []),
    ]);
    if (new Set(providers).size < (providers?.length ?? 0)) shared++;
    const byHand = cheapestByHand(context);
    expect(byHand).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(Math.abs((cheapest?.monthlyUsd ?? Number.NaN) / byHand - 1)).toBeLessThan(1e-9);
  }
  // What one task uses anyway is worth something to the other.
  expect(shared).toBeGreaterThan(0);
});

/** Ids of the plan with each API in the place of each that it has, a place at a time. */
function withOtherApis(plan: Plan, context: Context): string[] {
  const apis = everyOption(context).flatMap(({ kind, id }) =>
    kind === 'cloud-api' || kind === 'open-model-api' ? [id] : [],
  );
  const parts = plan.deployments.flatMap(({ option, second, taskParts }, d) =>
    taskParts.flatMap(({ id }) => {
      const [first, other] = second?.role === 'overflow' ? ['.base', '.peak'] : ['.main', '.standby'];
      return [
        { name: `${id}${second === undefined ? '' : first}`, option: option.id, place: `${d}` },
        ...(second === undefined ? [] : [{ name: `${id}${other}`, option: second.option.id, place: `${d}${other}` }]),
      ];
    }),
  );
  const places = new Set(parts.flatMap(({ option, place }) => (apis.includes(option) ? [place] : [])));
  return [...places].flatMap((now) =>
    apis.map((api) => parts.map(({ name, option, place }) => `${name}=${place === now ? api : option}`).join(';')),
  );
}

test('above machines stands the API of a provider that another task uses anyway, where to connect one more costs more', async () => {
  const tables = fewRows(await shippedTables(), ['deepseek-v3.2', 'b300-sxm-288gb', 'together', 'gemma-3n-e4b']);
  let overflows = 0;
  for (const fteApi of [0.05, 0.5]) {
    const context = await caseOf(
      {
        workload: { volume: '10M', profile: 'consumer-chat', horizon: '36 months' },
        tasks: [
          { name: 'answer', type: 'rag-answering', capability: { atLeast: 'deepseek-v3.2' } },
          { name: 'chat', type: 'faq-chat', volume: '100' },
        ],
        needs: { availability: '99.9%' },
        data: { boundary: 'under-contract' },
        preferences: { exclude: ['spot', 'serverless-gpu'] },
        assumptions: { fteApi },
      },
      tables,
    );
    const { cheapest } = choose(context);
    if (cheapest === null) throw new Error('nothing fits');
    if (cheapest.deployments.some(({ second }) => second?.role === 'overflow')) overflows++;
    for (const id of withOtherApis(cheapest, context)) {
      const { feasible, monthlyCost } = askedRow(id, null, context);
      if (feasible && monthlyCost !== null)
        expect(monthlyCost, id).toBeGreaterThanOrEqual(cheapest.monthlyUsd * (1 - 1e-9));
    }
  }
  expect(overflows).toBeGreaterThan(0);
});
