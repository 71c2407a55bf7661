import { type Admitted, admit } from '../core/admitted.js';
import { prepared } from '../core/decide.js';
import { optionAt } from '../core/rows.js';
import { refitted, shapeOf } from '../core/shape.js';
import { supplyOf } from '../core/supply.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { placements } from '../places/registry.js';
import { aloneIn } from '../several/tasks.js';
import type { Prose } from '../tables/tables.js';
import { placesUpTo } from '../units/columns.js';
import { rounded, roundedTree } from '../units/numeric.js';
import { mistakeIn } from '../workload/lint-contradictions.js';
import type { Choice } from './choice.js';
import type { AskedRow, NearestMiss, OptionReport } from './decision.js';
import { findPlan, missing } from './find-plan.js';
import type { Miss } from './near-misses.js';
import { ruledDevices } from './near-misses.js';
import {
  failedGates,
  type Looked,
  lookAt,
  optionById,
  optionReport,
  verdictsOf,
  verdictWords,
} from './option-report.js';
import { type Plan, planWords } from './plan.js';
import { kindsOf } from './recommendation.js';
import type { Reviewed } from './review.js';
import { keptOffers } from './task-case.js';

/**
 * What was requested, by id or as an option, and ids of plans that the report names; `progress` gets the number of
 * options evaluated.
 */
type Asked = {
  ids: readonly string[];
  named: readonly string[];
  options: readonly Option[];
  progress?: (options: number) => void;
};

/**
 * Options of the plan, of the cheapest plan and the runner-up, the best of each type, the nearest misses, others that the report names, and requested ones.
 */
export function shortlist(
  choice: Choice,
  plan: Plan | null,
  misses: readonly Miss[],
  asked: Asked,
  reviewOf: (plan: Plan) => Reviewed,
  context: Context,
  prose: Prose,
): OptionReport[] {
  const listed = new Map<string, Looked>();
  const put = (option: Option, whole?: Plan) => {
    if (listed.has(option.id)) return;
    listed.set(option.id, lookAt(option, context, whole && reviewOf(whole)));
    asked.progress?.(listed.size);
  };
  const best = choice.kinds.map((kind) => kind.plan);
  const provisioned = choice.provisioned();
  const beside = [provisioned?.plan ?? null, provisioned?.tokens ?? null];
  const plans = [plan, choice.cheapest, choice.runnerUp, ...best, choice.cheaperPlan, ...beside];
  for (const one of plans) {
    for (const { option, second } of one?.deployments ?? []) {
      // The plan of everything on that option has its id.
      put(option, one?.id === option.id ? one : undefined);
      if (second !== undefined) put(second.option);
    }
  }
  for (const { looked } of misses) if (!listed.has(looked.option.id)) listed.set(looked.option.id, looked);
  // What is there only under other inputs is named by its id.
  for (const id of asked.named.flatMap(optionsIn)) {
    const option = listed.has(id) ? null : optionById(id, context);
    if (option !== null) put(option);
  }
  const absent: OptionReport[] = [];
  for (const option of asked.options) put(option);
  for (const id of asked.ids.flatMap(optionsIn)) {
    const option = optionById(id, context);
    if (option === null) absent.push(notOnSale(id, context));
    else put(option);
  }
  const reports = [...listed.values()].map((looked) => optionReport(looked, context, prose, plan));
  return [...reports, ...absent];
}

/** The options a plan's id names; an option's id names itself. */
const optionsIn = (id: string): string[] => id.split(';').map((part) => part.slice(part.indexOf('=') + 1));

/** What is said of an id that the tables do not have. */
function notOnSale(id: string, { tables }: Context): OptionReport {
  const [kind, provider = ''] = id.split('/');
  const reason = `${id} is not in the tables of ${tables.snapshot.date}`;
  return {
    id,
    kind: placements.find((placement) => placement.kind === kind)?.kind ?? 'cloud-api',
    provider,
    model: id.split('/').slice(2).join('/'),
    mode: 'standard',
    quantization: null,
    hardware: null,
    instance: null,
    region: null,
    purchase: null,
    names: { model: id.split('/').slice(2).join('/'), provider, country: null, machine: null, unit: 'machine' },
    feasible: false,
    verdict: `no: available, ${reason}`,
    figures: {},
    failedGates: [{ gate: 'available', task: 'all', need: 'on sale', have: 'not on sale', reason, figures: {} }],
    conditions: [],
    unpriced: 'not on sale',
    monthlyCost: null,
    upfrontCost: null,
    costParts: [],
    capability: null,
    judgedCapability: null,
    capabilityNote: null,
    ttftP95Ms: null,
    tokensPerSecond: null,
    replicas: null,
    copiesPerReplica: null,
    utilization: null,
    devices: null,
    fte: null,
    lockIn: null,
    burden: null,
  };
}

