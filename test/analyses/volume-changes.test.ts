import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/cli-process.js';
import { cliHere } from '../support/recording-io.js';

/** A report, the break-even points and decisions at a volume tell the same of where the answer changes, to the request. */

type Flip = { parameter: string; to: number; direction: 'up' | 'down'; becomes: string | null };
type Rung = { from: number; to: number | null; plan: string | null };

const json = async (...args: string[]) => {
  const { code, out, err } = await cliHere([...args, '-f', 'json', '-q', '--as-of', '2026-11-20']);
  if (code !== 0 && code !== 3) throw new Error(err);
  return JSON.parse(out);
};

test.each([
  ['support-chatbot', []],
  // Beyond some volume nothing fits the budget.
  ['support-chatbot', ['--set', 'budget.monthly=1500']],
])('%s %j', async (name, more) => {
  const file = path.join(root, `scenarios/${name}.yaml`);
  const { recommendation } = await json('assess', file, ...more);
  const { ladder }: { ladder: Rung[] } = await json('breakeven', file, ...more);
  const volumes = (recommendation.flips as Flip[]).filter(({ parameter }) => parameter === 'workload.volume');
  expect(volumes.length).toBeGreaterThan(0);
  for (const { to, direction, becomes } of volumes) {
    const rung = ladder.find(({ from, to: last }) => from <= to && (last === null || to <= last));
    expect(rung?.plan).toBe(becomes);
    expect(direction === 'up' ? rung?.from : rung?.to).toBe(to);
    const planAt = async (volume: number): Promise<string | null> =>
      (await json('assess', file, ...more, '--point', '--set', `workload.volume=${volume} requests/day`)).recommendation
        .plan;
    const before = direction === 'up' ? to - 1 : to + 1;
    expect(await planAt(to)).toBe(becomes);
    expect(await planAt(before)).not.toBe(becomes);
  }
});
