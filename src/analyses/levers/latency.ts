import { isUnpriced } from '../../cost/curve.js';
import { busyShare } from '../../decide/busy.js';
import type { LeverLatency } from '../../decide/decision.js';
import { rounded } from '../../decide/round.js';
import { placementOf } from '../../places/registry.js';
import { reasoningTokens } from '../../places/tokens-written.js';
import type { TaskPart } from '../../workload/workload.js';
import type { PlanLever } from './lever.js';

const msPerSecond = 1000;

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
      const highest = workload.assume('highestLoad');
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
