import { expect, test } from 'vitest';
import type { Decision, Flip } from '../../src/decide/decision.js';
import { choose } from '../../src/decide/several-choice.js';
import { answerOf } from '../support/answer-of.js';
import { asOf, committed, committedCase } from '../support/committed.js';
import { decideCommitted } from '../support/committed-decisions.js';
import { cliHere } from '../support/recording-io.js';
import { long, sampled } from '../support/sample.js';

const whole = { flips: true, draws: true };
/** Scenarios whose whole decision takes seconds; what flips each of all is in `test/golden/scenarios/*.sure.txt`. */
const scenarios = long ? committed : ['clinic-notes'];
/** So many flips of each. */
const most = long ? 3 : 1;

const settingOf = ({ parameter, unit }: Flip, value: number | string) => `${parameter}=${value} ${unit}`;

/** The whole decision on a scenario changed as by `--set`. */
const adviceOn = async (name: string, set: readonly string[]) => choose(await committedCase(name, set)).advised;

const counted = /^(?:tokens|devices|requests|requests\/day|months|sites|deployments|hours)$/;

/** One step nearer to what the scenario has: 1 %, or 1 for small whole numbers; null where that is the scenario itself. */
function nearer({ from, to, direction, unit }: Flip): number | null {
  if (typeof to !== 'number') return null;
  const whole = Number.isInteger(to) && counted.test(unit);
  const step = whole && to < 100 ? 1 : Math.abs(to) / 100;
  const back = direction === 'up' ? to - step : to + step;
  if (typeof from === 'number' && (direction === 'up' ? back <= from : back >= from)) return null;
  if (!whole) return back;
  return direction === 'up' ? Math.floor(back) : Math.ceil(back);
}

test.each(scenarios)('%s: at a flip the advice is what it becomes, one step before it is as now', async (name) => {
  const { flips, plan } = (await decideCommitted(name, whole)).recommendation;
  if (plan === null) {
    expect(flips).toEqual([]);
    return;
  }
  if (flips.length === 0) return;
  const now = await adviceOn(name, []);
  expect(now?.id).toBe(plan);
  const group = ({ parameter }: Flip) => parameter.split('.')[0] ?? '';
  for (const flip of sampled(flips, most, { group, name: ({ parameter }) => parameter })) {
    const there = await adviceOn(name, [settingOf(flip, flip.to)]);
    expect(there?.id ?? null, settingOf(flip, flip.to)).toBe(flip.becomes);
    expect(answerOf(there), flip.parameter).not.toBe(answerOf(now));
    const back = nearer(flip);
    if (back === null) continue;
    const before = await adviceOn(name, [settingOf(flip, back)]);
    expect(answerOf(before), settingOf(flip, back)).toBe(answerOf(now));
  }
});

/** What is told of a rule that the scenario lacks: such flips come last. */
const lacking = new Set<number | string>(['none', '[]', 'null']);

test('flips are sorted by distance, one for each input and way, and of many inputs', async () => {
  const inputs = new Set<string>();
  for (const name of scenarios) {
    const { flips } = (await decideCommitted(name, whole)).recommendation;
    expect(new Set(flips.map(({ parameter, direction }) => `${parameter} ${direction}`)).size, name).toBe(flips.length);
    expect(flips.length, name).toBeLessThanOrEqual(8);
    const known = flips.filter(({ from }) => !lacking.has(from)).map(({ distance }) => distance);
    expect(
      known.toSorted((a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY)),
      name,
    ).toEqual(known);
    for (const { parameter } of flips) inputs.add(parameter.replace(/^tasks\.[^.]+/, 'tasks.*'));
  }
  expect(inputs.size).toBeGreaterThan(6);
});

test('--set of a flip gives its plan, by the command', async () => {
  const { flips } = (await decideCommitted('clinic-notes', whole)).recommendation;
  const some = [flips.find(({ to }) => typeof to === 'number'), flips.find(({ to }) => typeof to === 'string')];
  for (const flip of some.filter((one) => one !== undefined)) {
    const set = settingOf(flip, flip.to);
    const { code, out, err } = await cliHere([
      ...['assess', 'scenarios/clinic-notes.yaml', '--as-of', asOf, '--point', '--format', 'json'],
      ...['--set', set],
    ]);
    expect({ code, err }, set).toEqual({ code: 0, err: '' });
    const { recommendation }: Decision = JSON.parse(out);
    expect(recommendation.plan, set).toBe(flip.becomes);
    expect(recommendation.kinds, set).toEqual(flip.becomesKinds);
    expect(recommendation.monthlyCost, set).toBe(flip.monthlyCost);
  }
});
