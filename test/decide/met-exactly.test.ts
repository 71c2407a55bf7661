import { expect, test } from 'vitest';
import { monthsOf } from '../../src/decide/months.js';
import { failedGates, lookAt } from '../../src/decide/option-report.js';
import { optionsOf, type Plan, upfrontCashUsd } from '../../src/decide/plan.js';
import { leadTimeWeeks } from '../../src/places/fleet-numbers.js';
import { capabilityOf, type Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { capability } from '../../src/rules/model.js';
import { availability, availabilityOf } from '../../src/rules/service.js';
import { launch } from '../../src/rules/tuning.js';
import { rounded } from '../../src/units/numeric.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { cheapestIn } from '../support/cheapest.js';
import { committedCase } from '../support/committed.js';

/** A limit at the figure that is told, twelve digits of it, is kept; one of a millionth less turns the plan down. */

const told = (context: Context, plan: Plan): Record<string, string> => ({
  'budget.monthly': String(rounded(monthsOf(plan, context).peakCashUsd)),
  'budget.upfront': String(rounded(upfrontCashUsd(plan))),
});

test.each([
  ['million-requests-as-published', 'budget.monthly'],
  ['break-even-as-published', 'budget.monthly'],
  ['nightly-calls', 'budget.monthly'],
  ['support-chatbot', 'budget.monthly'],
  ['factory-sites', 'budget.upfront'],
  ['clinic-notes', 'budget.upfront', ['data.boundary=own-premises']],
  ['owned-laptop', 'budget.upfront', ['workload.volume=3M requests/month']],
  // Of two parts on machines of their own.
  ['redacted-claims', 'budget.monthly', ['data.boundary=own-premises']],
  ['redacted-claims', 'budget.upfront', ['data.boundary=own-premises']],
])('%s with %s at what the cheapest plan takes', async (name, path, set: string[] = []) => {
  const free = await committedCase(name, [...set, 'budget={}']);
  const plan = cheapestIn(free);
  if (plan === null) throw new Error(name);
  const at = async (value: string) => cheapestIn(await committedCase(name, [...set, 'budget={}', `${path}=${value}`]));
  // The next one is searched under the limit.
  for (let [one, steps] = [plan as Plan | null, 0]; one !== null && steps < 2; steps++) {
    const limit = told(free, one)[path] as string;
    expect((await at(limit))?.id).toBe(one.id);
    const next = await at(String(Number(limit) * (1 - 1e-6)));
    expect(next?.id).not.toBe(one.id);
    one = next;
  }
});

test.each([
  ['factory-sites', 1],
  ['redacted-claims', 2, ['data.boundary=own-premises']],
])('%s: people who are free for just what %i places take are enough', async (name, places, set: string[] = []) => {
  const asked = (free: string) =>
    committedCase(name, [...set, `team.free=${free} FTE`, 'team.devops=3', 'team.mayHire=false']);
  let plan = cheapestIn(await asked('3'));
  expect(plan?.deployments.length).toBe(places);
  // One box at a desk of each of six sites.
  if (name === 'factory-sites') expect(plan?.fte).toBeCloseTo(6 * 0.03, 9);
  for (let steps = 0; plan !== null && steps < 2; steps++) {
    expect(cheapestIn(await asked(String(rounded(plan.fte))))?.id).toBe(plan.id);
    const next = cheapestIn(await asked(String(plan.fte * (1 - 1e-6))));
    expect(next?.id).not.toBe(plan.id);
    plan = next;
  }
});

test('targets on latency and on capability at the figures of an option are met by it', async () => {
  const free = await committedCase('support-chatbot');
  const plan = cheapestIn(free);
  const option = plan?.deployments.flatMap(optionsOf)[0];
  if (option === undefined) throw new Error('no option');
  const [seen] = [...lookAt(option, free).services.values()];
  const figures = {
    // Within what an estimate may be a target is to be measured; below that it is missed.
    'tasks.support.latency.ttftP95': [seen?.ttftP95Band?.low, 'ms', 1 - 1e-6],
    'tasks.support.latency.tokensPerSecond': [seen?.tokensPerSecond, '', 1 + 1e-6],
    'tasks.support.capability.minIndex': [capabilityOf(option)?.gateAt, '', 1 + 1e-6],
  } as const;
  for (const [path, [figure, unit, past]] of Object.entries(figures)) {
    expect(figure, path).toBeGreaterThan(0);
    const fails = async (value: number) =>
      failedGates(lookAt(option, await committedCase('support-chatbot', [`${path}=${value}${unit}`])));
    expect(await fails(rounded(figure as number)), path).toEqual([]);
    expect(await fails((figure as number) * past), path).not.toEqual([]);
  }
});

test('gates keep limits that a figure is a last digit past', async () => {
  const context = await committedCase('support-chatbot', ['team.launchWithin=1 weeks', 'needs.availability=99%']);
  const option = cheapestIn(context)?.deployments.flatMap(optionsOf)[0] as Option;
  const taskPart = context.workload.taskParts[0] as TaskPart;
  const figure = {
    index: capabilityOf(option)?.gateAt ?? Number.NaN,
    share: availabilityOf(option, context)?.share ?? Number.NaN,
    weeks: leadTimeWeeks(option, context) ?? Number.NaN,
  };
  const states = (past: number) => {
    const needs = {
      ...taskPart.needs,
      capability: { ...taskPart.needs.capability, need: figure.index * (1 + past) },
      availability: figure.share * (1 + past),
    };
    const team = { ...context.workload.team, launchWithinWeeks: figure.weeks * (1 - past) };
    const asked = { ...context, workload: { ...context.workload, team } };
    return [capability, availability, launch].map(
      (gate) => gate.check(option, { ...taskPart, needs }, asked, null).state === 'failed',
    );
  };
  expect(states(1e-12)).toEqual([false, false, false]);
  expect(states(1e-6)).toEqual([true, true, true]);
});
