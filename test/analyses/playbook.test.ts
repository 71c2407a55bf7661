import { expect, test } from 'vitest';
import type { Decision } from '../../src/decide/decision.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { decide as decideOn, type Written } from '../support/scenario.js';

/** What to do first, on a few rows of the tables. */

const api = 'cloud-api/openai/gpt-5.4';
const nano = 'cloud-api/azure/gpt-5-nano';
const tables = fewRows(await shippedTables(), ['llama-3.1-8b', 'gpt-5.4', 'l40s-48gb', 'fireworks']);

const faq = { name: 'a', type: 'faq-chat' };
const sure = { ...faq, capability: { minIndex: 5 } };
const small: Written = { workload: { volume: '2k requests/day' }, tasks: [sure] };
const decided = (written: Written, point = false): Promise<Decision> => decideOn(written, { tables, point });
const idsOf = ({ playbook }: Decision): string[] => playbook.map(({ id }) => id);

test.each<[string, Written, string]>([
  ['nothing fits', { ...small, preferences: { only: ['edge'] } }, 'infeasible'],
  ['the need is assumed', { ...small, tasks: [faq] }, 'test|test-and-price'],
  ['the need is told', small, 'try'],
  ['machines are bought', { ...small, preferences: { only: ['on-prem'] } }, 'try-rented'],
])('the next step where %s', async (_, written, expected) => {
  const decision = await decided(written);
  expect(expected.split('|')).toContain(decision.playbook[0]?.id);
  // A point decision knows as much.
  expect(expected.split('|')).toContain((await decided(written, true)).playbook[0]?.id);
  expect(decision.playbook.map(({ step }) => step)).toEqual(decision.playbook.map((_, index) => index + 1));
  for (const { do: text } of decision.playbook) expect(text).not.toMatch(/unknown|[{}]|NaN/);
});

test('what the data ask for, who is missing, what is paid before the start and what takes longest', async () => {
  const { playbook, recommendation } = await decided({
    ...small,
    tasks: [{ ...sure, data: { sensitivity: 'pii' } }],
    team: { devops: 0.05, free: '0.01 FTE' },
    preferences: { only: ['self-hosted-cloud'] },
  });
  const step = (id: string) => playbook.find((one) => one.id === id);
  const { fteNeeded, upfrontCost } = recommendation;
  expect(step('people')?.figures).toMatchObject({ fteNeeded, fteFree: 0.01 });
  expect(step('people')?.figures.fteMissing).toBeCloseTo((fteNeeded ?? 0) - 0.01, 9);
  expect(step('people')?.weeks).toBe(tables.parameterOf.get('leadTimeHire')?.likely);
  expect(step('upfront')?.figures).toEqual({ upfrontCost });
  expect(recommendation.plan).toContain('reserved');
  expect(step('order')?.weeks).toBe(tables.parameterOf.get('leadTimeReserved')?.likely);
});

test('contracts are settled before real data go there', async () => {
  const { playbook, recommendation } = await decided({
    ...small,
    tasks: [{ ...sure, data: { sensitivity: 'pii', regimes: ['gdpr'] } }],
    preferences: { only: ['cloud-api'] },
  });
  const step = playbook.find(({ id }) => id === 'agreements');
  expect(recommendation.conditions.some((todo) => step?.do.includes(todo))).toBe(true);
  expect(step?.weeks).toBe(tables.parameterOf.get('leadTimeAgreement')?.likely);
});

test('a bill that list prices do not explain is asked about; a plan that stays has nothing to order', async () => {
  const cheap = await decided({ ...small, today: { option: api, bill: '1/month' } });
  const step = cheap.playbook.find(({ id }) => id === 'bill-below-list');
  expect(step?.figures).toMatchObject({ todayBill: 1, dearer: -(cheap.recommendation.savingsOverToday ?? 0) });
  const stays = await decided({
    ...small,
    preferences: { only: ['cloud-api'] },
    today: { option: nano, bill: '900/month' },
  });
  expect(stays.recommendation.plan).toBe(nano);
  expect(idsOf(stays)).toEqual(['try']);
});
