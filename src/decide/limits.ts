import type { Context } from '../places/placement.js';
import type { Divisible, Needs, Target, TaskPart } from '../workload/workload.js';

/** What a plan must reach beyond the rules, to find plans of other merits than being cheap. */
export type Limits = {
  /** Probability in percent, as the capability score has it, that each option suffices for what it serves. */
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

/** Whether all that keeps some limits keeps the wider ones too. */
export const isWithin = (limits: Limits, wider: Limits): boolean =>
  (wider.capabilityScore ?? 0) <= (limits.capabilityScore ?? 0) &&
  (wider.latencyScore ?? 0) <= (limits.latencyScore ?? 0) &&
  (wider.ttftP95Ms ?? Number.POSITIVE_INFINITY) >= (limits.ttftP95Ms ?? Number.POSITIVE_INFINITY) &&
  (wider.maxFte ?? Number.POSITIVE_INFINITY) >= (limits.maxFte ?? Number.POSITIVE_INFINITY) &&
  (wider.maxDeployments ?? Number.POSITIVE_INFINITY) >= (limits.maxDeployments ?? Number.POSITIVE_INFINITY) &&
  (limits.unconditional === true || wider.unconditional !== true);

/** The same case under limits: the engine looks for the cheapest plan that keeps them. */
export function limited(context: Context, limits: Limits): Context {
  const { workload } = context;
  const { maxFte = null, maxDeployments = workload.rules.maxDeployments, unconditional = false } = limits;
  return {
    tables: context.tables,
    workload: {
      ...workload,
      taskParts: workload.taskParts.map((taskPart) => limitedTaskPart(taskPart, limits)),
      rules: {
        ...workload.rules,
        maxDeployments: Math.min(maxDeployments, workload.rules.maxDeployments),
        maxFte,
        unconditional,
      },
    },
  };
}

/** Whether somebody waits for the answer. */
export const isWaitedFor = ({ waits }: TaskPart): boolean => waits === null;

/** Limits hold for a task as a whole, and for every part that it may be cut into. */
function limitedTaskPart(taskPart: TaskPart, limits: Limits): TaskPart {
  const under = (needs: Needs): Needs => limitedNeeds(needs, isWaitedFor(taskPart), limits);
  const { divisible } = taskPart;
  return {
    ...taskPart,
    needs: under(taskPart.needs),
    ...(divisible && { divisible: limitedParts(divisible, under) }),
  };
}

const limitedParts = ({ easy, sensitive, tuned }: Divisible, under: (needs: Needs) => Needs): Divisible => ({
  ...(easy && { easy }),
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

function limitedNeeds(needs: Needs, waitedFor: boolean, { capabilityScore, ttftP95Ms, latencyScore }: Limits): Needs {
  const { ttftP95Ms: first, totalP95Ms: whole, tokensPerSecond: speed } = needs;
  const times = latencyScore === undefined ? null : 100 / latencyScore;
  const stretched = (target: Target | null): number | null => times && target && target.value * times;
  const within = waitedFor ? (ttftP95Ms ?? null) : null;
  const early = [stretched(first), within].filter((limit) => limit !== null);
  return {
    ...needs,
    capability: { ...needs.capability, scoreAtLeast: capabilityScore ?? null },
    latencyLimits: {
      ttftP95Ms: early.length === 0 ? null : Math.min(...early),
      totalP95Ms: stretched(whole),
      tokensPerSecond: times && speed && speed.value / times,
    },
  };
}
