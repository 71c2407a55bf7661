import type { Candidate } from '../placements/candidate.js';
import type { Case } from '../placements/placement.js';
import { placements } from '../placements/registry.js';
import { admission } from './admission.js';
import { failedGates, type Looked, lookAt } from './option-report.js';
import { gates } from './gates/registry.js';
import { candidateCost } from '../placements/candidate.js';

const shown = 6;

export type Miss = { looked: Looked; task: string; gate: string };

/**
 * The nearest misses: for every gate the cheapest option that this gate alone turns down. Only those cheaper than
 * `below` are of interest.
 */
export function nearMisses(of: Case, below: number): Miss[] {
  const { demand } = of;
  const found = new Map<string, Miss>();
  const all = demand.slices.map((_, s) => s);
  for (const { id } of gates) {
    const { search } = admission(of, { cut: below, ignore: id });
    const candidates = placements.flatMap((placement) => placement.candidates(of, search));
    for (const [s, slice] of demand.slices.entries()) {
      const serves = (candidate: Candidate, list: readonly number[]) => list.every((one) => !Number.isNaN(candidate.linear[one] as number));
      const ranked = candidates
        .filter((candidate) => serves(candidate, [s]))
        .map((candidate) => ({ candidate, usd: candidateCost(candidate, serves(candidate, all) ? all : [s], demand) }))
        .sort((a, b) => a.usd - b.usd);
      for (const { candidate } of ranked.slice(0, shown)) {
        const looked = lookAt(candidate.option(), of);
        const failing = failedGates(looked).filter(({ task }) => task === slice.task);
        if (!failing.some(({ gate }) => gate === id)) continue;
        const key = `${id} ${slice.task}`;
        if (!found.has(key)) found.set(key, { looked, task: slice.task, gate: id });
        break;
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.looked.plan?.monthlyUsd ?? Number.POSITIVE_INFINITY) - (b.looked.plan?.monthlyUsd ?? Number.POSITIVE_INFINITY)).slice(0, shown);
}
