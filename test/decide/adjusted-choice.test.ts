import { expect, test } from 'vitest';
import { adjustedTermsOf } from '../../src/decide/adjusted-plan.js';
import type { Choice } from '../../src/decide/choice.js';
import { kindsByTask } from '../../src/decide/choice.js';
import { choiceByAdjustedCost, isOneTask } from '../../src/decide/core-choice.js';
import { optionsOf, type Plan } from '../../src/decide/plan.js';
import { searchByAdjustedCost, searchByCost, severalCase, tracedCase } from '../../src/decide/several-case.js';
import type { Context } from '../../src/places/placement.js';
import { capabilityScore } from '../../src/rules/model.js';
import { adjustedPrices } from '../support/adjusted-cost.js';
import { committed, committedCase } from '../support/committed.js';
import { caseOf } from '../support/scenario.js';

const cases = (await Promise.all(committed.map(async (name) => ({ name, context: await committedCase(name) })))).filter(
  ({ context }) => isOneTask(context),
);

/** What is advised of some, USD a month. */
const known = {
  'break-even-as-published': ['DeepSeek-V4-Flash', 19],
  'coding-agent': ['google-vertex/claude-opus-5', 44947],
  'deal-review': ['google-vertex/claude-opus-5', 3292],
  'thirty-million-tokens': ['gemma-4-26B-A4B-it', 82],
  'thirty-million-tokens-as-published': ['gemma-4-26B-A4B-it', 80],
  'tuned-phone-line': ['qwen3.5-4b', 4459],
  'clinic-notes': ['deepseek-v4-flash', 214],
  'million-chunks': ['qwen-flash', 196],
  'million-requests': ['DeepSeek-V4-Flash', 151],
  'nightly-calls': ['gpt-5-nano', 387],
  'overnight-claims': ['qwen3.5-4b', 5446],
  'public-sector-rag': ['qwen3.5-9b', 246],
  'reports-in-bursts': ['cerebrium/qwen3.5-4b', 1755],
  'small-team-documents': ['qwen3.5-4b', 5838],
  'support-chatbot': ['DeepSeek-V4-Flash', 384],
};

/** The plan advised by the search over sets of tasks, of which a case of one task has one. */
function bySets(context: Context, baseUsd: number): Plan | null {
  const found = searchByAdjustedCost(severalCase(context), { baseUsd }).best();
  return found && tracedCase(found);
}

test('cases of one task are looked at', () => {
  expect(cases.length).toBeGreaterThan(25);
});

test.each(cases)('the choice for $name counts less than all that it is compared with', ({ name, context }) => {
  const choice = choiceByAdjustedCost(context);
  const { advised, cheapest, runnerUp, otherMain } = choice;
  if (advised === null || cheapest === null) {
    expect(searchByCost(severalCase(context)).best()).toBeNull();
    return;
  }
  const same = bySets(context, cheapest.monthlyUsd);
  const counts = (plan: Plan): number =>
    Object.values(adjustedTermsOf(plan, cheapest.monthlyUsd, adjustedPrices, context)).reduce(
      (sum, usd) => sum + usd,
      plan.monthlyUsd,
    );
  const least = counts(advised) * (1 - 1e-9);
  const mayWin = (plan: Plan | null): plan is Plan =>
    plan !== null && (isSure(plan, context) || !isSure(advised, context));
  for (const plan of [...met(choice), same].filter(mayWin)) expect(counts(plan), plan.id).toBeGreaterThanOrEqual(least);
  for (const other of [runnerUp, otherMain])
    if (other !== null) expect(kindsByTask(other)).not.toBe(kindsByTask(advised));
  const others = choice.kinds.flatMap(({ plan, feasible }) =>
    feasible && plan !== null && kindsByTask(plan) !== kindsByTask(advised) ? [counts(plan)] : [],
  );
  if (others.length > 0)
    expect(runnerUp === null ? Number.NaN : counts(runnerUp)).toBeLessThanOrEqual(Math.min(...others) * (1 + 1e-9));
  if (runnerUp !== null && otherMain !== null)
    expect(counts(runnerUp)).toBeLessThanOrEqual(counts(otherMain) * (1 + 1e-9));
  expect(same === null ? Number.NaN : counts(same) / counts(advised), same?.id).toBeCloseTo(1, 9);
  const [model, usd] = known[name as keyof typeof known] ?? [];
  if (model === undefined) return;
  expect([advised.id, Math.round(advised.monthlyUsd)]).toEqual([expect.stringContaining(`${model}`), usd]);
});

