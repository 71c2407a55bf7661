import { kindOf } from '../../core/kinds.js';
import { requestsPerMonthPerDaily } from '../../cost/curve.js';
import type { KindBest } from '../../decide/choice.js';
import { bestOnOwn } from '../../decide/choose.js';
import { cheapestIn } from '../../decide/decide-case.js';
import type { LeverChange, LeverComparison } from '../../decide/decision.js';
import { type Plan, servedWords } from '../../decide/plan.js';
import { rounded, roundedOrNull } from '../../decide/round.js';
import { findTaskPartIn } from '../../decide/splits/cuts.js';
import type { Context, Placement } from '../../places/placement.js';
import { placementOf, placements } from '../../places/registry.js';
import type { TakesPart } from '../../several/taken.js';
import type { Kind } from '../../tables/rows.js';
import { certainlyBelow } from '../../units/float.js';
import { doneInTime } from '../../workload/deferral.js';
import { batchDeadlineHours } from '../../workload/resolve.js';
import { hasTarget, isDevelopment, type TaskPart, type Workload } from '../../workload/workload.js';
import {
  type Changed,
  changeTaskParts,
  type InputLever,
  isRefused,
  type Refused,
  type Setting,
  type Suits,
  type Working,
  withTaskParts,
} from './lever.js';
import { runsOnOwn } from './machines.js';

const tokensPerPrice = 1e6;
/** What sums of other requests leave of a share that stays. */
const negligible = 1e-9;
/** What stands for a field that a scenario does not have. */
const none = 'none';

/** A share of the questions is answered from a store; every question is embedded to look there. */
export const responseCache: InputLever = {
  id: 'response-cache',
  change(working, suits) {
    const { workload } = working;
    const hit = workload.assume('semanticCacheHitRate');
    const usdPerMTok = workload.assume('semanticCacheEmbeddingUsdPerMTok');
    let extraUsd = 0;
    let personal = 0;
    const changed = changeTaskParts(working, (taskPart) => {
      if (!suits(taskPart)) return null;
      if (isPersonal(taskPart)) {
        personal++;
        return null;
      }
      const { requestsPerDay, tokens } = taskPart;
      const requests = requestsPerDay * requestsPerMonthPerDaily(taskPart, workload);
      extraUsd += (requests * (tokens.input - tokens.prefix) * usdPerMTok) / tokensPerPrice;
      const fewer = requestsPerDay * (1 - hit);
      return { taskParts: [{ ...taskPart, requestsPerDay: fewer }], changes: [] };
    });
    if (changed === null) {
      const why =
        personal > 0
          ? 'answers to questions with personal data must not be shared'
          : 'no task is of a kind whose questions repeat';
      return { not: why };
    }
    return { ...changed, changes: volumeChanges(workload, changed.working.workload), extraUsd };
  },
};

/** Other volumes of tasks, as a scenario says them: a common volume with the share of each task, or a task's own. */
function volumeChanges(before: Workload, after: Workload): LeverChange[] {
  const whole = ({ taskParts }: Workload) => taskParts.filter((taskPart) => !isDevelopment(taskPart));
  const commonOf = (workload: Workload) =>
    whole(workload).reduce((sum, { scales, requestsPerDay }) => sum + (scales ? requestsPerDay : 0), 0);
  const [common, commonThen] = [commonOf(before), commonOf(after)];
  const requests = (path: string, from: number, to: number): LeverChange[] =>
    from === to ? [] : [{ path, from, to, unit: 'requests/day' }];
  const then = new Map(after.taskParts.map((taskPart) => [taskPart.id, taskPart.requestsPerDay]));
  const scaling = whole(before).filter(({ scales }) => scales);
  const shares = scaling.map(({ id, task, requestsPerDay }) => ({
    path: `tasks.${task}.share`,
    from: requestsPerDay / common,
    to: (then.get(id) ?? 0) / commonThen,
    unit: '',
  }));
  return [
    ...requests('workload.volume', common, commonThen),
    ...(shares.some(({ from, to }) => Math.abs(to - from) > from * negligible) ? shares : []),
    ...whole(before)
      .filter(({ scales }) => !scales)
      .flatMap(({ id, task, requestsPerDay }) =>
        requests(`tasks.${task}.volume`, requestsPerDay, then.get(id) ?? requestsPerDay),
      ),
  ];
}

