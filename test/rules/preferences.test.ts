import { expect, test } from 'vitest';
import { z } from 'zod';
import { findOption } from '../../src/decide/option-report.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { preferences, wishOf } from '../../src/rules/place.js';
import type { Verdict } from '../../src/rules/rule.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { casesIn } from '../support/cases.js';
import { caseOf } from '../support/scenario.js';

/** What wishes by name leave in, on a hosted model, on hardware of one's own at either site, and on devices. */
const ids = {
  hosted: 'open-model-api/together/google/gemma-3n-E4B-it',
  ownRoom: 'on-prem/own-room/qwen3.5-9b@int8-w8a8/4xl4-24gb/us/bought',
  rack: 'on-prem/colocation/qwen3.5-9b@int8-w8a8/4xl4-24gb/us/bought',
  devices: 'edge/devices/gemma-3n-e4b@gguf-q4_k_m',
};
type Name = keyof typeof ids;

const caseWith = (wishes: object): Promise<Context> =>
  caseOf({
    workload: { volume: 1000 },
    tasks: [{ name: 'faq', type: 'faq-chat' }],
    devices: { count: 1000, classes: { 'apple-a17-pro-8gb': 1 } },
    preferences: wishes,
  });

/** What the rule says of each under these wishes. */
async function verdictsUnder(wishes: object): Promise<Map<Name, Verdict>> {
  const context = await caseWith(wishes);
  const [taskPart] = context.workload.taskParts;
  return new Map(
    (Object.keys(ids) as Name[]).map((name) => {
      const option = findOption(ids[name], context) as Option;
      expect(option, name).not.toBeNull();
      return [name, preferences.check(option, taskPart as TaskPart, context, null)];
    }),
  );
}

const leftIn = async (wishes: object): Promise<string[]> =>
  [...(await verdictsUnder(wishes))].flatMap(([name, { state }]) => (state === 'failed' ? [] : [name]));

const wishes = z.strictObject({ only: z.array(z.string()), exclude: z.array(z.string()) }).partial();
const turn = z.strictObject({ path: z.enum(['preferences.only', 'preferences.exclude']), value: z.string() });
const cases = casesIn('preferences', {
  'left in': { wishes, names: z.array(z.string()) },
  'turned down': { wishes, need: z.string(), have: z.string(), turnsAt: turn.nullable() },
});

test.each(cases['left in'])('$wishes leaves in $names', async ({ wishes, names }) => {
  expect(await leftIn(wishes)).toEqual(names);
});

test.each(cases['turned down'])(
  '$wishes turns down what is hosted until the field it names says otherwise',
  async (one) => {
    const { wishes, ...why } = one;
    expect((await verdictsUnder(wishes)).get('hosted')?.why()).toMatchObject(why);
    if (one.turnsAt === null) return;
    const changed = one.turnsAt.value.slice(1, -1).split(', ');
    expect(await leftIn({ ...wishes, [one.turnsAt.path.split('.')[1] as string]: changed })).toContain('hosted');
  },
);

test('a second place that is not wanted is turned down, and the list without it would have it', async () => {
  const context = await caseWith({ exclude: ['spot', 'overflow'] });
  expect(wishOf('failover', context).state).toBe('passed');
  const unwanted = wishOf('overflow', context);
  expect(unwanted.state).toBe('failed');
  expect(unwanted.why()).toMatchObject({
    need: 'not overflow',
    have: 'overflow',
    reason: 'preferences exclude overflow',
    turnsAt: { path: 'preferences.exclude', value: '[spot]' },
  });
});