test('what a budget alone keeps out is told, and what a type would cost that is not advised', async () => {
  const context = await committedCase('nightly-calls', [
    'preferences.only=[cloud-api, self-hosted-cloud]',
    'budget.monthly=450',
  ]);
  const choice = choiceByAdjustedCost(context);
  expect(choice.advised?.deployments.flatMap(optionsOf).map(({ kind }) => kind)).toEqual(['cloud-api']);
  expect(choice.runnerUp).toBeNull();
  expect(choice.keptOut?.plan.deployments.flatMap(optionsOf).map(({ kind }) => kind)).toEqual(['self-hosted-cloud']);
  expect(choice.keptOut?.plan.monthlyUsd).toBeGreaterThan(450);
  expect(choice.withOthers('self-hosted-cloud')).toBeNull();
  const free = choiceByAdjustedCost(await committedCase('nightly-calls'));
  expect(free.withOthers('self-hosted-cloud')?.id).toBe(
    free.kinds.find(({ kind }) => kind === 'self-hosted-cloud')?.plan?.id,
  );
});

test('where no model is sure enough, that is told of the plan', async () => {
  const unsure = await caseOf({
    workload: { volume: '50k requests/day' },
    tasks: [{ name: 'query', type: 'text-to-sql' }],
    preferences: { only: ['open-model-api', 'Qwen3 8B'], objective: 'advice' },
  });
  const { advised, advice } = choiceByAdjustedCost(unsure);
  expect(advised).not.toBeNull();
  expect(isSure(advised as Plan, unsure)).toBe(false);
  expect(advice.unsure).toEqual(['query']);
  expect(choiceByAdjustedCost(await committedCase('support-chatbot')).advice.unsure).toEqual([]);
});

test('where a budget leaves nothing, every deployment type still has its best plan', async () => {
  const chat = (budget: object) =>
    caseOf({
      workload: { volume: '50k requests/day' },
      tasks: [{ name: 'chat', type: 'faq-chat' }],
      preferences: { objective: 'advice' },
      ...budget,
    });
  const [within, without] = [
    choiceByAdjustedCost(await chat({})),
    choiceByAdjustedCost(await chat({ budget: { monthly: 5 } })),
  ];
  expect(without.advised).toBeNull();
  const typesOf = ({ kinds }: Choice) => kinds.flatMap(({ kind, plan }) => (plan === null ? [] : [kind]));
  expect(typesOf(without)).toEqual(typesOf(within));
  expect(typesOf(without).length).toBeGreaterThan(4);
  expect(without.kinds.some(({ feasible }) => feasible)).toBe(false);
});

/** Plans of a choice that rules about whole plans let through. */
function met({ cheapest, advised, runnerUp, otherMain, kinds }: Choice): (Plan | null)[] {
  return [cheapest, advised, runnerUp, otherMain, ...kinds.flatMap(({ plan, feasible }) => (feasible ? plan : []))];
}

/** An assumed need is reached surely enough by all of its models. */
function isSure(plan: Plan, { workload }: Context): boolean {
  const [taskPart] = workload.taskParts;
  if (taskPart === undefined || !taskPart.needs.capability.assumed) return true;
  return plan.deployments
    .flatMap(optionsOf)
    .every((option) => (capabilityScore(option, taskPart) ?? 0) / 100 >= adjustedPrices.confidence * (1 - 1e-9));
}
