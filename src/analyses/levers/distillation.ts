import { isUnpriced } from '../../cost/curve.js';
import { advisedPlan, bestOnOwn } from '../../decide/choose.js';
import type { Part } from '../../decide/part.js';
import { type Deployment, type Plan, planOf } from '../../decide/plan.js';
import { difference } from '../../decide/round.js';
import type { Context, Placement } from '../../places/placement.js';
import { placements } from '../../places/registry.js';
import { indexTurn } from '../../rules/turns.js';
import { boundaries, type TaskPart } from '../../workload/workload.js';
import { mayStand, movedTo, servesAll } from './decide-again.js';
import { type PlanLever, type Refused, type Setting, withTaskParts } from './lever.js';

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
      const { need, low, high } = taskPart.needs.capability;
      const to = (index: number) => Math.max(0, index - gain);
      const text = `${to(need).toFixed(1)} (fine-tuned)`;
      return {
        ...taskPart,
        needs: { ...taskPart.needs, capability: { need: to(need), low: to(low), high: to(high), text } },
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
function joined(parts: readonly Part[]): Part[] {
  const found: Part[] = [];
  for (const part of parts) {
    const alone = part.second === undefined;
    const known = found.find(({ option, second }) => alone && second === undefined && option.id === part.option.id);
    if (known === undefined) found.push({ ...part });
    else known.taskParts = [...known.taskParts, ...part.taskParts];
  }
  return found;
}

function priced(parts: readonly Part[], context: Context): Plan | null {
  if (!servesAll(parts, context)) return null;
  const plan = planOf(parts, context);
  return isUnpriced(plan) ? null : plan;
}