/** What one person asked must not answer another. */
const isPersonal = ({ needs }: TaskPart): boolean => needs.sensitivity !== 'public' && needs.sensitivity !== 'internal';

/** Work that nobody waits for takes the batch tariff, and on machines the free hours. */
export const batch: InputLever = {
  id: 'batch',
  change(working, suits, { presetOf }) {
    let waiting = 0;
    const changed = changeTaskParts(working, (taskPart) => {
      if (!suits(taskPart) || taskPart.batchable) return null;
      if (presetOf(taskPart)?.batchable !== true || hasTarget(taskPart)) {
        waiting++;
        return null;
      }
      return {
        taskParts: [{ ...taskPart, ...doneInTime(arrivalsOf(taskPart), batchDeadlineHours), batchable: true }],
        changes: [
          {
            path: `tasks.${taskPart.task}.deadline`,
            from: taskPart.waits?.deadlineHours ?? 0,
            to: batchDeadlineHours,
            unit: 'hours',
          },
        ],
      };
    });
    return (
      changed ?? {
        not: waiting > 0 ? 'somebody waits for the answers' : 'all that may wait a day does so already',
      }
    );
  },
  without({ workload }) {
    if (!workload.taskParts.some(({ batchable }) => batchable)) return null;
    return withTaskParts(
      workload,
      workload.taskParts.map((taskPart) =>
        taskPart.batchable ? { ...taskPart, hours: arrivalsOf(taskPart), waits: null, batchable: false } : taskPart,
      ),
    );
  },
};

const arrivalsOf = ({ waits, hours }: TaskPart) => waits?.arrivals ?? hours;

/** The easy requests of a task ask for a model one tier below: the task becomes two parts with needs of their own. */
export const easyRouting: InputLever = {
  id: 'easy-routing',
  change(working, suits, { context, plan }) {
    const { workload } = working;
    const share = workload.assume('easyShare');
    const inParts = new Set(
      plan.deployments.flatMap(({ taskParts }) => taskParts.flatMap((s) => (s.cut ? [s.task] : []))),
    );
    let known = 0;
    let cut = 0;
    const tiers = [...context.tables.tiers].sort((a, b) => b.fromIndex - a.fromIndex);
    const changed = changeTaskParts(working, (taskPart) => {
      const { need } = taskPart.needs.capability;
      const own = tiers.findIndex(({ fromIndex }) => need >= fromIndex);
      const below = tiers[own + 1];
      if (!suits(taskPart) || taskPart.part !== 'all' || below === undefined || below.fromIndex === 0) return null;
      // A default must not take the place of what the user knows, nor one way to cut a task up that of another.
      if (taskPart.divisible?.easy !== undefined) {
        known++;
        return null;
      }
      if (inParts.has(taskPart.task)) {
        cut++;
        return null;
      }
      const easier = below.fromIndex;
      const path = `tasks.${taskPart.task}.easy`;
      const text = `${easier} (easy, tier ${below.name})`;
      const part = (name: string, of: number): TaskPart => ({
        ...taskPart,
        id: `${taskPart.id}.${name}`,
        part: name,
        requestsPerDay: taskPart.requestsPerDay * of,
      });
      const capability = { need: easier, low: easier, high: easier, text, assumed: true };
      return {
        taskParts: [{ ...part('easy', share), needs: { ...taskPart.needs, capability } }, part('hard', 1 - share)],
        changes: [
          { path: `${path}.share`, from: none, to: share, unit: '' },
          { path: `${path}.capability.minIndex`, from: need, to: easier, unit: '' },
          { path: `${path}.told`, from: none, to: 'before', unit: '' },
        ],
      };
    });
    if (changed !== null) return changed;
    if (known > 0) return { not: 'the plan was chosen knowing the easy share that the scenario gives' };
    if (cut > 0) return { not: 'the plan cuts the tasks up in another way' };
    return { not: 'every task is content with the lowest tiers: no smaller model to route to' };
  },
  without({ workload }, { context, plan }) {
    const taskParts = workload.taskParts.map((taskPart) => {
      if (taskPart.divisible?.easy === undefined) return taskPart;
      const { easy: _, ...divisible } = taskPart.divisible;
      return { ...taskPart, divisible };
    });
    const without = withTaskParts(workload, taskParts);
    // It is in where the plan has parts that nobody could tell apart without it.
    const find = findTaskPartIn({ tables: context.tables, workload: without });
    const isIn = plan.deployments.some((deployment) =>
      deployment.taskParts.some((taskPart) => find(taskPart) === null),
    );
    return isIn ? without : null;
  },
};

