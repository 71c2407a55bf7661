import { expect, test } from 'vitest';
import { fteUsdPerMonth } from '../../src/cost/people.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import { caseOf, decide, type Written } from './scenario.js';

/** What is in use today, named as an option or as a plan. */

const llama = 'self-hosted-cloud/aws/llama-3.1-8b@fp8/g6e.xlarge/us-east-1/on-demand';
const api = 'cloud-api/openai/gpt-5.4';
const bill = 5000;

const two: Written = {
  workload: { volume: '20k requests/day' },
  tasks: [
    { name: 'a', type: 'faq-chat' },
    { name: 'b', type: 'summarization' },
  ],
};
const one: Written = { ...two, tasks: two.tasks.slice(0, 1) };

/** All that depends on it. */
async function using(option: string, written: Written) {
  const { recommendation, timeline, playbook, warnings, guides } = await decide({
    ...written,
    today: { option, bill: `${bill}/month` },
  });
  return { recommendation, timeline, playbook, warnings, guides };
}

test.each([
  ['two tasks on one option', two, llama, `a=${llama};b=${llama}`],
  ['one task on machines', one, llama, `a=${llama}`],
  ['one task on an API', one, api, `a=${api}`],
])('a plan that is one option is that option: %s', async (_, written, option, plan) => {
  const named = await using(plan, written);
  expect(named).toEqual(await using(option, written));
  expect(named.warnings.map(({ code }) => code)).not.toContain('unknown-option');
});

test('of a plan of several places the people are those of all of them', async () => {
  const id = `a=${llama};b=${api}`;
  const of = await caseOf({ ...two, today: { option: id, bill: `${bill}/month` } });
  const people = fteUsdPerMonth((findPlan(id, of) as Plan).fte, of.demand);
  expect(people).toBeGreaterThan(0);
  const { recommendation, warnings, timeline } = await using(id, two);
  expect(recommendation.savingsOverToday).toBeCloseTo(bill + people - (recommendation.monthlyCost ?? 0), 6);
  expect(timeline[1]?.today).toBeCloseTo(bill + people, 6);
  expect(warnings.map(({ code }) => code)).not.toContain('unknown-option');
});

test('a plan that is none is told with what is wrong with it', async () => {
  const told = async (option: string) =>
    (await using(option, two)).warnings.flatMap(({ code, message }) => (code === 'unknown-option' ? [message] : []));
  const left = '; savings leave out the people it takes';
  expect(await told(`a=${llama}`)).toEqual([`today.option: the plan leaves out b${left}`]);
  expect(await told(`a=${llama};b=cloud-api/openai/gpt-0`)).toEqual([
    `today.option: cloud-api/openai/gpt-0 is not in the tables of 2026-08-21${left}`,
  ]);
});
