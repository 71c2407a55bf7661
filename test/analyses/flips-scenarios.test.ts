import { expect, test } from 'vitest';
import { summedTerms } from '../../src/core/adjusted.js';
import { isAdvisedBefore, weighed } from '../../src/decide/advice.js';
import { caseAt } from '../../src/decide/choice.js';
import type { Decision, Flip, Recommendation } from '../../src/decide/decision.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { mayStand } from '../../src/decide/option-report.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import { asOf, committed, committedCase } from '../support/committed.js';
import { decideCommitted } from '../support/committed-decisions.js';
import { cliHere } from '../support/recording-io.js';
import { long, sampled } from '../support/sample.js';

const whole = { flips: true, draws: true };
const scenarios = long
  ? committed
  : ['clinic-notes', 'coding-agent', 'nightly-calls', 'overnight-claims', 'support-chatbot'];
/** So many flips of each. */
const most = long ? 8 : 2;

/** A value in the form in which the flip writes it, as `{minIndex: 95}`. */
const settingOf = ({ parameter, unit, to }: Flip, value: number | string) =>
  `${parameter}=${String(to).startsWith('{') ? String(to).replace(/[\d.]+/, String(value)) : value} ${unit}`;

/** The value of a flip without its form. */
const numberOf = ({ to }: Flip): number | string =>
  String(to).startsWith('{') ? (/[\d.]+/.exec(String(to))?.[0] ?? to) : to;

/**
 * The scenario at a value of an input; of a volume with all else as it is. Of a path of stages flips are of the first
 * one, which ends where the next begins.
 */
async function caseOf(name: string, flip: Flip, value: number | string, { stages }: Recommendation): Promise<Context> {
  const [first, next] = stages;
  const set = first === undefined || next === undefined ? [] : [`workload.horizon=${next.fromMonth - 1} months`];
  if (flip.parameter === 'workload.volume') return caseAt(await committedCase(name, set), Number(value));
  return committedCase(name, [...set, settingOf(flip, value)]);
}

/** Adjusted cost of a plan at the C0 of a decision from scratch, USD a month. */
function countedUsd(plan: Plan, cheapest: Plan, context: Context): number {
  const { usd, terms } = weighed(plan, cheapest, context);
  return context.workload.rules.objective === 'cost' ? usd : usd + summedTerms(terms);
}

const planOf = (id: string, context: Context): Plan => {
  const plan = findPlan(id, context);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
};

test.each(scenarios)(
  '%s: at a flip both plans cost the same, and beyond it staying costs clearly more',
  async (name) => {
    const { recommendation } = await decideCommitted(name, whole);
    const { flips, plan } = recommendation;
    const group = ({ parameter }: Flip) => parameter.split('.')[0] ?? '';
    const verified = flips.filter((flip) => flip.verified);
    for (const flip of sampled(verified, most, { group, name: ({ parameter }) => parameter })) {
      const where = settingOf(flip, numberOf(flip));
      const there = await caseOf(name, flip, flip.beyond ?? numberOf(flip), recommendation);
      const { advised, cheapest } = choose(there);
      if (flip.becomes === null) {
        expect(advised, where).toBeNull();
        continue;
      }
      if (advised === null || cheapest === null) throw new Error(`${where}: nothing fits`);
      // The free decision finds the shown plan, or one that costs no more.
      const becomes = planOf(flip.becomes, there);
      const least = countedUsd(advised, cheapest, there);
      expect(least, where).toBeLessThanOrEqual(countedUsd(becomes, cheapest, there) * (1 + 1e-9));
      if (flip.beyond === null) {
        expect(advised.id, where).toBe(flip.becomes);
        continue;
      }
      const staying = planOf(plan as string, there);
      // If a rule excludes the plan itself, staying means the same model on another GPU, which no id names here.
      if (flip.cause === 'cost' && !mayStand(staying, there)) continue;
      if (flip.cause === 'cost') expect(least, where).toBeLessThanOrEqual(countedUsd(staying, cheapest, there) * 0.99);
      if (flip.cause !== 'cost') continue;
      const at = await caseOf(name, flip, numberOf(flip), recommendation);
      const base = choose(at).cheapest as Plan;
      const plans = [plan as string, flip.becomes].map((id) => planOf(id, at));
      if (!plans.every((one) => mayStand(one, at))) continue;
      const [now, then] = plans.map((one) => countedUsd(one, base, at)) as [number, number];
      expect(Math.abs(now - then) / now, where).toBeLessThanOrEqual(0.005);
    }
  },
);

/** Values of a rule that the scenario lacks: such flips come last. */
const lacking = new Set<number | string>(['none', '[]', 'null']);

test('flips are sorted by distance, one for each input and way, and of many inputs', async () => {
  const inputs = new Set<string>();
  for (const name of scenarios) {
    const { flips, flipSearch, plan } = (await decideCommitted(name, whole)).recommendation;
    if (plan === null) continue;
    expect(new Set(flips.map(({ parameter, direction, to }) => `${parameter} ${direction ?? to}`)).size, name).toBe(
      flips.length,
    );
    expect(flipSearch?.unproven, name).toBe(flips.filter(({ verified }) => !verified).length);
    expect(flipSearch?.searched, name).toBeLessThanOrEqual(flipSearch?.inputs ?? 0);
    const known = flips.filter(({ from }) => !lacking.has(from)).map(({ distance }) => distance);
    expect(
      known.toSorted((a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY)),
      name,
    ).toEqual(known);
    for (const { parameter } of flips) inputs.add(parameter.replace(/^tasks\.[^.]+/, 'tasks.*'));
  }
  expect(inputs.size).toBeGreaterThan(6);
});

test('--set of a value beyond a flip gives its plan or a better one, by the command', async () => {
  const { flips } = (await decideCommitted('clinic-notes', whole)).recommendation;
  const flip = flips.find(
    ({ cause, becomes, parameter }) => cause === 'cost' && becomes !== null && parameter !== 'workload.volume',
  );
  if (flip === undefined) throw new Error('no flip of a number');
  const set = settingOf(flip, flip.beyond ?? '');
  const { code, out, err } = await cliHere([
    ...['assess', 'scenarios/clinic-notes.yaml', '--as-of', asOf, '--point', '--format', 'json'],
    ...['--set', set],
  ]);
  expect({ code, err }, set).toEqual({ code: 0, err: '' });
  const { recommendation }: Decision = JSON.parse(out);
  const there = await committedCase('clinic-notes', [set]);
  const choice = choose(there);
  expect(recommendation.plan).toBe(choice.advised?.id);
  expect(isAdvisedBefore(planOf(flip.becomes as string, there), choice.advised as Plan, choice, there)).toBe(false);
});
