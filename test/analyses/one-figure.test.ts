import { expect, test } from 'vitest';
import { breakEven } from '../../src/analyses/break-even/answer.js';
import { advisedIn, isOneTask } from '../../src/decide/core-choice.js';
import type { Plan } from '../../src/decide/plan.js';
import { answerOf } from '../support/answer-of.js';
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
    expect(answer.ladder).toEqual(ladder);
    const planAt = async (volume: number): Promise<Plan | null> =>
      advisedIn(await committedCase(name, [`workload.volume=${volume} requests/day`]));
    // A volume that turns the answer is an edge of the ladder, where models or deployment types change.
    const edges = ladder.slice(1).map(({ from }) => from);
    for (const { to, direction } of recommendation.flips.filter(({ parameter }) => parameter === 'workload.volume')) {
      const exact = edges.filter((edge) => Math.abs(edge - Number(to)) <= 0.01 * Number(to));
      expect(exact.length, `${name} ${to} ${direction}`).toBeGreaterThan(0);
    }
    const sides = sampled(edges, 2, { group: String, name: String }).flatMap((edge) => [edge - 1, edge]);
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
      expect(answerOf(await planAt(volume)), `${volume}`).toBe(
        rung === undefined ? null : answerOf(await planAt(rung.from)),
      );
      expect(told[at], `${volume}`).toMatchObject({ plan: rung?.plan ?? null });
    }
  },
  1_200_000,
);
