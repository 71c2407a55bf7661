import { nativeScheme, schemesOfModel } from '../../capacity/model-schemes.js';
import { isUnpriced } from '../../cost/curve.js';
import { highestLoadOf } from '../../cost/deadline-sizing.js';
import { advisedPlan } from '../../decide/advice.js';
import { bestOnOwn } from '../../decide/choose.js';
import type { LeverChange, LeverLatency } from '../../decide/decision.js';
import { busyShare } from '../../decide/months.js';
import { findOption } from '../../decide/option-report.js';
import type { PlanPart } from '../../decide/plan.js';
import { type Deployment, type Plan, planOf } from '../../decide/plan.js';
import { difference, rounded } from '../../decide/round.js';
import type { Purchase } from '../../places/fleet-units.js';
import { type Option, optionId } from '../../places/option.js';
import type { Context, Placement } from '../../places/placement.js';
import { placementOf, placements } from '../../places/registry.js';
import { reasoningTokens } from '../../places/tokens-written.js';
import { indexTurn } from '../../rules/turns.js';
import { rentalForms } from '../../tables/price-columns.js';
import type { QuantizationRow } from '../../tables/rows.js';
import { msPerSecond } from '../../units/clock.js';
import { boundaries, type TaskPart } from '../../workload/workload.js';
import {
  mayStand,
  movedTo,
  type PlanLever,
  type Pulled,
  type Refused,
  type Setting,
  servesAll,
  withTaskParts,
} from './lever.js';

/** Another form of one deployment, best first, and the form it would have had without the lever. */
type Forms = {
  of: string;
  from: string;
  others: readonly { id: string; to: string }[];
  /** Set where the lever is in already: the id to go back to. */
  before: string | null;
};

/** The same model on the same machine in the next narrower scheme that is still good enough. */
export const quantization: PlanLever = {
  id: 'quantization',
  pull: (_, setting) =>
    inOtherForms(setting, 'quantization', schemesOf, {
      none: 'nothing in the plan runs on own machines: the provider chooses the format',
      best: 'no narrower format of the model is good enough, or runs on the machine',
    }),
};

/** The same machines under a commitment of a year or of three. */
export const reserved: PlanLever = {
  id: 'reserved',
  pull: (_, setting) =>
    inOtherForms(setting, 'purchase', purchasesOf, {
      none: 'nothing in the plan is rented by the hour',
      best: 'the tables have no reserved price of the machine',
    }),
};

function schemesOf({ option }: Deployment, { tables }: Context): Forms | null {
  const { fleet } = option;
  if (fleet === null) return null;
  const schemes = schemesOfModel(tables.quantization, fleet.model, 'weights').filter((row) => row.batchedServing);
  const bits = (row: QuantizationRow) => row.bitsPerWeight ?? Number.POSITIVE_INFINITY;
  const now = fleet.scheme;
  const released = nativeScheme(schemes, fleet.model);
  const idIn = ({ scheme }: QuantizationRow) => optionId({ ...option, quantization: scheme });
  return {
    of: option.model,
    from: now.scheme,
    others: schemes
      .filter((row) => bits(row) < bits(now))
      .sort((a, b) => bits(b) - bits(a))
      .map((row) => ({ id: idIn(row), to: row.scheme })),
    before: released !== null && bits(released) > bits(now) ? idIn(released) : null,
  };
}

const terms: readonly Purchase[] = rentalForms.flatMap(({ purchase, months }) => (months > 0 ? [purchase] : []));

function purchasesOf({ option }: Deployment): Forms | null {
  const { purchase } = option;
  if (option.fleet === null || purchase === null || purchase === 'bought' || purchase === 'owned') return null;
  const idAs = (form: Purchase) => optionId({ ...option, purchase: form });
  const committed = terms.includes(purchase);
  return {
    of: option.instance ?? option.model,
    from: purchase,
    others: terms.filter((term) => term !== purchase).map((term) => ({ id: idAs(term), to: term })),
    before: committed ? idAs('on-demand') : null,
  };
}

