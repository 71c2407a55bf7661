import { advisedPlan } from '../../decide/advice.js';
import type { Choice } from '../../decide/choice.js';
import type { LeverChange, LeverReport } from '../../decide/decision.js';
import { sourceWords } from '../../decide/option-report.js';
import { type Plan, servedWords } from '../../decide/plan.js';
import { difference, rounded, roundedOrNull } from '../../decide/round.js';
import type { Context } from '../../places/placement.js';
import type { LeverRow } from '../../tables/rows.js';
import type { Prose } from '../../tables/tables.js';
import { keptOf } from '../../workload/conversation.js';
import type { Scenario } from '../../workload/schema.js';
import { taskNames } from '../../workload/set.js';
import type { Workload } from '../../workload/workload.js';
import {
  changeWords,
  decideAgain,
  type InputLever,
  isRefused,
  type PlanLever,
  type Refused,
  type Setting,
  samePlan,
  type Working,
} from './lever.js';
import { distillation, quantization, reserved, speculative, streaming } from './machines.js';
import { batch, easyRouting, responseCache, together } from './requests.js';
import { lessHistory, outputTrim, promptCache, promptTrim } from './tokens.js';

/** Levers on what is asked for, in the order in which they are applied together. */
const inputLevers: readonly InputLever[] = [
  responseCache,
  promptTrim,
  outputTrim,
  lessHistory,
  promptCache,
  batch,
  easyRouting,
];
/** Levers on how it is run. */
const planLevers: readonly PlanLever[] = [quantization, reserved, distillation, speculative, streaming];
const allTogether = 'all-api-levers';

const percent = 100;

/** What is known of a lever's outcome before it is told. */
type Outcome = Partial<
  Pick<LeverReport, 'changes' | 'appliesTo' | 'latency' | 'comparison' | 'plan' | 'planLabel' | 'extraCost' | 'change'>
> & { usd: number; nowUsd: number; savesNow: number | null | undefined };

/** Every lever, pulled alone on the recommended plan; then all that lower an API's bill together. */
export function leversOf(
  plan: Plan,
  { kinds }: Pick<Choice, 'kinds'>,
  { tasks: written, workload: asWritten }: Pick<Scenario, 'tasks' | 'workload'>,
  context: Context,
  prose: Prose,
  progress: (levers: number, total: number) => void = () => undefined,
): LeverReport[] {
  const { workload, tables } = context;
  const names = taskNames(written);
  const types = new Map(written.map(({ type }, i) => [names[i], type]));
  const typeOf = ({ task }: { task: string }): string => types.get(task) ?? '';
  const setting: Setting = {
    context,
    plan,
    presetOf: (taskPart) => tables.taskOf.get(typeOf(taskPart)),
  };
  const inTokens = [
    ...(asWritten.volume.of === 'tokens' ? ['workload.volume'] : []),
    ...written.flatMap(({ volume }, i) => (volume?.of === 'tokens' ? [`tasks.${names[i]}.volume`] : [])),
  ];
  const turns = turnsOf(context);
  const start: Working = { workload, history: { turns, kept: keptOf(turns, workload.assume) } };
  const rowOf = (id: string): LeverRow => {
    const row = tables.levers.find(({ lever }) => lever === id);
    if (row === undefined) throw new Error(`no lever ${id} in the tables`);
    return row;
  };
  const suits =
    ({ tasks }: LeverRow): ((taskPart: { task: string }) => boolean) =>
    (taskPart) =>
      tasks.length === 0 || tasks.includes(typeOf(taskPart));
  let done = 0;
  const told = (id: string, outcome: Outcome | Refused) => {
    progress(++done, inputLevers.length + planLevers.length + 1);
    return report(rowOf(id), outcome, context, prose);
  };

  return [
    ...inputLevers.map((lever) => told(lever.id, onInput(lever, suits(rowOf(lever.id)), start, setting, inTokens))),
    ...planLevers.map((lever) => told(lever.id, onPlan(lever, suits(rowOf(lever.id)), setting))),
    told(allTogether, onAll()),
  ];

  function onAll(): Outcome | Refused {
    const suited = inputLevers.map((lever) => ({ lever, suits: suits(rowOf(lever.id)) }));
    const comparison = together(suited, start, setting, kinds);
    if (isRefused(comparison)) return comparison;
    const { apiPlan, apiCost, optimizedApiPlan, optimizedApiLabel, optimizedApiCost, pulled } = comparison;
    const stays = optimizedApiPlan === apiPlan;
    const change = pulled.length === 0 ? 'none of them lowers the bill' : pulled.join(', then ');
    return {
      usd: optimizedApiCost,
      nowUsd: apiCost,
      savesNow: undefined,
      change,
      comparison,
      plan: stays ? null : optimizedApiPlan,
      planLabel: stays ? null : optimizedApiLabel,
      appliesTo: workload.taskParts.map(({ task }) => task),
    };
  }
}

const turnsOf = ({ workload }: Context): number =>
  workload.inputs.find(({ path }) => path === 'workload.turns')?.value.likely ?? 1;