/**
 * The report of a near miss.
 *
 * @param caseAt the case of the scenario with one `--set` more; null where that is no scenario
 * @param adviceIn the advice in a case; null: something fits as it is, so it is not needed
 * @param isBetter whether a plan would replace the advised one; null: nothing is advised
 */
export function missOf(
  { looked, task, gate }: Miss,
  caseAt: (setting: string) => Context | null,
  adviceIn: ((context: Context) => Plan | null) | null,
  isBetter: (plan: Plan) => boolean | null,
): NearestMiss {
  const isIt = (one: { task: string; gate: string }): boolean => one.task === task && one.gate === gate;
  const failed = failedGates(looked);
  const failing = failed.find(isIt);
  const turnsAt = looked.verdicts.find(isIt)?.verdict.why().turnsAt ?? null;
  const then = turnsAt && caseAt(`${turnsAt.path}=${turnsAt.value}`);
  const option = then && optionById(looked.option.id, then);
  const advised = then && (adviceIn?.(then) ?? null);
  const left = then && option ? failedGates(lookAt(option, then)) : failed.filter((one) => !isIt(one));
  return {
    option: looked.option.id,
    task,
    gate,
    need: failing?.need ?? '',
    have: failing?.have ?? '',
    reason: failing?.reason ?? '',
    figures: failing?.figures ?? {},
    monthlyCost: looked.plan === null ? null : rounded(looked.plan.monthlyUsd),
    turnsAt,
    stillFails: left.map((one) => ({ gate: one.gate, task: one.task })),
    wouldBeAdvised: looked.plan && isBetter(looked.plan),
    advised: advised && {
      plan: advised.id,
      label: planWords(advised, then.tables),
      monthlyCost: rounded(advised.monthlyUsd),
    },
  };
}

/**
 * Every option billed per token, whatever the rules, and the machines, workers and devices that no other of their type
 * beats at every task, with and without the rules: all others cost more and are no better.
 */
export function allOptions(context: Context, best: Choice['kinds'] = []): Option[] {
  const supply = supplyOf(context);
  const found = new Map(supply.apis.option.map((option) => [option.id, option]));
  const add = (option: Option): void => {
    if (!found.has(option.id)) found.set(option.id, option);
  };
  for (const { option } of ruledDevices(context, supply)) add(option);
  for (const taskPart of context.workload.taskParts) {
    const alone = aloneIn(context, taskPart);
    const admitted = admit(supply, alone);
    for (const some of [admitted, withoutRules(admitted)]) {
      const shape = shapeOf(some, alone);
      const { rows, shape: whole } = prepared(refitted(shape, new Set(placesUpTo(shape.looked.length)), {}));
      for (let row = rows.apis; row < rows.count; row++) add(optionAt({ rows, shape: whole }, row));
    }
  }
  for (const { plan } of best) for (const { option } of plan?.deployments ?? []) add(option);
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** All models on all offers, whatever rules say of them. */
const withoutRules = (admitted: Admitted): Admitted => ({
  ...admitted,
  items: placesUpTo(admitted.catalog.items.count),
  ...keptOffers(admitted, () => true),
});

/** What was requested by id, options and plans, with every rule that excludes it; an unknown one is not on sale. */
export function askedRow(id: string, advised: Plan | null, context: Context): AskedRow {
  const plan = findPlan(id, context);
  if (typeof plan === 'string') {
    const absent = plan === missing(id, context);
    const [need, have] = absent ? ['on sale', 'not on sale'] : ['a plan with a price', 'none'];
    // Of an id that is nearly one, what may be meant.
    const near = absent ? (mistakeIn(id, context.tables)?.near ?? null) : null;
    const why = near === null ? '' : ` (did you mean ${near}?)`;
    const failed = { gate: 'available', task: 'all', need, have, reason: `${plan}${why}`, figures: {} };
    return {
      id,
      label: null,
      kinds: [],
      feasible: false,
      monthlyCost: null,
      verdict: absent ? `no: not on sale in the tables of ${context.tables.snapshot.date}${why}` : `no: ${plan}`,
      figures: {},
      failedGates: [failed],
    };
  }
  const failed = failedGates({ verdicts: verdictsOf(plan, context) });
  const isAdvised = failed.length === 0 && plan.id === advised?.id;
  const verdict = isAdvised
    ? { text: 'recommended', figures: {} }
    : verdictWords(plan, failed, advised, 'passes every rule', context);
  return {
    id: plan.id,
    label: planWords(plan, context.tables),
    kinds: kindsOf(plan, context.workload),
    feasible: failed.length === 0,
    monthlyCost: rounded(plan.monthlyUsd),
    verdict: verdict.text,
    figures: roundedTree(verdict.figures),
    failedGates: failed,
  };
}

/** The existing plans among requested ids. */
export const askedPlans = (ids: readonly string[], context: Context): Plan[] =>
  ids.flatMap((id) => {
    const plan = findPlan(id, context);
    return typeof plan === 'string' ? [] : [plan];
  });
