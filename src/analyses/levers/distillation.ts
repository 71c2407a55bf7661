import { isUnpriced } from '../../cost/line.js';
import { advisedPlan, bestOnOwn } from '../../decide/choose.js';
import type { Part } from '../../decide/part.js';
import { type Deployment, type Plan, planOf } from '../../decide/plan.js';
import { difference } from '../../decide/round.js';
import type { Case, Placement } from '../../places/placement.js';
import { placements } from '../../places/registry.js';
import { indexTurn } from '../../rules/turns.js';
import { boundaries, type Slice } from '../../workload/demand.js';
import { mayStand, movedTo, servesAll } from './decide-again.js';
import { type PlanLever, type Refused, type Setting, withSlices } from './lever.js';

/** Whether it runs in the team's own account or closer, so that its weights can be one's own. */
export const runsOnOwn = ({ option }: Pick<Deployment, 'option'>): boolean =>
  boundaries.indexOf(option.reach) <= boundaries.indexOf('own-account');

const onMachines: readonly Placement[] = placements.filter(({ perToken }) => !perToken);

/** The narrow tasks move to the cheapest machines whose model, fine-tuned to them, is good enough; the others stay. */
export const distillation: PlanLever = {
  id: 'distillation',
  pull(suits, setting) {
    const { of, plan } = setting;
    const { demand, tables } = of;
    const gain = demand.assume('distilledIndexGain');
    const fit = demand.slices.filter(suits);
    // Where the scenario says what a model tuned to the task needs, a default has nothing to add.
    const narrow = fit.filter(({ divisible }) => divisible?.tuned === undefined);
    if (fit.length > 0 && narrow.length === 0) return tunedAlready(setting);
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
    const moves = new Set(narrow.map(({ task }) => task));
    const own = {
      tables,
      demand: withSlices(
        demand,
        changed.demand.slices.filter(({ task }) => moves.has(task)),
      ),
    };
    const small = bestOnOwn(own, onMachines, runsOnOwn);
    if (small === null) return { not: 'no own machine may or can run the narrow tasks' };
    const stay = movedTo(plan.deployments, changed).map((part) => ({
      ...part,
      slices: part.slices.filter(({ task }) => !moves.has(task)),
    }));
    const moved = movedTo(small.deployments, changed);
    const together = priced(joined([...moved, ...stay.filter(({ slices }) => slices.length > 0)]), changed);
    if (together === null || !mayStand(together, changed))
      return { not: 'the plan with machines for the narrow tasks breaks a rule' };
    return {
      plan: together,
      tasks: [...moves],
      changes: narrow.map((slice) => {
        const { need } = slice.needs.capability;
        const { path, value } = indexTurn(slice, Math.max(0, need - gain));
        return { path, from: need, to: value, unit: '' };
      }),
      extraUsd: demand.assume('distillationUsd') / demand.months,
    };
  },
};

/** Models tuned as the scenario says: what they save, where the plan has them, is beside what is run without them. */
function tunedAlready({ of, plan }: Setting): Refused {
  const not = 'the plan was chosen knowing what a tuned model needs, as the scenario gives it';
  if (!plan.deployments.some(({ slices }) => slices.some(({ tuningUsd }) => tuningUsd !== undefined))) return { not };
  const slices = of.demand.slices.map(({ divisible: { tuned: _, ...others } = {}, ...slice }) => ({
    ...slice,
    divisible: others,
  }));
  const before = advisedPlan({ ...of, demand: withSlices(of.demand, slices) });
  return { not, savesNowUsd: before && difference(before.monthlyUsd, plan.monthlyUsd) };
}

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

function priced(parts: readonly Part[], of: Case): Plan | null {
  if (!servesAll(parts, of)) return null;
  const plan = planOf(parts, of);
  return isUnpriced(plan) ? null : plan;
}
