import { requestsPerMonthPerDaily } from '../../cost/axis.js';
import type { LeverChange } from '../../decide/decision.js';
import { findSliceIn } from '../../decide/slicings/cuts.js';
import { type Demand, isDevelopment, type Slice } from '../../workload/demand.js';
import { batchDeadlineHours } from '../../workload/resolve.js';
import { doneInTime } from '../../workload/served-in-time.js';
import { changeSlices, type InputLever, withSlices } from './lever.js';

const tokensPerPrice = 1e6;
/** What sums of other requests leave of a share that stays. */
const negligible = 1e-9;
/** What stands for a field that a scenario does not have. */
const none = 'none';

/** A share of the questions is answered from a store; every question is embedded to look there. */
export const responseCache: InputLever = {
  id: 'response-cache',
  change(working, suits) {
    const { demand } = working;
    const hit = demand.assume('semanticCacheHitRate');
    const usdPerMTok = demand.assume('semanticCacheEmbeddingUsdPerMTok');
    let extraUsd = 0;
    let personal = 0;
    const changed = changeSlices(working, (slice) => {
      if (!suits(slice)) return null;
      if (isPersonal(slice)) {
        personal++;
        return null;
      }
      const { requestsPerDay, tokens } = slice;
      const requests = requestsPerDay * requestsPerMonthPerDaily(slice, demand);
      extraUsd += (requests * (tokens.input - tokens.prefix) * usdPerMTok) / tokensPerPrice;
      const fewer = requestsPerDay * (1 - hit);
      return { slices: [{ ...slice, requestsPerDay: fewer }], changes: [] };
    });
    if (changed === null) {
      const why =
        personal > 0
          ? 'answers to questions with personal data must not be shared'
          : 'no task is of a kind whose questions repeat';
      return { not: why };
    }
    return { ...changed, changes: volumeChanges(demand, changed.working.demand), extraUsd };
  },
};

/** Other volumes of tasks, as a scenario says them: a common volume with the share of each task, or a task's own. */
function volumeChanges(before: Demand, after: Demand): LeverChange[] {
  const whole = ({ slices }: Demand) => slices.filter((slice) => !isDevelopment(slice));
  const commonOf = (demand: Demand) =>
    whole(demand).reduce((sum, { scales, requestsPerDay }) => sum + (scales ? requestsPerDay : 0), 0);
  const [common, commonThen] = [commonOf(before), commonOf(after)];
  const requests = (path: string, from: number, to: number): LeverChange[] =>
    from === to ? [] : [{ path, from, to, unit: 'requests/day' }];
  const then = new Map(after.slices.map((slice) => [slice.id, slice.requestsPerDay]));
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
const isPersonal = ({ needs }: Slice): boolean => needs.sensitivity !== 'public' && needs.sensitivity !== 'internal';

/** Work that nobody waits for takes the batch tariff, and on machines the free hours. */
export const batch: InputLever = {
  id: 'batch',
  change(working, suits, { presetOf }) {
    let waiting = 0;
    const changed = changeSlices(working, (slice) => {
      if (!suits(slice) || slice.batchable) return null;
      if (presetOf(slice)?.batchable !== true || hasTarget(slice)) {
        waiting++;
        return null;
      }
      return {
        slices: [{ ...slice, ...doneInTime(arrivalsOf(slice), batchDeadlineHours), batchable: true }],
        changes: [
          {
            path: `tasks.${slice.task}.deadline`,
            from: slice.waits?.deadlineHours ?? 0,
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
  without({ demand }) {
    if (!demand.slices.some(({ batchable }) => batchable)) return null;
    return withSlices(
      demand,
      demand.slices.map((slice) =>
        slice.batchable ? { ...slice, hours: arrivalsOf(slice), waits: null, batchable: false } : slice,
      ),
    );
  },
};

const arrivalsOf = ({ waits, hours }: Slice) => waits?.arrivals ?? hours;

const hasTarget = ({ needs }: Slice): boolean =>
  [needs.ttftP95Ms, needs.totalP95Ms].some((target) => target?.by === 'user');

/** The easy requests of a task ask for a model one tier below: the task becomes two parts with needs of their own. */
export const easyRouting: InputLever = {
  id: 'easy-routing',
  change(working, suits, { of, plan }) {
    const { demand } = working;
    const share = demand.assume('easyShare');
    const inParts = new Set(plan.deployments.flatMap(({ slices }) => slices.flatMap((s) => (s.cut ? [s.task] : []))));
    let known = 0;
    let cut = 0;
    const tiers = [...of.tables.tiers].sort((a, b) => b.fromIndex - a.fromIndex);
    const changed = changeSlices(working, (slice) => {
      const { need } = slice.needs.capability;
      const own = tiers.findIndex(({ fromIndex }) => need >= fromIndex);
      const below = tiers[own + 1];
      if (!suits(slice) || slice.part !== 'all' || below === undefined || below.fromIndex === 0) return null;
      // A default must not take the place of what the user knows, nor one way to cut a task up that of another.
      if (slice.divisible?.easy !== undefined) {
        known++;
        return null;
      }
      if (inParts.has(slice.task)) {
        cut++;
        return null;
      }
      const easier = below.fromIndex;
      const path = `tasks.${slice.task}.easy`;
      const text = `${easier} (easy, tier ${below.name})`;
      const part = (name: string, of: number): Slice => ({
        ...slice,
        id: `${slice.id}.${name}`,
        part: name,
        requestsPerDay: slice.requestsPerDay * of,
      });
      const capability = { need: easier, low: easier, high: easier, text };
      return {
        slices: [{ ...part('easy', share), needs: { ...slice.needs, capability } }, part('hard', 1 - share)],
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
  without({ demand }, { of, plan }) {
    const slices = demand.slices.map((slice) => {
      if (slice.divisible?.easy === undefined) return slice;
      const { easy: _, ...divisible } = slice.divisible;
      return { ...slice, divisible };
    });
    const without = withSlices(demand, slices);
    // It is in where the plan has parts that nobody could tell apart without it.
    const find = findSliceIn({ tables: of.tables, demand: without });
    const isIn = plan.deployments.some((deployment) => deployment.slices.some((slice) => find(slice) === null));
    return isIn ? without : null;
  },
};
