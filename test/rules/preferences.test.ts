import { expect, test } from 'vitest';
import { findOption } from '../../src/decide/option-report.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { preferences, wishOf } from '../../src/rules/place.js';
import type { Verdict } from '../../src/rules/rule.js';
import type { TaskPart } from '../../src/workload/workload.js';
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

test.each<{ wishes: object; names: Name[] }>([
  { wishes: {}, names: ['hosted', 'ownRoom', 'rack', 'devices'] },
  { wishes: { only: ['together'] }, names: ['hosted'] },
  { wishes: { only: ['on-prem'] }, names: ['ownRoom', 'rack'] },
  // What is one's own has a site where others have a provider: its kind stands for all of them, unless one is named.
  { wishes: { only: ['together', 'open-model-api', 'on-prem'] }, names: ['hosted', 'ownRoom', 'rack'] },
  { wishes: { only: ['novita', 'open-model-api', 'on-prem', 'edge'] }, names: ['ownRoom', 'rack', 'devices'] },
  { wishes: { only: ['novita', 'on-prem'] }, names: ['ownRoom', 'rack'] },
  { wishes: { only: ['on-prem', 'colocation'] }, names: ['rack'] },
  { wishes: { only: ['colocation'] }, names: ['rack'] },
  { wishes: { only: ['together', 'own-room'] }, names: ['hosted', 'ownRoom'] },
  { wishes: { only: ['together', 'own-room', 'open-model-api', 'on-prem'] }, names: ['hosted', 'ownRoom'] },
  // A provider who sells none of these.
  { wishes: { only: ['sfcompute'] }, names: [] },
  { wishes: { only: ['open-model-api', 'sfcompute'] }, names: [] },
  { wishes: { only: ['sfcompute', 'together'] }, names: ['hosted'] },
  { wishes: { only: ['sfcompute', 'on-prem'] }, names: ['ownRoom', 'rack'] },
  { wishes: { exclude: ['nobody'] }, names: ['hosted', 'ownRoom', 'rack', 'devices'] },
  { wishes: { exclude: ['colocation'] }, names: ['hosted', 'ownRoom', 'devices'] },
  { wishes: { exclude: ['devices', 'together'] }, names: ['ownRoom', 'rack'] },
])('$wishes leaves in $names', async ({ wishes, names }) => {
  expect(await leftIn(wishes)).toEqual(names);
});

test.each<{ wishes: object; name: Name; why: object; turns: object }>([
  {
    wishes: { only: ['novita', 'sfcompute'] },
    name: 'hosted',
    why: { need: 'only novita, sfcompute', have: 'together' },
    turns: { 'preferences.only': '[novita, sfcompute, together]' },
  },
  {
    wishes: { only: ['cloud-api', 'novita'] },
    name: 'hosted',
    why: { need: 'only cloud-api', have: 'open-model-api' },
    turns: { 'preferences.only': '[cloud-api, novita, open-model-api, together]' },
  },
  {
    wishes: { exclude: ['spot', 'together', 'open-model-api'] },
    name: 'hosted',
    why: { need: 'not open-model-api', have: 'open-model-api' },
    turns: { 'preferences.exclude': '[spot]' },
  },
  // Two lists would have to change.
  {
    wishes: { only: ['on-prem'], exclude: ['together'] },
    name: 'hosted',
    why: { need: 'not together', have: 'together' },
    turns: {},
  },
])('$wishes turns down $name until the field it names says otherwise', async ({ wishes, name, why, turns }) => {
  const said = (await verdictsUnder(wishes)).get(name)?.why();
  const { turnsAt } = said as NonNullable<typeof said>;
  expect(said).toMatchObject(why);
  expect(turnsAt === null ? {} : { [turnsAt.path]: turnsAt.value }).toEqual(turns);
  if (turnsAt === null) return;
  const changed = String(turnsAt.value).slice(1, -1).split(', ');
  expect(await leftIn({ ...wishes, [turnsAt.path.split('.')[1] as string]: changed })).toContain(name);
});

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
