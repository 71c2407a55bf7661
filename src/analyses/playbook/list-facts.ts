import { usualEngine } from '../../capacity/run.js';
import { isUnpriced } from '../../cost/curve.js';
import { busyShare } from '../../decide/busy.js';
import type { Miss } from '../../decide/near-misses.js';
import { type Deployment, machinesOf, optionsOf, type Plan } from '../../decide/plan.js';
import type { Reviewed } from '../../decide/review.js';
import { todaysPlanIfKnown } from '../../decide/todays-plan.js';
import { optionWords } from '../../decide/words.js';
import { devicesOf } from '../../places/device-fit.js';
import { leadTimeWeeks } from '../../places/lead-time.js';
import { capabilityOf, type Option, withMode } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { placementOf } from '../../places/registry.js';
import { capability } from '../../rules/model.js';
import { dayAfter, daysBetween, daysPerWeek } from '../../units/month.js';
import type { ListItem, Lists } from './facts.js';

/** What there are several of in a plan, or in what came near where there is none. */
export function listsOf(reviewed: Reviewed | null, misses: readonly Miss[], context: Context): Lists {
  if (reviewed === null)
    return { places: [], apis: [], closeCalls: [], cuts: [], retirements: [], misses: misses.map(missFacts) };
  const { plan } = reviewed;
  return {
    // What stands behind or above another place is an API.
    places: plan.deployments.filter(({ option }) => !isPerToken(option)).map((one) => placeFacts(one, context)),
    apis: apisOf(plan, context),
    closeCalls: closeCallsOf(reviewed),
    cuts: cutsOf(plan, context),
    retirements: retirementsOf(plan, context),
    misses: [],
  };
}

const isPerToken = ({ kind }: Option): boolean => placementOf(kind).perToken;
const modelWords = ({ model, mode }: Option): string => withMode(model, mode);

function leadOf(option: Option, context: Context) {
  const leadWeeks = leadTimeWeeks(option, context);
  return { leadWeeks, leadUnknown: leadWeeks === null };
}

function placeFacts(deployment: Deployment, context: Context): ListItem<'places'> {
  const { workload, tables } = context;
  const { option } = deployment;
  const { kind, purchase, fleet, onDevices } = option;
  const hosted = kind === 'managed-hosting';
  const own = fleet !== null && (purchase === 'bought' || purchase === 'owned');
  const units = machinesOf(deployment, workload.requestsPerDay);
  const engine = hosted
    ? null
    : usualEngine(tables.engines, onDevices !== null ? 'phone' : own ? fleet.accelerator.kind : undefined);
  const setupPersonWeeks = workload.assume(placementOf(kind).staff(option, context).setup);
  return {
    place: option.provider,
    model: `${modelWords(option)}${option.quantization === null ? '' : `@${option.quantization}`}`,
    machine: option.instance ?? option.hardware ?? (onDevices === null ? option.provider : "the users' devices"),
    units: units === 0 ? null : units,
    unitRequestsPerS: unitRate(deployment, context),
    busy: kind === 'serverless-gpu' ? null : busyShare(deployment, context),
    engine: engine?.engine ?? null,
    engineCaveat: engine?.caveat ?? null,
    ...leadOf(option, context),
    setupPersonWeeks,
    buildWeeks: setupPersonWeeks / Math.max(1, workload.team.freeFte),
    rented: kind === 'self-hosted-cloud' && (purchase === 'on-demand' || purchase === 'spot'),
    reserved: purchase === 'reserved-1y' || purchase === 'reserved-3y',
    spot: purchase === 'spot',
    bought: purchase === 'bought',
    owned: purchase === 'owned',
    hosted,
    serverless: kind === 'serverless-gpu',
    onDevices: onDevices !== null,
    deviceCount: onDevices === null ? null : (devicesOf(option, workload)?.count ?? null),
  };
}

/** Requests/s of one unit at saturation, for the task part it serves slowest. */
function unitRate({ option, taskParts }: Deployment, context: Context): number | null {
  const rates = taskParts.map((taskPart) => {
    const seen = placementOf(option.kind).service(option, taskPart, context);
    return isUnpriced(seen) ? null : seen.unitRequestsPerS;
  });
  const known = rates.filter((rate) => rate !== null);
  return known.length < rates.length || known.length === 0 ? null : Math.min(...known);
}

