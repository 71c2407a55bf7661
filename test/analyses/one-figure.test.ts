import { expect, test } from 'vitest';
import { breakEven } from '../../src/analyses/break-even/answer.js';
import { isOneTask } from '../../src/decide/core-choice.js';
import { asOf, committed, committedCase, readCommitted } from '../support/committed.js';
import { decideCommitted } from '../support/committed-decisions.js';
import { shipped } from '../support/load.js';
import { cliHere } from '../support/recording-io.js';
import { long, sampled } from '../support/sample.js';
import { tool } from '../support/scenario.js';

/** Every command that tells a volume tells the same one. */

const { tables, prose } = await shipped();

const cases = await Promise.all(committed.map(async (name) => ({ name, context: await committedCase(name) })));
const single = cases.flatMap(({ name, context }) => (isOneTask(context) ? [name] : []));
/** Those with a target on latency take minutes, and others half of one. */
const some = long ? single : ['clinic-notes'];

test.each(some)(
  '%s: assess, breakeven and sweep tell the same volumes',
  async (name) => {
    const { ladder, recommendation } = await decideCommitted(name, { flips: true, draws: true });
    const answer = breakEven(await readCommitted(name), tables, { asOf, prose, tool, between: [] });
    if (typeof answer === 'string') throw new Error(answer);
    const edges = ladder.slice(1).map(({ from }) => from);
    const all = answer.ladder.slice(1).map(({ from }) => from);
    const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= 0.03 * other;
    // The report looks from a tenth to ten times the volume, breakeven along the whole axis.
    for (const edge of edges)
      expect(
        all.some((one) => isNear(one, edge)),
        `${edge} of ${all}`,
      ).toBe(true);
    for (const { to, direction } of recommendation.flips.filter(({ parameter }) => parameter === 'workload.volume'))
      expect(
        edges.some((edge) => isNear(edge, Number(to))),
        `${to} ${direction} of ${edges}`,
      ).toBe(true);
    const sides = sampled(edges, 2, { group: String, name: String }).flatMap((edge) => [
      Math.round(edge * 0.9),
      Math.round(edge * 1.1),
    ]);
    if (sides.length === 0) return;
    const vary = `workload.volume=${sides.map((volume) => `${volume} requests/day`).join(',')}`;
    const { out, err, code } = await cliHere([
      ...['sweep', `scenarios/${name}.yaml`, '--vary', vary, '--as-of', asOf, '--format', 'jsonl', '-q'],
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const told = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const [at, volume] of sides.entries()) {
      const rung = ladder.find(({ from, to }) => from <= volume && (to === null || volume <= to));
      expect(told[at], `${volume}`).toMatchObject({ kinds: rung?.kinds ?? [] });
    }
  },
  1_200_000,
);
