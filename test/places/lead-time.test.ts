import { beforeAll, expect, test } from 'vitest';
import { findOption } from '../../src/decide/option-report.js';
import { leadTimeParameter, leadTimeWeeks } from '../../src/places/fleet-numbers.js';
import type { Context } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

const written: Written = {
  workload: { volume: '1000 requests/day' },
  tasks: [{ type: 'faq-chat' }],
  existing: [{ accelerator: 'h100-sxm-80gb', count: 8 }],
};
let context: Context;
beforeAll(async () => {
  context = await caseOf(written);
});

const found = (id: string) => {
  const option = findOption(id, context);
  if (option === null) throw new Error(`no ${id}`);
  return option;
};
const server = 'on-prem/own-room/llama-3.1-8b@fp8/8xh100-sxm-80gb/us/bought';
const mac = 'on-prem/own-room/llama-3.1-8b@gguf-q4_k_m/1xapple-m4-max-64gb/us/bought';
const rented = 'self-hosted-cloud/verda/llama-3.1-8b@fp8/1xrtx-a6000-48gb/eu/on-demand';

test.each([
  ['cloud-api/openai/gpt-4o-mini', 'leadTimeCloudApi', 0.3],
  [server, 'leadTimeOnPrem', 20],
  [server.replace('bought', 'owned'), 'leadTimeOwned', 2],
  [mac, 'leadTimeWorkstation', 2],
  [rented, 'leadTimeSelfHostedCloud', 3],
])('%s takes %s: %s weeks', (id, parameter, weeks) => {
  expect(leadTimeParameter(found(id))).toBe(parameter);
  expect(leadTimeWeeks(found(id), context)).toBe(weeks);
});

test.each(['reserved-1y', 'reserved-3y'] as const)('%s takes the time of a commitment', (purchase) => {
  expect(leadTimeWeeks({ ...found(rented), purchase }, context)).toBe(4);
});

test('every kind has a lead time in the tables, each in order', () => {
  for (const { kind } of placements)
    expect(leadTimeWeeks({ kind, api: null, purchase: null, desk: false }, context), kind).toBeGreaterThan(0);
});

test('the scenario may set it', async () => {
  const own = await caseOf({ ...written, assumptions: { leadTimeOnPrem: 8 } });
  expect(leadTimeWeeks(found(server), own)).toBe(8);
});

test('what the tables do not know is unknown', () => {
  const parameterOf = new Map([...context.tables.parameterOf].filter(([name]) => name !== 'leadTimeOnPrem'));
  expect(leadTimeWeeks(found(server), { ...context, tables: tablesWith(context.tables, { parameterOf }) })).toBeNull();
});