/** Each model of each provider once, but for those in use today; the first of another provider opens the account. */
function apisOf(plan: Plan, context: Context): ListItem<'apis'>[] {
  const today = todaysPlanIfKnown(context)?.deployments.flatMap(optionsOf) ?? [];
  const accounts = new Set(today.map(({ provider }) => provider));
  const nameOf = (option: Option): string => `${option.provider} ${modelWords(option)}`;
  const options = plan.deployments.flatMap(optionsOf).filter(isPerToken);
  const models = new Map(options.map((option) => [nameOf(option), option]));
  for (const option of today.filter(isPerToken)) models.delete(nameOf(option));
  return [...models.values()].map((option) => {
    const hasAccount = accounts.has(option.provider);
    accounts.add(option.provider);
    return {
      place: option.provider,
      provider: option.provider,
      model: modelWords(option),
      ...leadOf(option, context),
      hasAccount,
    };
  });
}

function closeCallsOf({ plan, verdicts }: Reviewed): ListItem<'closeCalls'>[] {
  const close = new Set(
    verdicts
      .filter(({ gate, verdict }) => gate === capability.id && verdict.state === 'condition')
      .map(({ task }) => task),
  );
  const calls = plan.deployments.flatMap((deployment) =>
    optionsOf(deployment).flatMap((option) =>
      deployment.taskParts.flatMap(({ task, needs }) => {
        const index = capabilityOf(option);
        const { need } = needs.capability;
        if (!close.has(task) || index === null || need <= index.low || need >= index.high) return [];
        return [{ model: modelWords(option), task, have: index.gateAt, need }];
      }),
    ),
  );
  return calls.filter(({ model, task }, i) => calls.findIndex((one) => one.model === model && one.task === task) === i);
}

/** The parts of tasks that were cut up; of each task the first that is not all of it is to be counted. */
function cutsOf(plan: Plan, { workload }: Context): ListItem<'cuts'>[] {
  const taskParts = plan.deployments.flatMap((deployment) => deployment.taskParts);
  const parts = [...new Map(taskParts.map((taskPart) => [taskPart.id, taskPart])).values()];
  const counted = new Set<string>();
  return parts.flatMap(({ task, part, cut, requestsPerDay }) => {
    if (cut === undefined) return [];
    const whole = workload.taskParts.find(({ id }) => id === cut.whole)?.requestsPerDay ?? 0;
    const first = part !== 'all' && requestsPerDay < whole && !counted.has(cut.whole);
    if (first) counted.add(cut.whole);
    return [{ task, condition: cut.when, cutShare: first ? requestsPerDay / whole : null, todo: cut.todo ?? null }];
  });
}

function retirementsOf(plan: Plan, { workload }: Context): ListItem<'retirements'>[] {
  const weeks = workload.assume('replaceModelWeeks');
  const options = plan.deployments.flatMap(optionsOf).filter(({ retires }) => retires !== null);
  return options
    .filter((option, i) => options.findIndex((one) => modelWords(one) === modelWords(option)) === i)
    .map((option) => {
      // A month alone is read as its first day, so that nobody is late.
      const retiresOn = `${option.retires}-01-01`.slice(0, 10);
      return {
        model: modelWords(option),
        retiresOn,
        replaceOn: dayAfter(retiresOn, -Math.ceil(weeks * daysPerWeek)),
        retireDays: daysBetween(workload.asOf, retiresOn),
      };
    });
}

function missFacts({ looked, task, gate }: Miss): ListItem<'misses'> {
  const found = looked.verdicts.find((one) => one.task === task && one.gate === gate);
  const turn = found?.verdict.why().turnsAt ?? null;
  return {
    miss: optionWords(looked.option),
    task,
    gate,
    missCost: looked.plan?.monthlyUsd ?? null,
    turnPath: turn?.path ?? null,
    turnNumber: typeof turn?.value === 'number' ? turn.value : null,
    turnWord: typeof turn?.value === 'string' ? turn.value : null,
    unpriced: looked.plan === null,
  };
}