function onInput(
  lever: InputLever,
  suits: Parameters<InputLever['change']>[1],
  start: Working,
  setting: Setting,
  inTokens: readonly string[],
): Outcome | Refused {
  const { plan } = setting;
  const savesNow = savedBy(lever, start, setting);
  const changed = lever.change(start, suits, setting);
  if (isRefused(changed)) return { ...changed, ...(savesNow !== undefined && { savesNowUsd: savesNow }) };
  const { changes, tasks, extraUsd = 0 } = changed;
  const again = decideAgain(setting, changed.working.workload);
  if (again === null) return { not: 'nothing satisfies the hard rules with it' };
  return {
    usd: again.plan.monthlyUsd + extraUsd,
    nowUsd: plan.monthlyUsd,
    savesNow,
    changes: [...changes, ...heldVolumes(inTokens, start.workload, changed.working.workload)],
    appliesTo: tasks,
    extraCost: extraUsd,
    ...named(again.switched ? again.plan : null, setting),
  };
}

/** Volumes that the scenario has in tokens, in requests: a lever asks as many where each of them has other tokens. */
function heldVolumes(inTokens: readonly string[], before: Workload, after: Workload): LeverChange[] {
  const tokensIn = new Map(after.taskParts.map(({ id, tokens }) => [id, tokens.input + tokens.output]));
  const others = before.taskParts.filter(({ id, tokens }) => tokensIn.get(id) !== tokens.input + tokens.output);
  return inTokens.flatMap((path) => {
    const own = others.find(({ task }) => path === `tasks.${task}.volume`);
    const common = path === 'workload.volume' && others.some(({ scales }) => scales);
    const requests = common ? before.requestsPerDay : own?.requestsPerDay;
    return requests === undefined ? [] : [{ path, from: requests, to: requests, unit: 'requests/day' }];
  });
}

/** What a lever that is in the plan saves there, USD a month; undefined: it is not in. */
function savedBy(lever: InputLever, start: Working, setting: Setting): number | null | undefined {
  const without = lever.without?.(start, setting) ?? null;
  if (without === null) return undefined;
  const then = { ...setting.context, workload: without };
  // Parts of a task may be there by the lever alone: another plan is run without it.
  const before = samePlan(setting.plan, then) ?? advisedPlan(then);
  return before && difference(before.monthlyUsd, setting.plan.monthlyUsd);
}

const named = (plan: Plan | null, { context }: Setting) => ({
  plan: plan?.id ?? null,
  planLabel: plan && servedWords(plan, context.tables),
});

function onPlan(lever: PlanLever, suits: Parameters<PlanLever['pull']>[0], setting: Setting): Outcome | Refused {
  const pulled = lever.pull(suits, setting);
  if (isRefused(pulled)) return pulled;
  const { plan, changes, tasks, extraUsd = 0, latency = null, savesNowUsd } = pulled;
  return {
    usd: (plan ?? setting.plan).monthlyUsd + extraUsd,
    nowUsd: setting.plan.monthlyUsd,
    savesNow: savesNowUsd,
    changes,
    appliesTo: tasks,
    extraCost: extraUsd,
    ...named(plan?.id === setting.plan.id ? null : plan, setting),
    latency,
  };
}

function report(row: LeverRow, outcome: Outcome | Refused, { tables }: Context, prose: Prose): LeverReport {
  const { lever, label, caveat, parameters } = row;
  const origins = [
    { table: 'levers' as const, row: row.row },
    ...parameters.flatMap((name) => {
      const known = tables.parameterOf.get(name);
      return known === undefined ? [] : [{ table: known.table, row: known.row }];
    }),
  ];
  const refused = isRefused(outcome);
  const savesNow = refused ? outcome.savesNowUsd : outcome.savesNow;
  const saves = refused ? null : difference(outcome.nowUsd, outcome.usd);
  const changes = refused ? [] : (outcome.changes ?? []);
  return {
    id: lever,
    label,
    applies: !refused,
    reason: refused ? outcome.not : null,
    alreadyIn: savesNow !== undefined,
    savesNow: roundedOrNull(savesNow ?? null),
    change: refused ? null : (outcome.change ?? changeWords(changes)),
    changes: changes.map(({ path, from, to, unit }) => ({
      path,
      from: roundedValue(from),
      to: roundedValue(to),
      unit,
    })),
    appliesTo: refused ? [] : (outcome.appliesTo ?? []),
    monthlyCost: refused ? null : rounded(outcome.usd),
    saves: roundedOrNull(saves),
    percent: refused || saves === null || outcome.nowUsd === 0 ? null : rounded((percent * saves) / outcome.nowUsd),
    extraCost: refused ? 0 : rounded(outcome.extraCost ?? 0),
    plan: refused ? null : (outcome.plan ?? null),
    planLabel: refused ? null : (outcome.planLabel ?? null),
    latency: refused ? null : (outcome.latency ?? null),
    comparison: refused ? null : (outcome.comparison ?? null),
    caveat,
    sources: origins.map((origin) => sourceWords(origin, prose, tables)),
  };
}

const roundedValue = (value: number | string): number | string => (typeof value === 'number' ? rounded(value) : value);