/** Every deployment in the cheapest of its other forms that breaks no rule; what is in already is compared with before. */
function inOtherForms(
  setting: Setting,
  key: string,
  formsOf: (deployment: Deployment, context: Context) => Forms | null,
  refusals: { none: string; best: string },
): Pulled | Refused {
  const { plan, context } = setting;
  const changes: LeverChange[] = [];
  const tasks: string[] = [];
  let better = plan;
  let seen = false;
  /** Undefined: nothing is in already; null: the plan could not run, or has no price, as it was before. */
  let before: Plan | null | undefined;
  for (const [i, deployment] of plan.deployments.entries()) {
    const forms = formsOf(deployment, context);
    if (forms === null) continue;
    seen = true;
    if (forms.before !== null) {
      const option = findOption(forms.before, context);
      before = option === null ? null : replaced(before ?? plan, i, option, context);
    }
    let best: { plan: Plan; to: string } | null = null;
    for (const { id, to } of forms.others) {
      const option = findOption(id, context);
      const other = option === null ? null : replaced(better, i, option, context);
      if (other === null || !mayStand(other, context)) continue;
      if (best === null || other.monthlyUsd < best.plan.monthlyUsd) best = { plan: other, to };
    }
    if (best === null) continue;
    better = best.plan;
    changes.push({ path: `${key} of ${forms.of}`, from: forms.from, to: best.to, unit: '' });
    tasks.push(...deployment.taskParts.map(({ task }) => task));
  }
  const saved = before === undefined ? {} : { savesNowUsd: before && difference(before.monthlyUsd, plan.monthlyUsd) };
  if (changes.length === 0) return { not: seen ? refusals.best : refusals.none, ...saved };
  return { plan: better, changes, tasks: [...new Set(tasks)], ...saved };
}

function replaced(plan: Plan, at: number, option: Option, context: Context): Plan | null {
  const parts = plan.deployments.map((deployment, i) => (i === at ? { ...deployment, option } : deployment));
  const other = planOf(parts, context);
  return isUnpriced(other) ? null : other;
}

/**
 * A small model drafts, the large one verifies several tokens at once. Told for the machines' mean load and for the
 * highest they are sized for: full batches leave little to gain.
 */
export const speculative: PlanLever = {
  id: 'speculative',
  pull(suits, { plan, context }) {
    const { workload } = context;
    const speculation = {
      tokens: workload.assume('speculativeTokens'),
      acceptance: workload.assume('speculativeAcceptance'),
      draftCost: workload.assume('speculativeDraftCost'),
    };
    for (const deployment of plan.deployments) {
      const { option } = deployment;
      const { speculated } = placementOf(option.kind);
      const taskPart = largest(deployment.taskParts.filter(suits));
      if (speculated === undefined || taskPart === null) continue;
      const highest = highestLoadOf(taskPart, workload);
      const mean = Math.min(highest, busyShare(deployment, context) ?? highest);
      const [at, full] = [mean, highest].map((load) => speculated(option, taskPart, load, speculation, context));
      if (!at || !full) continue;
      const tokens = taskPart.tokens.output + reasoningTokens(option, taskPart, workload);
      const writingMs = (tokensPerS: number) => rounded((tokens / tokensPerS) * msPerSecond);
      const change = (load: string, { plain, drafted }: typeof at) => ({
        path: `tokens/s of one answer at ${load}`,
        from: rounded(plain),
        to: rounded(drafted),
        unit: 'tokens/s',
      });
      return {
        plan: null,
        tasks: deployment.taskParts.map(({ task }) => task),
        changes: [change('the mean load', at), change('the highest load', full)],
        latency: {
          task: taskPart.task,
          what: 'writing the answer, mean load',
          fromMs: writingMs(at.plain),
          toMs: writingMs(at.drafted),
        },
      };
    }
    return { not: 'nothing in the plan decodes on own machines' };
  },
};

/** The reader waits for the first token, not for the whole answer. */
export const streaming: PlanLever = {
  id: 'streaming',
  pull(suits, { plan, context }) {
    const served = plan.deployments.flatMap(({ option, taskParts }) =>
      taskParts.map((taskPart) => ({ option, taskPart })),
    );
    const waited = served.filter(({ taskPart }) => suits(taskPart) && !taskPart.batchable);
    const shown = waited.filter(({ taskPart }) => !isJudged(taskPart));
    const taskPart = largest(shown.map((one) => one.taskPart));
    const option = shown.find((one) => one.taskPart === taskPart)?.option;
    if (taskPart === null || option === undefined)
      return {
        not: waited.length > 0 ? 'answers are judged before anybody sees them' : 'nobody waits for the answers',
      };
    const seen = placementOf(option.kind).service(option, taskPart, context);
    if (isUnpriced(seen) || seen.totalP95Ms === null || seen.ttftP95Ms === null)
      return { not: `the tables do not tell how fast ${option.provider} answers` };
    const latency: LeverLatency = {
      task: taskPart.task,
      what: 'wait until there is something to read, p95',
      fromMs: rounded(seen.totalP95Ms),
      toMs: rounded(seen.ttftP95Ms),
    };
    return {
      plan: null,
      tasks: [...new Set(shown.map((one) => one.taskPart.task))],
      changes: [{ path: 'the answer is shown', from: 'when it is whole', to: 'from its first token', unit: '' }],
      latency,
    };
  },
};

