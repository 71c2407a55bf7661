import { expect, test } from 'vitest';
import { choose } from '../../src/decide/choose.js';
import type { Decision, Flip } from '../../src/decide/decision.js';
import { kindsByTask } from '../../src/decide/kinds-by-task.js';
import { asOf, committed, committedCase } from '../support/committed.js';
import { decideCommitted } from '../support/committed-decisions.js';
import { cliHere } from '../support/recording-io.js';
import { long, sampled } from '../support/sample.js';

const whole = { flips: true, draws: true };
/** Scenarios whose whole decision takes seconds; what flips each of all is in `test/golden/scenarios/*.sure.txt`. */
const scenarios = long ? committed : ['support-chatbot', 'clinic-notes', 'owned-laptop', 'deal-review'];
/** So many flips of each. */
const most = long ? 3 : 2;

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
  const kinds = now && kindsByTask(now);
  const group = ({ parameter }: Flip) => parameter.split('.')[0] ?? '';
  for (const flip of sampled(flips, most, { group, name: ({ parameter }) => parameter })) {
    const there = await adviceOn(name, [settingOf(flip, flip.to)]);
    expect(there?.id, settingOf(flip, flip.to)).toBe(flip.becomes);
    expect(there && kindsByTask(there), flip.parameter).not.toBe(kinds);
    const back = nearer(flip);
    if (back === null) continue;
    const before = await adviceOn(name, [settingOf(flip, back)]);
    expect(before && kindsByTask(before), settingOf(flip, back)).toBe(kinds);
  }
});

/** What is told of a rule that the scenario lacks: such flips come last. */
const lacking = new Set<number | string>(['none', '[]', 'null']);

test('flips are sorted by distance, one for each input, and of many inputs', async () => {
  const inputs = new Set<string>();
  for (const name of scenarios) {
    const { flips } = (await decideCommitted(name, whole)).recommendation;
    expect(new Set(flips.map(({ parameter }) => parameter)).size, name).toBe(flips.length);
    expect(flips.length, name).toBeLessThanOrEqual(8);
    const known = flips.filter(({ from }) => !lacking.has(from)).map(({ distance }) => distance);
    expect(
      known.toSorted((a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY)),
      name,
    ).toEqual(known);
    for (const { parameter } of flips) inputs.add(parameter.replace(/^tasks\.[^.]+/, 'tasks.*'));
  }
  expect(inputs.size).toBeGreaterThan(8);
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

test('the ladder has the plan that a flip of the volume becomes', async () => {
  const few = ['verda', 'qwen3.5-27b', 'rtx-a6000-48gb', 'qwen3.5-4b', 'jetson-orin-nano-super-8gb'];
  const { recommendation, ladder } = await decideCommitted('small-team-documents', { few, flips: true });
  const flip = recommendation.flips.find(({ parameter }) => parameter === 'workload.volume');
  const rung = ladder.findIndex(
    ({ from, to }) => from <= (flip?.to as number) && (to === null || (flip?.to as number) <= to),
  );
  // The flip tells the best model there at about the same cost, the ladder the cheapest.
  const placeOf = (plan: string | null | undefined) =>
    plan
      ?.split('/')
      .filter((_, i) => i !== 2)
      .join('/');
  expect(placeOf(ladder[rung]?.plan)).toBe(placeOf(flip?.becomes));
  // It takes over from what is advised now; the advice follows where the two are as good as equal no more.
  expect(placeOf(ladder[rung - 1]?.plan)).toBe(placeOf(recommendation.plan));
  // A plan that was decided at several volumes stands once.
  expect(ladder.filter(({ plan }, i) => plan === ladder[i - 1]?.plan)).toEqual([]);
  // It is of no fewer plans than without flips, whose decisions at other volumes meet more.
  const without = new Set((await decideCommitted('small-team-documents', { few })).ladder.map(({ plan }) => plan));
  const met = new Set(ladder.map(({ plan }) => plan));
  expect([...met].filter((plan) => !without.has(plan))).not.toEqual([]);
});
