import { isUnpriced } from '../cost/line.js';
import { type Candidate, candidateCost } from '../placements/candidate.js';
import type { Option } from '../placements/option.js';
import type { Case, Placement } from '../placements/placement.js';
import { placements } from '../placements/registry.js';
import { type Admission, admission } from './admission.js';
import { gates, planGates } from './gates/registry.js';
import { failedGates, type Looked, lookAt } from './option-report.js';

const shown = 6;
const tried = 6;
const fewest = 3;

export type Miss = { looked: Looked; task: string; gate: string };

/** Nothing fits: for every rule and task the cheapest option that this rule alone turns down, cheapest first. */
export function nearMisses(of: Case): Miss[] {
  const { demand } = of;
  const found = new Map<string, Miss>();
  const all = demand.slices.map((_, s) => s);
  const may = (candidate: Candidate, list: readonly number[]) =>
    list.every((s) => !Number.isNaN(candidate.linear[s] as number));
  // Without any rule ignored only rules about the whole plan are left to fail.
  const asked = gates.filter((gate) => demand.slices.some((slice) => gate.asks?.(slice, of) ?? true));
  for (const ignore of [...asked.map(({ id }) => id), null]) {
    const { search } = admission(of, { cut: Number.POSITIVE_INFINITY, ...(ignore !== null && { ignore }) });
    const candidates = placements.flatMap((placement) => placement.candidates(of, search));
    for (const [s, slice] of demand.slices.entries()) {
      const ranked = candidates
        .filter((candidate) => may(candidate, [s]))
        .map((candidate) => ({ candidate, usd: candidateCost(candidate, may(candidate, all) ? all : [s], demand) }))
        .sort((a, b) => a.usd - b.usd);
      for (const { candidate } of ranked.slice(0, tried)) {
        const looked = lookAt(candidate.option(), of);
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
  return found.size === 0 ? closest(of) : cheapestFirst([...found.values()]);
}

/** No rule alone is to blame: the APIs that fewest rules turn down, then the cheapest, each with the first of its rules. */
function closest(of: Case): Miss[] {
  const { demand } = of;
  const all = demand.slices.map((_, s) => s);
  const open = admission(of, { cut: Number.POSITIVE_INFINITY, ignoreAll: true }).search;
  const strict = admission(of, { cut: Number.POSITIVE_INFINITY });
  const ranked = placements
    .filter(({ perToken }) => perToken)
    .flatMap((placement) =>
      placement.candidates(of, open).flatMap((candidate) => {
        const usd = candidateCost(candidate, all, demand);
        const option = candidate.option();
        const failed = failuresOf(option, placement, strict, of);
        const [first] = failed;
        const rules = new Set(failed.map(({ gate }) => gate)).size;
        return Number.isNaN(usd) || first === undefined ? [] : [{ option, usd, rules, ...first }];
      }),
    )
    .sort((a, b) => a.rules - b.rules || a.usd - b.usd)
    .slice(0, fewest);
  return ranked.map(({ option, task, gate }) => ({ looked: lookAt(option, of), task, gate }));
}

/** Every rule that turns an option down for a task, what the task would see of it included. */
function failuresOf(option: Option, placement: Placement, { failing }: Admission, of: Case) {
  return of.demand.slices.flatMap((slice) => {
    const service = placement.service(option, slice, of);
    const gates = failing(option, slice, isUnpriced(service) ? null : service);
    return gates.map((gate) => ({ gate, task: slice.task }));
  });
}

/** Something fits: for every rule the cheapest API, and the cheapest model on devices, that would undercut the plan and
 * that this rule alone turns down. */
export function cheaperMisses(of: Case, planUsd: number): Miss[] {
  const { demand } = of;
  const all = demand.slices.map((_, s) => s);
  const cheapest = new Map<string, { option: Option; usd: number; task: string; gate: string }>();
  const open = admission(of, { cut: Number.POSITIVE_INFINITY, ignoreAll: true }).search;
  const strict = admission(of, { cut: Number.POSITIVE_INFINITY });
  for (const placement of placements) {
    if (!placement.few) continue;
    for (const candidate of placement.candidates(of, open)) {
      const usd = candidateCost(candidate, all, demand);
      if (!(usd < planUsd)) continue;
      const option = candidate.option();
      const failed = failuresOf(option, placement, strict, of);
      const [first] = failed;
      if (first === undefined || failed.some(({ gate }) => gate !== first.gate)) continue;
      // People are left out here, so what needs few and what needs many are not compared.
      const key = `${first.gate} ${placement.perToken}`;
      const known = cheapest.get(key);
      if (known === undefined || usd < known.usd) cheapest.set(key, { option, usd, ...first });
    }
  }
  const misses = [...cheapest.values()].map(({ option, task, gate }) => ({ looked: lookAt(option, of), task, gate }));
  return cheapestFirst(misses.filter(({ looked }) => looked.plan !== null && looked.plan.monthlyUsd < planUsd));
}

function cheapestFirst(misses: Miss[]): Miss[] {
  const cost = ({ looked }: Miss) => looked.plan?.monthlyUsd ?? Number.POSITIVE_INFINITY;
  return misses.sort((a, b) => cost(a) - cost(b)).slice(0, shown);
}
