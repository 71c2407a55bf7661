import { type CostLine, traceOf, traceOfUpfront } from '../cost/line.js';
import { monthsPerYear } from '../cost/people.js';
import { hoursInMonth, requestsPerMonthOf, tokensOf } from '../cost/slice-trace.js';
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
import type { Case } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import type { Origin } from '../tables/tables.js';
import type { Slice } from '../workload/demand.js';
import { type MonthlyPlan, monthlyPlans } from './months.js';
import { type Deployment, linesOf, optionsOf, type Plan, tracedPeople, tracedUnits } from './plan.js';

const usdPerMonth = 'USD/month';
const secondsPerHour = 3600;
const million = 1e6;

/** Figures of a plan by id, each made when asked for; null: the plan has none, as nothing is known or it has no fleet. */
export type Figures = ReadonlyMap<string, () => Traced | null>;

/** What can be told part by part: the figures of the recommendation, and every part of its cost. */
export function figuresOf(plan: Plan, of: Case): Figures {
  const { demand } = of;
  const volume = demand.requestsPerDay;
  const lines = linesOf(plan);
  const monthlyCost = () => sum('monthly cost', usdPerMonth, ...partsOf(lines, volume).values());
  const people = () => named('people needed', tracedPeople(plan.deployments, of, volume));
  return new Map<string, () => Traced | null>([
    ['monthlyCost', monthlyCost],
    ['firstMonthCost', () => monthCost(monthlyPlans(plan, of)[0] as MonthlyPlan, 'cost of the first month')],
    ['peakMonthCost', () => peakMonthCost(plan, of)],
    ['upfrontCost', () => upfrontCost(plan)],
    ['costPerRequest', () => perRequest(monthlyCost(), of)],
    ['costPerMillionTokens', () => perMillionTokens(monthlyCost(), of)],
    ['fteNeeded', people],
    ['cashExtra', () => cashExtra(people(), of)],
    ['capability', () => worst('capability', 'points', plan, smallest, ({ option }) => [capability(option)])],
    ['ttftP95Ms', () => worst('first token, p95', 'ms', plan, largest, (on) => seen(on, 'ttftP95Ms', of))],
    ['tokensPerSecond', () => worst('speed', 'tokens/s', plan, smallest, (on) => seen(on, 'tokensPerSecond', of))],
    ['replicas', () => replicas(plan, of)],
    ['utilization', () => utilization(plan, of)],
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
  return sum(label, usdPerMonth, ...partsOf(monthly, then.demand.requestsPerDay).values());
}

function peakMonthCost(plan: Plan, of: Case): Traced {
  const months = monthlyPlans(plan, of).map((one) => monthCost(one, `cost of month ${one.month + 1}`));
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

function perRequest(cost: Traced, { demand }: Case): Traced | null {
  const requests = sumOf(
    'requests in an average month',
    'requests/month',
    demand.slices.map((slice) => requestsPerMonthOf(slice, demand.requestsPerDay, demand)),
  );
  return requests.value === 0 ? null : quotient('cost per request', 'USD/request', cost, requests);
}

function perMillionTokens(cost: Traced, { demand }: Case): Traced | null {
  const tokens = sumOf(
    'tokens in an average month',
    'tokens/month',
    demand.slices.map((slice) => {
      const { input, output } = tokensOf(slice, demand);
      return product(
        `tokens of ${slice.task}`,
        'tokens/month',
        requestsPerMonthOf(slice, demand.requestsPerDay, demand),
        sum('tokens of a request', 'tokens/request', input, output),
      );
    }),
  );
  if (tokens.value === 0) return null;
  const perToken = quotient('cost per token', 'USD/token', cost, tokens);
  return product('cost per million tokens', 'USD/1M tokens', perToken, given('a million', million, 'tokens/1M'));
}

const cashExtra = (people: Traced, { demand: { team } }: Case): Traced =>
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
  figures: (on: Pick<Deployment, 'option' | 'slices'>) => readonly (Traced | null)[],
): Traced | null {
  // What stands beside another serves users too.
  const all = deployments.flatMap((one) => optionsOf(one).map((option) => ({ option, slices: one.slices })));
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
  const scheme: Origin[] = option.fleet === null ? [] : [{ table: 'quantization', row: option.fleet.scheme.row }];
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
  { option, slices }: Pick<Deployment, 'option' | 'slices'>,
  figure: 'ttftP95Ms' | 'tokensPerSecond',
  of: Case,
): readonly (Traced | null)[] {
  const { traceService } = placementOf(option.kind);
  return slices.map((slice) => traceService(option, slice, of)[figure]);
}

function replicas({ deployments }: Plan, { demand }: Case): Traced | null {
  const parts = deployments.flatMap((deployment) => {
    const { fleet } = deployment.option;
    const units = tracedUnits(deployment, demand.requestsPerDay);
    if (fleet === null || units === null) return [];
    const sites = fleet.copies === 1 ? [] : [given('sites', fleet.copies, 'sites')];
    return [product('replicas in the busiest hour', 'replicas', units, ...sites)];
  });
  return parts.length === 0 ? null : sumOf('replicas in the busiest hour', 'replicas', parts);
}

/** Hours that the units would work at saturation, over the hours that are paid for. */
function utilization({ deployments }: Plan, of: Case): Traced | null {
  const fleets = deployments.flatMap((deployment) => {
    const bought = boughtHours(deployment, of);
    const worked = deployment.slices.map((slice) => hoursHere(deployment, slice, of));
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
function boughtHours(deployment: Deployment, { demand }: Case): Traced | undefined {
  const units = deployment.units === undefined ? null : tracedUnits(deployment, demand.requestsPerDay);
  if (units === null)
    return deployment.lines.find(({ fleet }) => fleet !== undefined)?.fleet?.hours(demand.requestsPerDay);
  return product('hours bought', 'unit-hours/month', units, hoursInMonth(demand));
}

/** Hours at work for a slice, less those of what an API above the fleet serves. */
function hoursHere({ option, second }: Deployment, slice: Slice, of: Case): Traced | null {
  const all = workingHours(option, slice, of);
  if (all === null || second?.role !== 'overflow') return all;
  const here = 1 - second.share(of.demand.requestsPerDay);
  return product(`hours at work for ${slice.task}`, 'unit-hours/month', all, given('served here', here, 'fraction'));
}

function workingHours(option: Option, slice: Slice, of: Case): Traced | null {
  const { traceService, service } = placementOf(option.kind);
  const found = service(option, slice, of);
  if ('unpriced' in found || found.unitRequestsPerS === null) return null;
  const rate =
    traceService(option, slice, of).unitRequestsPerS ??
    given('requests of a unit at saturation', found.unitRequestsPerS, 'requests/s per unit');
  return quotient(
    `hours at work for ${slice.task}`,
    'unit-hours/month',
    requestsPerMonthOf(slice, of.demand.requestsPerDay, of.demand),
    product(
      'requests of a unit in an hour',
      'requests/unit-hour',
      rate,
      given('seconds in an hour', secondsPerHour, 's/hour'),
    ),
  );
}
