import { expect, test } from 'vitest';
import { findPlan } from '../../src/decide/find-plan.js';
import { caseOf } from '../support/scenario.js';

const context = await caseOf({
  workload: { volume: '5k requests/day' },
  tasks: [{ name: 'chat', type: 'faq-chat', tokens: { input: 900 } }],
  devices: { count: 1000, classes: { 'apple-a17-pro-8gb': '70%' } },
});
const model = 'edge/devices/qwen3.5-4b@gguf-iq4_xs';
const api = 'cloud-api/openai/gpt-4o';

test.each([
  ['nothing of it', `other=${api}`, 'the plan leaves out chat'],
  ['one part', `chat.fallback=${api}`, 'the plan leaves out chat: it has chat.fallback and no chat.device'],
  [
    'parts it has not',
    `chat.a=${api};chat.b=${api}`,
    'the plan leaves out chat: it is not cut into chat.a, chat.b here',
  ],
  [
    'a misspelled part',
    `chat.devise=${model}/8gb-up;chat.fallback=${api}`,
    'the plan leaves out chat: it has chat.fallback and no chat.device',
  ],
  ['one of two places', `chat.main=${api}`, 'the plan leaves out chat: it has chat.main and no chat.standby'],
  [
    'devices of no group',
    `chat.device=${model};chat.fallback=${api}`,
    `the plan leaves out chat: chat.device=${model} names no group of devices; the plan takes one of 8gb-up`,
  ],
  ['an option nobody has', `chat.device=edge/devices/none;chat.fallback=${api}`, /^edge\/devices\/none is not in/],
])('a plan with %s says what is not there', (_, id, says) => {
  expect(findPlan(id, context)).toEqual(says instanceof RegExp ? expect.stringMatching(says) : says);
});

test('a plan with all parts, on devices of a group, is one', () => {
  const id = `chat.device=${model}/8gb-up;chat.fallback=${api}`;
  expect(findPlan(id, context)).toMatchObject({ id });
});
