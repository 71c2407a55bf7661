import { expect, test } from 'vitest';
import { findPlan, planNamed } from '../../src/decide/find-plan.js';
import { askedRow } from '../../src/decide/shortlist.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { caseOf, decide as decideOn, type Written } from '../support/scenario.js';

/** What is in use today, named as an option or as a plan. */

const llama = 'self-hosted-cloud/aws/llama-3.1-8b@fp8/g6e.xlarge/us-east-1/on-demand';
const api = 'cloud-api/openai/gpt-5.4';
const bill = 5000;

const tables = fewRows((await shipped()).tables, ['llama-3.1-8b', 'gpt-5.4', 'l40s-48gb', 'fireworks']);
const decide = (written: Written, options = {}) => decideOn(written, { tables, ...options });

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

test('a plan that is none is told with what is wrong with it', async () => {
  const told = async (option: string) =>
    (await using(option, two)).warnings.flatMap(({ code, message }) => (code === 'unknown-option' ? [message] : []));
  const left = '; savings leave out the people it takes';
  expect(await told(`a=${llama}`)).toEqual([`today.option is not known: the plan leaves out b${left}`]);
  expect(await told(`a=${llama};b=cloud-api/openai/gpt-0`)).toEqual([
    `today.option is not known: cloud-api/openai/gpt-0 is not in the tables of 2026-08-21${left}`,
  ]);
});

test('machines do not stand by, nor take what exceeds others: they are paid for while they wait', async () => {
  const context = await caseOf(one, tables);
  const kept = llama.replace('on-demand', 'reserved-1y');
  const other = 'managed-hosting/fireworks/llama-3.1-8b@fp8/on-demand-deployment-h100-sxm-80gb';
  const onWorkers = 'serverless-gpu/modal/llama-3.1-8b@fp8/functions-l4-24gb';
  const wrong = (part: string) =>
    `${part} is not billed per token, as a second place has to be: name an option of cloud-api or open-model-api`;
  for (const machines of [llama, other, onWorkers]) {
    expect(findPlan(machines, context)).toHaveProperty('monthlyUsd');
    for (const [first, second, main] of [
      ['main', 'standby', api],
      ['base', 'peak', kept],
    ]) {
      const part = `a.${second}=${machines}`;
      const id = `a.${first}=${main};${part}`;
      expect(findPlan(id, context)).toBe(wrong(part));
      expect(askedRow(id, null, context)).toMatchObject({
        feasible: false,
        monthlyCost: null,
        verdict: `no: ${wrong(part)}`,
      });
      expect(planNamed(id, context)).toEqual({ code: 'no-such-plan', message: wrong(part), suggestion: null });
    }
  }
  const [warning] = (await using(`a.main=${api};a.standby=${llama}`, one)).warnings.filter(
    ({ code }) => code === 'unknown-option',
  );
  expect(warning?.message).toBe(
    `today.option is not known: ${wrong(`a.standby=${llama}`)}; savings leave out the people it takes`,
  );
  // As the first place they have an API beside them.
  expect(findPlan(`a.main=${llama};a.standby=${api}`, context)).toHaveProperty('monthlyUsd');
  expect(findPlan(`a.base=${kept};a.peak=${api}`, context)).toHaveProperty('monthlyUsd');
});

test('the bill of today is that which is written; people stand apart, and a bill unlike the tables is questioned', async () => {
  const [a, b] = [72 * 0.5, 72 * 0.5];
  const tokensOf = { input: 1000, output: 200, cacheablePrefix: 0 };
  const written: Written = {
    workload: { volume: '72 requests/day', profile: 'flat' },
    tasks: [
      { name: 'a', type: 'email-drafting', share: '50%', tokens: tokensOf },
      { name: 'b', type: 'faq-chat', share: '50%', tokens: tokensOf },
    ],
    assumptions: { retryRate: 0 },
  };
  const [row] = tables.api.filter(({ provider, modelId }) => `${provider}/${modelId}` === 'openai/gpt-5.4');
  if (row === undefined) throw new Error('gone');
  const listed = ((a + b) * 730 * (1000 * row.inputUsdPerMTok + 200 * row.outputUsdPerMTok)) / 24e6;
  const told = async (bill: number) => {
    const { recommendation, warnings } = await decide(
      { ...written, today: { option: api, bill: `${bill}/month` } },
      { point: true },
    );
    return { today: recommendation.today, unlike: warnings.filter(({ code }) => code === 'bill-unlike-list') };
  };
  const half = await told(listed / 2);
  expect(half.today?.bill).toBeCloseTo(listed / 2, 6);
  expect(half.today?.meanBill).toBeCloseTo(listed / 2, 6);
  expect(half.today?.listBill).toBeCloseTo(listed, 4);
  expect(half.today?.people).toBe(0);
  expect(half.unlike[0]?.message).toContain('check the volume, the tokens or your discounts');
  // A quarter off is a discount.
  expect((await told(listed / 1.24)).unlike).toEqual([]);
  expect((await told(listed / 1.26)).unlike).toHaveLength(1);
  expect((await told(listed * 1.32)).unlike).toEqual([]);
  expect((await told(listed * 1.34)).unlike).toHaveLength(1);
});
