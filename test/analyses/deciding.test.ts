import { expect, test } from 'vitest';
import { type Advice, deciding } from '../../src/analyses/flips/changes.js';
import { caseAt } from '../../src/decide/choice.js';
import { choiceByAdjustedCost } from '../../src/decide/core-choice.js';
import type { Context } from '../../src/places/placement.js';
import { committedCase } from '../support/committed.js';
import { latestSnapshot, shipped } from '../support/load.js';
import { caseOf, type Written } from '../support/scenario.js';

/** Long documents on rented machines, whose first token under load depends on how far answers differ in length. */
const documents = async (outputLengthSpread: number): Promise<Context> =>
  caseOf(
    {
      workload: { volume: '20k requests/day' },
      tasks: [
        {
          name: 'read',
          type: 'document-analysis-long-context',
          tokens: { input: 30_000, output: 1500 },
          capability: { minIndex: 40 },
        },
      ],
      preferences: { only: ['self-hosted-cloud'], objective: 'advice' },
      assumptions: { outputLengthSpread },
    } as Written,
    (await shipped(latestSnapshot)).tables,
  );

/** Turns of a voice under targets, on cards of which the user measured one. */
const voice = (ofPredicted: string): Promise<Context> =>
  caseOf({
    workload: { volume: '400k conversations/day', turns: 5 },
    tasks: [{ name: 'turn', type: 'voice-assistant', latency: { ttftP95: '400ms', tokensPerSecond: 10 } }],
    preferences: { only: ['self-hosted-cloud', 'runpod'], objective: 'cost' },
    measured: [{ model: 'qwen3.5-2b', accelerator: 'rtx-3090-24gb', ofPredicted }],
  } as Written);

/** A keyboard on phones of users, whose first token depends on how far prompts differ in length. */
const keyboard = (inputLengthSpread: number): Promise<Context> =>
  committedCase('device-keyboard', [
    'tasks.0.latency={ttftP95: 400ms}',
    `assumptions.inputLengthSpread=${inputLengthSpread}`,
  ]);

const wordsOf = ({ plan }: Advice) => plan && [plan.places.map(({ option }) => option.id).join(), plan.usd.toFixed(6)];

test.each([
  { name: 'how far answers differ in length', one: () => documents(0.9), other: () => documents(2) },
  { name: 'how far prompts differ, on devices', one: () => keyboard(0.3), other: () => keyboard(2.5) },
  { name: 'what the user measured', one: () => voice('20%'), other: () => voice('100%') },
])('$name: a case is decided alike whatever case was decided before', async ({ one, other }) => {
  const [first, second] = [await one(), await other()];
  const alone = [first, second].map((context) => wordsOf(deciding(context)(context)));
  const forth = deciding(first);
  expect([first, second].map((context) => wordsOf(forth(context)))).toEqual(alone);
  const back = deciding(second);
  expect([second, first].map((context) => wordsOf(back(context)))).toEqual([...alone].reverse());
  // The two are different answers, so that one kept for the other would show.
  expect(alone[0]).not.toEqual(alone[1]);
});

/** In no order: from APIs to machines and back. */
const volumes = [40_000, 30_000_000, 900, 4_000_000, 250_000, 12_000_000, 2_000_000, 300_000_000];

test.each([
  { name: 'support-chatbot', set: [] },
  { name: 'support-chatbot', set: ['needs.availability=99.95%'] },
  { name: 'nightly-calls', set: [] },
  { name: 'legal-rag', set: [] },
  { name: 'evening-peaks', set: [] },
  { name: 'small-team-documents', set: [] },
  { name: 'public-sector-rag', set: [] },
])('$name $set: what was looked at for other volumes changes no decision', async ({ name, set }) => {
  const context = await committedCase(name, set);
  const cases = volumes.map((volume) => caseAt(context, volume));
  const alone = cases.map((one) => wordsOf(deciding(one)(one)));
  const decide = deciding(context);
  expect(cases.map((one) => wordsOf(decide(one)))).toEqual(alone);
  expect(new Set(alone.map(String)).size).toBeGreaterThan(2);
});

test('machines with a second place are found from what was looked at before, and beside it', async () => {
  const context = caseAt(
    await committedCase('support-chatbot', ['needs.availability=99.95%', 'preferences.only=[on-prem, cloud-api]']),
    30_000_000,
  );
  const { advised, kinds, withOthers } = choiceByAdjustedCost(context);
  expect(advised?.id).toMatch(/on-prem.*standby/);
  expect(withOthers('cloud-api')?.id).toMatch(/cloud-api/);
  expect(withOthers('on-prem')?.id).toBe(advised?.id);
  expect(kinds.find(({ kind }) => kind === 'cloud-api')?.plan?.id).toMatch(/cloud-api.*cloud-api/);
});

test.each([
  { set: 'assumptions.costOfCapital=0.2', alone: true },
  { set: 'assumptions.electricityUs=0.3', alone: true },
  { set: 'assumptions.minReplicas=3', alone: false },
  { set: 'assumptions.runtimeGbPerGpu=4', alone: false },
  { set: 'assumptions.highestLoad=0.6', alone: false },
  { set: 'workload.horizon=36 months', alone: false },
  { set: 'team.yearlyCost=200000', alone: false },
])('$set moves prices of machines alone: $alone', async ({ set, alone }) => {
  const decide = deciding(await committedCase('small-team-documents'));
  expect(decide(await committedCase('small-team-documents', [set])).pricesAlone).toBe(alone);
});
