import { type Candidate, candidateCost } from '../placements/candidate.js';
import type { Case } from '../placements/placement.js';
import { placements } from '../placements/registry.js';
import { admission } from './admission.js';
import { gates, planGates } from './gates/registry.js';
import { failedGates, type Looked, lookAt } from './option-report.js';

const shown = 6;
const tried = 6;

export type Miss = { looked: Looked; task: string; gate: string };

/**
 * The nearest misses: for every rule and task the cheapest option that this rule alone turns down, cheapest first.
 *
 * @param below only options cheaper than this matter (USD a month)
 * @param withFleets whether machines of our own are looked at too, which takes longer
 */
export function nearMisses(of: Case, below: number, withFleets: boolean): Miss[] {
  const { demand } = of;
  const found = new Map<string, Miss>();
  const all = demand.slices.map((_, s) => s);
  const kinds = placements.filter(({ perToken }) => withFleets || perToken);
  const may = (candidate: Candidate, list: readonly number[]) =>
    list.every((s) => !Number.isNaN(candidate.linear[s] as number));
  // Without any slice rule ignored only rules about the whole plan are left to fail.
  for (const ignore of [...gates.map(({ id }) => id), null]) {
    const { search } = admission(of, { cut: below, ...(ignore !== null && { ignore }) });
    const candidates = kinds.flatMap((placement) => placement.candidates(of, search));
    for (const [s, slice] of demand.slices.entries()) {
      const ranked = candidates
        .filter((candidate) => may(candidate, [s]))
        .map((candidate) => ({ candidate, usd: candidateCost(candidate, may(candidate, all) ? all : [s], demand) }))
        .sort((a, b) => a.usd - b.usd);
      for (const { candidate } of ranked.slice(0, tried)) {
        const looked = lookAt(candidate.option(), of);
        if (looked.plan !== null && looked.plan.monthlyUsd >= below) continue;
        const miss = failedGates(looked).find(({ task, gate }) =>
          ignore === null ? planGates.some(({ id }) => id === gate) : task === slice.task && gate === ignore,
        );
        if (miss === undefined) continue;
        const key = `${miss.gate} ${miss.task}`;
        if (!found.has(key)) found.set(key, { looked, task: miss.task, gate: miss.gate });
        break;
      }
    }
  }
  const cost = ({ looked }: Miss) => looked.plan?.monthlyUsd ?? Number.POSITIVE_INFINITY;
  return [...found.values()].sort((a, b) => cost(a) - cost(b)).slice(0, shown);
}
