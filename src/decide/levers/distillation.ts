import { isUnpriced } from '../../cost/line.js';
import type { Placement } from '../../placements/placement.js';
import { placements } from '../../placements/registry.js';
import { boundaries, type Slice } from '../../scenario/demand.js';
import { bestOnOwn } from '../choose.js';
import type { Part } from '../part.js';
import { type Deployment, type Plan, planOf } from '../plan.js';
import { mayStand } from './decide-again.js';
import { type PlanLever, withSlices } from './lever.js';

/** Whether it runs in the team's own account or closer, so that its weights can be one's own. */
export const runsOnOwn = ({ option }: Pick<Deployment, 'option'>): boolean =>
  boundaries.indexOf(option.reach) <= boundaries.indexOf('own-account');

const onMachines: readonly Placement[] = placements.filter(({ perToken }) => !perToken);

/** The narrow tasks move to the cheapest machines whose model, fine-tuned to them, is good enough; the others stay. */
export const distillation: PlanLever = {
  id: 'distillation',
  pull(suits, { of, plan }) {
    const { demand, tables } = of;
    const gain = demand.assume('distilledIndexGain');
    const narrow = demand.slices.filter(suits);
    if (narrow.length === 0) return { not: 'no task is narrow enough for a model of its own' };
    const eased = (slice: Slice): Slice => {
      const { need, low, high } = slice.needs.capability;
      const to = (index: number) => Math.max(0, index - gain);
      const text = `${to(need).toFixed(1)} (fine-tuned)`;
      return {
        ...slice,
        needs: { ...slice.needs, capability: { need: to(need), low: to(low), high: to(high), text } },
      };
    };
    const changed = {
      tables,
      demand: withSlices(
        demand,
        demand.slices.map((slice) => (narrow.includes(slice) ? eased(slice) : slice)),
      ),
    };
    const isNarrow = ({ id }: Slice) => narrow.some((slice) => slice.id === id);
    const own = { tables, demand: withSlices(demand, changed.demand.slices.filter(isNarrow)) };
    const small = bestOnOwn(own, onMachines, runsOnOwn);
    if (small === null) return { not: 'no own machine may or can run the narrow tasks' };
    const stay = plan.deployments.map(({ option, slices, second }) => ({
      option,
      ...(second && { second }),
      slices: changed.demand.slices.filter((slice) => !isNarrow(slice) && slices.some(({ id }) => id === slice.id)),
    }));
    const moved = small.deployments.map(({ option, slices, second }) => ({
      option,
      ...(second && { second }),
      slices: changed.demand.slices.filter(({ id }) => slices.some((slice) => slice.id === id)),
    }));
    const together: Plan | null = priced(
      joined([...moved, ...stay.filter(({ slices }) => slices.length > 0)]),
      changed,
    );
    if (together === null || !mayStand(together, changed))
      return { not: 'the plan with machines for the narrow tasks breaks a rule' };
    return {
      plan: together,
      tasks: [...new Set(narrow.map(({ task }) => task))],
      changes: narrow.map((slice) => ({
        path: `tasks.${slice.task}.capability.minIndex`,
        from: slice.needs.capability.need,
        to: Math.max(0, slice.needs.capability.need - gain),
        unit: 'index points, on own machines',
      })),
      extraUsd: demand.assume('distillationUsd') / demand.months,
    };
  },
};

/** One deployment for each option; one with a second place behind it stays by itself. */
function joined(parts: readonly Part[]): Part[] {
  const found: Part[] = [];
  for (const part of parts) {
    const alone = part.second === undefined;
    const known = found.find(({ option, second }) => alone && second === undefined && option.id === part.option.id);
    if (known === undefined) found.push({ ...part });
    else known.slices = [...known.slices, ...part.slices];
  }
  return found;
}

function priced(parts: readonly Part[], of: Parameters<typeof planOf>[1]): Plan | null {
  const plan = planOf(parts, of);
  return isUnpriced(plan) ? null : plan;
}
