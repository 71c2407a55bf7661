import type { Context } from '../places/placement.js';
import type { CapabilityNeed, Divisible, Needs, Target, TaskPart } from '../workload/workload.js';

/** What a task must have beyond the rules. */
export type TaskLimits = {
  /** Required probability in percent of being good enough where the need is assumed. */
  confidence?: number;
  /** Times the preset's first token (p95) that its own may take, where somebody waits and no target is written. */
  patience?: number;
  /** Share of the requested first token by which it must be sooner at p95, where somebody waits. */
  headroom?: number;
  /** Capability index that a model must be above. */
  indexAbove?: number;
} & Pick<Limits, 'capabilityScore' | 'ttftP95Ms' | 'latencyScore'>;

/** What a plan must reach beyond the rules, to find plans of other merits than being cheap. */
export type Limits = {
  /** Probability in percent, by the capability score, that each option suffices for what it serves. */
  capabilityScore?: number;
  /** Largest p95 time to the first token of the tasks that somebody waits for. */
  ttftP95Ms?: number;
  /** Least latency score: targets over what is predicted, in percent. */
  latencyScore?: number;
  maxFte?: number;
  maxDeployments?: number;
  /** Nothing to sign or declare. */
  unconditional?: boolean;
};

/** The same case under limits: the engine looks for the cheapest plan that keeps them. */
export function limited(context: Context, limits: Limits): Context {
  const { maxFte = null, maxDeployments = context.workload.rules.maxDeployments, unconditional = false } = limits;
  const { tables, workload } = limitedByTask(context, () => limits);
  const rules = {
    ...workload.rules,
    maxDeployments: Math.min(maxDeployments, workload.rules.maxDeployments),
    maxFte,
    unconditional,
  };
  return { tables, workload: { ...workload, rules } };
}

/** The same under limits that each task has for itself. */
export const limitedByTask = (
  { tables, workload }: Context,
  limitsOf: (taskPart: TaskPart) => TaskLimits,
): Context => ({
  tables,
  workload: {
    ...workload,
    taskParts: workload.taskParts.map((taskPart) => limitedTaskPart(taskPart, limitsOf(taskPart))),
  },
});

/** Whether somebody waits for the answer. */
export const isWaitedFor = ({ waits }: TaskPart): boolean => waits === null;

/** Limits hold for a task as a whole, and for every part that it may be cut into. */
function limitedTaskPart(taskPart: TaskPart, limits: TaskLimits): TaskPart {
  const under = (needs: Needs): Needs => limitedNeeds(needs, isWaitedFor(taskPart), limits);
  const { divisible } = taskPart;
  return {
    ...taskPart,
    needs: under(taskPart.needs),
    ...(divisible && { divisible: limitedParts(divisible, under, limits) }),
  };
}

const limitedParts = (
  { easy, sensitive, tuned }: Divisible,
  under: (needs: Needs) => Needs,
  limits: TaskLimits,
): Divisible => ({
  ...(easy && { easy: { ...easy, capability: limitedCapability(easy.capability, limits) } }),
  ...(sensitive && {
    sensitive: {
      ...sensitive,
      rest: under(sensitive.rest),
      ...(sensitive.redaction && {
        redaction: { needs: under(sensitive.redaction.needs), leaves: under(sensitive.redaction.leaves) },
      }),
    },
  }),
  ...(tuned && { tuned: { ...tuned, needs: under(tuned.needs) } }),
});

function limitedCapability(
  capability: CapabilityNeed,
  { capabilityScore, confidence, indexAbove }: TaskLimits,
): CapabilityNeed {
  const { scoreAtLeast: asked = null, assumed } = capability;
  const scores = [asked, assumed ? (confidence ?? null) : null, capabilityScore ?? null].filter((one) => one !== null);
  return {
    ...capability,
    scoreAtLeast: scores.length === 0 ? null : Math.max(...scores),
    ...(indexAbove !== undefined && { indexAbove }),
  };
}

function limitedNeeds(
  needs: Needs,
  waitedFor: boolean,
  { ttftP95Ms, latencyScore, patience, headroom, ...limits }: TaskLimits,
): Needs {
  const { ttftP95Ms: first, totalP95Ms: whole, tokensPerSecond: speed } = needs;
  const times = latencyScore === undefined ? null : 100 / latencyScore;
  const stretched = (target: Target | null): number | null => times && target && target.value * times;
  const within = waitedFor ? (ttftP95Ms ?? null) : null;
  const borne = waitedFor && patience !== undefined && first?.by === 'preset' ? patience * first.value : null;
  const sooner = waitedFor && headroom !== undefined && first?.by === 'user' ? (1 - headroom) * first.value : null;
  const before = needs.latencyLimits;
  const early = [stretched(first), within, borne, sooner, before?.ttftP95Ms ?? null].filter((limit) => limit !== null);
  return {
    ...needs,
    capability: limitedCapability(needs.capability, limits),
    latencyLimits: {
      ttftP95Ms: early.length === 0 ? null : Math.min(...early),
      totalP95Ms: stretched(whole) ?? before?.totalP95Ms ?? null,
      tokensPerSecond: (times && speed && speed.value / times) ?? before?.tokensPerSecond ?? null,
    },
  };
}
