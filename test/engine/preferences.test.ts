import { expect, test } from 'vitest';
import { findOption } from '../../src/decide/find-option.js';
import { preferences } from '../../src/decide/gates/preferences.js';
import type { Option } from '../../src/placements/option.js';
import { caseOf } from './scenario.js';

/** What wishes by name leave in, on a hosted model, on hardware of one's own at either site, and on devices. */
const ids = {
  hosted: 'open-model-api/together/google/gemma-3n-E4B-it',
  ownRoom: 'on-prem/own-room/qwen3.5-9b@int8-w8a8/4xt4-16gb/us/bought',
  rack: 'on-prem/colocation/qwen3.5-9b@int8-w8a8/4xt4-16gb/us/bought',
  devices: 'edge/devices/gemma-3n-e4b@gguf-q4_k_m',
};
type Name = keyof typeof ids;

async function leftIn(wishes: object): Promise<string[]> {
  const of = await caseOf({
    workload: { volume: 1000 },
    tasks: [{ name: 'faq', type: 'faq-chat' }],
    devices: { count: 1000, classes: { 'apple-a17-pro-8gb': 1 } },
    preferences: wishes,
  });
  return (Object.keys(ids) as Name[]).filter((name) => {
    const option = findOption(ids[name], of) as Option;
    expect(option, name).not.toBeNull();
    return (
      preferences.check(option, of.demand.slices[0] as (typeof of.demand.slices)[number], of, null).state !== 'failed'
    );
  });
}

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
  { wishes: { exclude: ['colocation'] }, names: ['hosted', 'ownRoom', 'devices'] },
  { wishes: { exclude: ['devices', 'together'] }, names: ['ownRoom', 'rack'] },
])('$wishes', async ({ wishes, names }) => {
  expect(await leftIn(wishes)).toEqual(names);
});
