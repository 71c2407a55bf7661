import { expect, test } from 'vitest';
import { advisedByVolume, volumeFrom } from '../../src/analyses/flips/by-volume.js';
import { caseAt } from '../../src/decide/choice.js';
import { advisedIn } from '../../src/decide/core-choice.js';
import type { CasePlan } from '../../src/decide/several-case.js';
import { committedCase } from '../support/committed.js';
import { long } from '../support/sample.js';

const options = { range: { from: 100, to: 10_000_000 }, volumes: 12 };
const fine = long ? 30 : 6;

const isOn =
  (kind: string) =>
  ({ places }: CasePlan): boolean =>
    places.some(({ option }) => option.kind === kind);
test.each([['overnight-claims', 'advice'], ...(long ? [['five-guides', 'advice']] : []), ['regulated-hybrid', 'cost']])(
  '%s: what is told by volume for %s is what a decision from scratch says there, on both sides of every edge and between',
  async (name = '', objective = '') => {
    const context = await committedCase(name, [`preferences.objective=${objective}`]);
    const idAt = (volume: number): string | null => advisedIn(caseAt(context, volume))?.id ?? null;
    const rungs = advisedByVolume(context, options);
    expect(rungs.length).toBeGreaterThan(2);
    expect([rungs[0]?.from, rungs.at(-1)?.to]).toEqual([options.range.from, null]);
    for (const [i, { from, to, plan }] of rungs.entries()) {
      if (i > 0) expect(from).toBe((rungs[i - 1]?.to ?? 0) + 1);
      for (const volume of [from, to ?? options.range.to]) expect(idAt(volume), `${volume}`).toBe(plan?.id ?? null);
    }
    const { from, to } = options.range;
    for (let i = 1; i < fine; i++) {
      const volume = Math.round(from * (to / from) ** (i / fine));
      const rung = rungs.find((one) => one.from <= volume && volume <= (one.to ?? to));
      expect(idAt(volume), `${volume}`).toBe(rung?.plan?.id ?? null);
    }
  },
);

test('the least volume of a deployment type is where its first range begins', async () => {
  const context = await committedCase('nightly-calls', ['preferences.objective=cost']);
  const rungs = advisedByVolume(context, options);
  const first = rungs.find(({ plan }) => plan?.deployments[0]?.option.kind === 'serverless-gpu');
  expect(first).toBeDefined();
  expect(volumeFrom(context, options, isOn('serverless-gpu'))).toBe(first?.from);
  expect(volumeFrom(context, options, isOn('edge'))).toBeNull();
});
