import { type CostLine, traceOf, traceOfUpfront } from '../cost/curve.js';
import { hoursInMonth, requestsPerMonthOf, tokensOf } from '../cost/task-trace.js';
import {
  difference,
  given,
  largest,
  named,
  predicted,
  product,
  quotient,
  smallest,
  stated,
  sum,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import { capabilityOf, type Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { unitsOfStep } from '../places/provisioned.js';
import { placementOf } from '../places/registry.js';
import type { Origin } from '../tables/tables.js';
import { monthsPerYear, secondsPerHour } from '../units/month.js';
import type { TaskPart } from '../workload/workload.js';
import { type MonthlyPlan, monthlyPlans } from './months.js';
import { type Deployment, linesOf, optionsOf, type Plan, tracedPeople, tracedUnits } from './plan.js';

const usdPerMonth = 'USD/month';
const million = 1e6;

/** Figures of a plan by id, computed on demand; null: the plan has none, as it is unknown or has no fleet. */
export type Figures = ReadonlyMap<string, () => Traced | null>;

/** Figures with a derivation: those of the recommendation, and every part of its cost. */
export function figuresOf(plan: Plan, context: Context): Figures {
  const { workload } = context;
  const volume = workload.requestsPerDay;
  const lines = linesOf(plan);
  const monthlyCost = () => sum('monthly cost', usdPerMonth, ...partsOf(lines, volume).values());
  const people = () => named('people needed', tracedPeople(plan.deployments, context, volume));
  return new Map<string, () => Traced | null>([
    ['monthlyCost', monthlyCost],
    ['firstMonthCost', () => monthCost(monthlyPlans(plan, context)[0] as MonthlyPlan, 'cost of the first month')],
    ['peakMonthCost', () => peakMonthCost(plan, context)],
    ['upfrontCost', () => upfrontCost(plan)],
    ['costPerRequest', () => perRequest(monthlyCost(), context)],
    ['costPerMillionTokens', () => perMillionTokens(monthlyCost(), context)],
    ['fteNeeded', people],
    ['cashExtra', () => cashExtra(people(), context)],
    ['capability', () => worst('capability', 'points', plan, smallest, ({ option }) => [capability(option)])],
    ['ttftP95Ms', () => worst('first token, p95', 'ms', plan, largest, (on) => seen(on, 'ttftP95Ms', context))],
    ['tokensPerSecond', () => worst('speed', 'tokens/s', plan, smallest, (on) => seen(on, 'tokensPerSecond', context))],
    ['replicas', () => replicas(plan, context)],
    ['utilization', () => utilization(plan, context)],
    ...[...new Set(lines.map(({ part }) => part))].map((part): [string, () => Traced | null] => [
      part,
      () => partsOf(lines, volume).get(part) ?? null,
    ]),
  ]);
}

/** What the lines cost a month, by part. */
function partsOf(lines: readonly CostLine[], volume: number): Map<string, Traced> {
  const parts = new Map<string, CostLine[]>();
  for (const line of lines) parts.set(line.part, [...(parts.get(line.part) ?? []), line]);
  return new Map(
    [...parts].map(([part, same]) => [
      part,
      sumOf(
        same[0]?.label ?? part,
        usdPerMonth,
        same.map((line) => traceOf(line, volume)),
      ),
    ]),
  );
}

/** What is paid in one month: everything but what is counted once. */
function monthCost({ plan, then }: MonthlyPlan, label: string): Traced {
  const monthly = linesOf(plan).filter(({ once }) => once !== true);
  return sum(label, usdPerMonth, ...partsOf(monthly, then.workload.requestsPerDay).values());
}

function peakMonthCost(plan: Plan, context: Context): Traced {
  const months = monthlyPlans(plan, context).map((one) => monthCost(one, `cost of month ${one.month + 1}`));
  return months.reduce((dearest, month) => (month.value > dearest.value ? month : dearest));
}

const upfrontCost = (plan: Plan): Traced =>
  sum(
    'cost up front',
    'USD',
    ...linesOf(plan)
      .filter(({ upfront }) => upfront !== 0)
      .map(traceOfUpfront),
  );

function perRequest(cost: Traced, { workload }: Context): Traced | null {
  const requests = sumOf(
    'requests in an average month',
    'requests/month',
    workload.taskParts.map((taskPart) => requestsPerMonthOf(taskPart, workload.requestsPerDay, workload)),
  );
  return requests.value === 0 ? null : quotient('cost per request', 'USD/request', cost, requests);
}

function perMillionTokens(cost: Traced, { workload }: Context): Traced | null {
  const tokens = sumOf(
    'tokens in an average month',
    'tokens/month',
    workload.taskParts.map((taskPart) => {
      const { input, output } = tokensOf(taskPart, workload);
      return product(
        `tokens of ${taskPart.task}`,
        'tokens/month',
        requestsPerMonthOf(taskPart, workload.requestsPerDay, workload),
        sum('tokens of a request', 'tokens/request', input, output),
      );
    }),
  );
  if (tokens.value === 0) return null;
  const perToken = quotient('cost per token', 'USD/token', cost, tokens);
  return product('cost per million tokens', 'USD/1M tokens', perToken, given('a million', million, 'tokens/1M'));
}

const cashExtra = (people: Traced, { workload: { team } }: Context): Traced =>
  quotient(
    'people in cash',
    usdPerMonth,
    product(
      'people in cash',
      'USD/year',
      largest(
        'people beyond the free time',
        'FTE',
        difference('people less the free time', 'FTE', people, stated('free time', team.freeFte, 'FTE', 'team.free')),
        given('none', 0, 'FTE'),
      ),
      stated('cost of a person', team.yearlyCostUsd, 'USD/year', 'team.yearlyCost'),
    ),
    given('months in a year', monthsPerYear, 'months'),
  );

/** The worst over all that a plan consists of; null where nothing is known. */
function worst(
  label: string,
  unit: string,
  { deployments }: Plan,
  of: typeof largest,
  figures: (on: Pick<Deployment, 'option' | 'taskParts'>) => readonly (Traced | null)[],
): Traced | null {
  // A second place serves users too.
  const all = deployments.flatMap((one) => optionsOf(one).map((option) => ({ option, taskParts: one.taskParts })));
  const known = all.flatMap(figures).filter((figure) => figure !== null);
  if (known.length === 0) return null;
  return known.length === 1 ? (known[0] as Traced) : of(label, unit, ...known);
}

/** Index of the option's mode, less what its quantization loses. */
function capability(option: Option): Traced | null {
  const found = capabilityOf(option);
  const row = option.capability;
  if (found === null || row === null) return null;
  const index = (option.mode === 'thinking' ? row.indexThinking : row.indexStandard) ?? found.have;
  const origin: Origin = { table: 'capability', row: row.row };
  const whole = given(`index of ${option.family}, ${option.mode}`, index, 'points', origin);
  if (option.lossAt50 === 0) return whole;
  const scheme: Origin[] =
    option.fleet === null ? [] : [{ table: 'quantization', row: option.fleet.weights.scheme.row }];
  return difference(
    `capability of ${option.model}`,
    'points',
    whole,
    predicted('lost to quantization', index - found.have, 'points', 'loss at index 50 x index x (100 - index) / 2500', [
      given('loss at index 50', option.lossAt50, 'points', ...scheme),
    ]),
  );
}

function seen(
  { option, taskParts }: Pick<Deployment, 'option' | 'taskParts'>,
  figure: 'ttftP95Ms' | 'tokensPerSecond',
  context: Context,
): readonly (Traced | null)[] {
  const { traceService } = placementOf(option.kind);
  return taskParts.map((taskPart) => traceService(option, taskPart, context)[figure]);
}

function replicas({ deployments }: Plan, { workload }: Context): Traced | null {
  const parts = deployments.flatMap((deployment) => {
    const { fleet, provisioned } = deployment.option;
    const units = tracedUnits(deployment, workload.requestsPerDay);
    if (units !== null && provisioned !== null)
      return [
        product('units bought', 'replicas', units, given('units of a step', unitsOfStep(deployment.option), 'units')),
      ];
    if (fleet === null || units === null) return [];
    const sites = fleet.copies === 1 ? [] : [given('sites', fleet.copies, 'sites')];
    return [product('replicas in the busiest hour', 'replicas', units, ...sites)];
  });
  return parts.length === 0 ? null : sumOf('replicas in the busiest hour', 'replicas', parts);
}

/** Hours that the units would work at saturation, over the hours that are paid for. */
function utilization({ deployments }: Plan, context: Context): Traced | null {
  const fleets = deployments.flatMap((deployment) => {
    const bought = boughtHours(deployment, context);
    const worked = deployment.taskParts.map((taskPart) => hoursHere(deployment, taskPart, context));
    return bought === undefined || bought.value === 0 || worked.includes(null)
      ? []
      : [{ bought, worked: worked.filter((hours) => hours !== null) }];
  });
  if (fleets.length === 0) return null;
  return quotient(
    'share of the bought hours at work',
    'fraction',
    sumOf(
      'hours at work',
      'unit-hours/month',
      fleets.flatMap(({ worked }) => worked),
    ),
    sumOf(
      'hours bought',
      'unit-hours/month',
      fleets.map(({ bought }) => bought),
    ),
  );
}

/** Unit-hours of a fleet in an average month. */
function boughtHours(deployment: Deployment, { workload }: Context): Traced | undefined {
  const units = deployment.units === undefined ? null : tracedUnits(deployment, workload.requestsPerDay);
  if (units === null)
    return deployment.lines.find(({ fleet }) => fleet !== undefined)?.fleet?.hours(workload.requestsPerDay);
  return product('hours bought', 'unit-hours/month', units, hoursInMonth(workload));
}

/** Hours at work for a task part, less those of what an API above the fleet serves. */
function hoursHere({ option, second }: Deployment, taskPart: TaskPart, context: Context): Traced | null {
  const all = workingHours(option, taskPart, context);
  if (all === null || second?.role !== 'overflow') return all;
  const here = 1 - second.share(context.workload.requestsPerDay);
  return product(`hours at work for ${taskPart.task}`, 'unit-hours/month', all, given('served here', here, 'fraction'));
}

function workingHours(option: Option, taskPart: TaskPart, context: Context): Traced | null {
  const { traceService, service } = placementOf(option.kind);
  const found = service(option, taskPart, context);
  if ('unpriced' in found || found.unitRequestsPerS === null) return null;
  const rate =
    traceService(option, taskPart, context).unitRequestsPerS ??
    given('requests of a unit at saturation', found.unitRequestsPerS, 'requests/s per unit');
  return quotient(
    `hours at work for ${taskPart.task}`,
    'unit-hours/month',
    requestsPerMonthOf(taskPart, context.workload.requestsPerDay, context.workload),
    product(
      'requests of a unit in an hour',
      'requests/unit-hour',
      rate,
      given('seconds in an hour', secondsPerHour, 's/hour'),
    ),
  );
}