const onApis: TakesPart = (_, kind) => placementOf(kindOf[kind] as Kind).perToken;
const machines: readonly Placement[] = placements.filter(({ perToken }) => !perToken);

/** A lever on the input, and the tasks it suits. */
export type Suited = { lever: InputLever; suits: Suits };

/** Levers pulled one after the other, and the cheapest plan on APIs alone that they leave; what they cost is in `usd`. */
type Best = { plan: Plan; usd: number; working: Working; extraUsd: number; pulled: readonly string[] };

/**
 * The cheapest plan on APIs alone with levers that lower its bill, each worked out on what those before it left: one after
 * the other in the order given, or, where that leaves some out, the one that lowers it most first, whichever costs less. And
 * running it ourselves beside it, as it is and with the same levers.
 */
export function together(
  levers: readonly Suited[],
  start: Working,
  setting: Setting,
  kinds: readonly KindBest[],
): LeverComparison | Refused {
  const { tables, workload } = setting.context;
  const now = cheapestIn(setting.context, onApis);
  if (now === null) return { not: 'no API may serve every task' };
  const none: Best = { plan: now, usd: now.monthlyUsd, working: start, extraUsd: 0, pulled: [] };
  const changedBy = ({ lever, suits }: Suited, { working, plan }: Best): Changed | Refused =>
    lever.change(working, suits, { ...setting, plan });
  /** With a lever more; null: it cannot be pulled, or lowers nothing. */
  const withOne = (one: Suited, best: Best): Best | null => {
    const changed = changedBy(one, best);
    if (isRefused(changed)) return null;
    const { working } = changed;
    const extraUsd = best.extraUsd + (changed.extraUsd ?? 0);
    const plan = cheapestIn({ tables, workload: working.workload }, onApis);
    if (plan === null || plan.monthlyUsd + extraUsd >= best.usd) return null;
    return { plan, usd: plan.monthlyUsd + extraUsd, working, extraUsd, pulled: [...best.pulled, one.lever.id] };
  };
  const left = ({ working, plan, pulled }: Best): string[] =>
    levers
      .filter(({ lever }) => !pulled.includes(lever.id))
      .filter((one) => [none, { ...none, working, plan }].some((best) => !isRefused(changedBy(one, best))))
      .map(({ lever }) => lever.id);
  const inOrder = levers.reduce((best, one) => withOne(one, best) ?? best, none);
  const mostFirst = (best: Best): Best => {
    const next = levers
      .filter(({ lever }) => !best.pulled.includes(lever.id))
      .flatMap((one) => withOne(one, best) ?? [])
      .reduce<Best | null>((least, one) => (least === null || one.usd < least.usd ? one : least), null);
    return next === null ? best : mostFirst(next);
  };
  const other = left(inOrder).length === 0 ? inOrder : mostFirst(none);
  const best = other.usd < inOrder.usd * certainlyBelow ? other : inOrder;
  const own = cheapestOwn(kinds);
  const optimizedOwn = own === null ? null : ownUnder(best.working, best.extraUsd, setting.context);
  return {
    apiPlan: now.id,
    apiCost: rounded(now.monthlyUsd),
    optimizedApiPlan: best.plan.id,
    optimizedApiLabel: servedWords(best.plan, setting.context.tables),
    optimizedApiCost: rounded(best.usd),
    pulled: [...best.pulled],
    leftOut: left(best),
    selfHostedPlan: own?.id ?? null,
    selfHostedCost: roundedOrNull(own?.monthlyUsd ?? null),
    optimizedSelfHostedCost: roundedOrNull(optimizedOwn),
    todayOption: workload.today?.option ?? null,
    todayCost: roundedOrNull(workload.today?.billUsdPerMonth ?? null),
  };
}

const cheapestOwn = (kinds: readonly KindBest[]): Plan | null =>
  kinds
    .flatMap(({ plan, feasible }) => (feasible && plan?.deployments.every(runsOnOwn) ? [plan] : []))
    .reduce<Plan | null>((best, plan) => (best === null || plan.monthlyUsd < best.monthlyUsd ? plan : best), null);

function ownUnder({ workload }: Working, extraUsd: number, { tables }: Context): number | null {
  const plan = bestOnOwn({ workload, tables }, machines, runsOnOwn);
  return plan && plan.monthlyUsd + extraUsd;
}