/** What a lesser model answers first, somebody judges as a whole; what goes on from there waits for that. */
const isJudged = ({ cut }: TaskPart): boolean => (cut?.again ?? cut?.shape) === 'cascade';

const largest = (taskParts: readonly TaskPart[]): TaskPart | null =>
  taskParts.reduce<TaskPart | null>(
    (most, taskPart) => (most === null || taskPart.requestsPerDay > most.requestsPerDay ? taskPart : most),
    null,
  );

/** Whether it runs in the team's own account or closer, so that its weights can be one's own. */
export const runsOnOwn = ({ option }: Pick<Deployment, 'option'>): boolean =>
  boundaries.indexOf(option.reach) <= boundaries.indexOf('own-account');

const onMachines: readonly Placement[] = placements.filter(({ perToken }) => !perToken);

/** The narrow tasks move to the cheapest machines whose model, fine-tuned to them, is good enough; the others stay. */
export const distillation: PlanLever = {
  id: 'distillation',
  pull(suits, setting) {
    const { context, plan } = setting;
    const { workload, tables } = context;
    const gain = workload.assume('distilledIndexGain');
    const fit = workload.taskParts.filter(suits);
    // Where the scenario says what a model tuned to the task needs, a default has nothing to add.
    const narrow = fit.filter(({ divisible }) => divisible?.tuned === undefined);
    if (fit.length > 0 && narrow.length === 0) return tunedAlready(setting);
    if (narrow.length === 0) return { not: 'no task is narrow enough for a model of its own' };
    const eased = (taskPart: TaskPart): TaskPart => {
      const { need, low, high, assumed } = taskPart.needs.capability;
      const to = (index: number) => Math.max(0, index - gain);
      const text = `${to(need).toFixed(1)} (fine-tuned)`;
      return {
        ...taskPart,
        needs: { ...taskPart.needs, capability: { need: to(need), low: to(low), high: to(high), text, assumed } },
      };
    };
    const changed = {
      tables,
      workload: withTaskParts(
        workload,
        workload.taskParts.map((taskPart) => (narrow.includes(taskPart) ? eased(taskPart) : taskPart)),
      ),
    };
    const moves = new Set(narrow.map(({ task }) => task));
    const own = {
      tables,
      workload: withTaskParts(
        workload,
        changed.workload.taskParts.filter(({ task }) => moves.has(task)),
      ),
    };
    const small = bestOnOwn(own, onMachines, runsOnOwn);
    if (small === null) return { not: 'no own machine may or can run the narrow tasks' };
    const stay = movedTo(plan.deployments, changed).map((part) => ({
      ...part,
      taskParts: part.taskParts.filter(({ task }) => !moves.has(task)),
    }));
    const moved = movedTo(small.deployments, changed);
    const together = priced(joined([...moved, ...stay.filter(({ taskParts }) => taskParts.length > 0)]), changed);
    if (together === null || !mayStand(together, changed))
      return { not: 'the plan with machines for the narrow tasks breaks a rule' };
    return {
      plan: together,
      tasks: [...moves],
      changes: narrow.map((taskPart) => {
        const { need } = taskPart.needs.capability;
        const { path, value } = indexTurn(taskPart, Math.max(0, need - gain));
        return { path, from: need, to: value, unit: '' };
      }),
      extraUsd: workload.assume('distillationUsd') / workload.months,
    };
  },
};

/** Models tuned as the scenario says: what they save, where the plan has them, is beside what is run without them. */
function tunedAlready({ context, plan }: Setting): Refused {
  const not = 'the plan was chosen knowing what a tuned model needs, as the scenario gives it';
  if (!plan.deployments.some(({ taskParts }) => taskParts.some(({ tuningUsd }) => tuningUsd !== undefined)))
    return { not };
  const taskParts = context.workload.taskParts.map(({ divisible: { tuned: _, ...others } = {}, ...taskPart }) => ({
    ...taskPart,
    divisible: others,
  }));
  const before = advisedPlan({ ...context, workload: withTaskParts(context.workload, taskParts) });
  return { not, savesNowUsd: before && difference(before.monthlyUsd, plan.monthlyUsd) };
}

/** One deployment for each option; one with a second place behind it stays by itself. */
function joined(parts: readonly PlanPart[]): PlanPart[] {
  const found: PlanPart[] = [];
  for (const part of parts) {
    const alone = part.second === undefined;
    const known = found.find(({ option, second }) => alone && second === undefined && option.id === part.option.id);
    if (known === undefined) found.push({ ...part });
    else known.taskParts = [...known.taskParts, ...part.taskParts];
  }
  return found;
}

function priced(parts: readonly PlanPart[], context: Context): Plan | null {
  if (!servesAll(parts, context)) return null;
  const plan = planOf(parts, context);
  return isUnpriced(plan) ? null : plan;
}
