import { expect, test } from 'vitest';
import { type Advice, deciding } from '../../src/analyses/flips/decider.js';
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
