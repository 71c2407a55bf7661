import { isUnpriced } from '../../cost/line.js';
import { busyShare } from '../../decide/busy.js';
import type { LeverLatency } from '../../decide/decision.js';
import { rounded } from '../../decide/round.js';
import { placementOf } from '../../places/registry.js';
import { reasoningTokens } from '../../places/tokens-written.js';
import type { Slice } from '../../workload/demand.js';
import type { PlanLever } from './lever.js';

const msPerSecond = 1000;

/**
 * A small model drafts, the large one verifies several tokens at once. Told for the machines' mean load and for the
 * highest they are sized for: full batches leave little to gain.
 */
export const speculative: PlanLever = {
  id: 'speculative',
  pull(suits, { plan, of }) {
    const { demand } = of;
    const speculation = {
      tokens: demand.assume('speculativeTokens'),
      acceptance: demand.assume('speculativeAcceptance'),
      draftCost: demand.assume('speculativeDraftCost'),
    };
    for (const deployment of plan.deployments) {
      const { option } = deployment;
      const { speculated } = placementOf(option.kind);
      const slice = largest(deployment.slices.filter(suits));
      if (speculated === undefined || slice === null) continue;
      const highest = demand.assume('highestLoad');
      const mean = Math.min(highest, busyShare(deployment, of) ?? highest);
      const [at, full] = [mean, highest].map((load) => speculated(option, slice, load, speculation, of));
      if (!at || !full) continue;
      const tokens = slice.tokens.output + reasoningTokens(option, slice, demand);
      const writingMs = (tokensPerS: number) => rounded((tokens / tokensPerS) * msPerSecond);
      const change = (load: string, { plain, drafted }: typeof at) => ({
        path: `tokens/s of one answer at ${load}`,
        from: rounded(plain),
        to: rounded(drafted),
        unit: 'tokens/s',
      });
      return {
        plan: null,
        tasks: deployment.slices.map(({ task }) => task),
        changes: [change('the mean load', at), change('the highest load', full)],
        latency: {
          task: slice.task,
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
  pull(suits, { plan, of }) {
    const served = plan.deployments.flatMap(({ option, slices }) => slices.map((slice) => ({ option, slice })));
    const waited = served.filter(({ slice }) => suits(slice) && !slice.batchable);
    const shown = waited.filter(({ slice }) => !isJudged(slice));
    const slice = largest(shown.map((one) => one.slice));
    const option = shown.find((one) => one.slice === slice)?.option;
    if (slice === null || option === undefined)
      return {
        not: waited.length > 0 ? 'answers are judged before anybody sees them' : 'nobody waits for the answers',
      };
    const seen = placementOf(option.kind).service(option, slice, of);
    if (isUnpriced(seen) || seen.totalP95Ms === null || seen.ttftP95Ms === null)
      return { not: `the tables do not tell how fast ${option.provider} answers` };
    const latency: LeverLatency = {
      task: slice.task,
      what: 'wait until there is something to read, p95',
      fromMs: rounded(seen.totalP95Ms),
      toMs: rounded(seen.ttftP95Ms),
    };
    return {
      plan: null,
      tasks: [...new Set(shown.map((one) => one.slice.task))],
      changes: [{ path: 'the answer is shown', from: 'when it is whole', to: 'from its first token', unit: '' }],
      latency,
    };
  },
};

/** What a lesser model answers first, somebody judges as a whole; what goes on from there waits for that. */
const isJudged = ({ cut }: Slice): boolean => (cut?.again ?? cut?.shape) === 'cascade';

const largest = (slices: readonly Slice[]): Slice | null =>
  slices.reduce<Slice | null>(
    (most, slice) => (most === null || slice.requestsPerDay > most.requestsPerDay ? slice : most),
    null,
  );
