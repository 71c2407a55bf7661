import { bestOnOwn, cheapestPlan, type KindBest } from '../../decide/choose.js';
import type { LeverComparison } from '../../decide/decision.js';
import type { Plan } from '../../decide/plan.js';
import { rounded, roundedOrNull } from '../../decide/round.js';
import { servedWords } from '../../decide/words.js';
import type { Context, Placement } from '../../places/placement.js';
import { placements } from '../../places/registry.js';
import { certainlyBelow } from '../../units/float.js';
import { runsOnOwn } from './distillation.js';
import {
  type Changed,
  type InputLever,
  isRefused,
  type Refused,
  type Setting,
  type Suits,
  type Working,
} from './lever.js';

const apis: readonly Placement[] = placements.filter(({ perToken }) => perToken);
const machines: readonly Placement[] = placements.filter(({ perToken }) => !perToken);

/** A lever on the input, and the tasks it suits. */
export type Suited = { lever: InputLever; suits: Suits };

/** Levers pulled one after the other, and the cheapest plan on APIs alone that they leave; what they cost is in `usd`. */
type Best = { plan: Plan; usd: number; working: Working; extraUsd: number; pulled: readonly string[] };

/**
 * The cheapest plan on APIs alone with levers that lower its bill, each worked out on what those before it left: one after
 * the other in the order given, or, where that leaves some out, the one that lowers it most first, whichever costs less. And
 * running it ourselves beside it, as it is and with the same levers.
 */
export function together(
  levers: readonly Suited[],
  start: Working,
  setting: Setting,
  kinds: readonly KindBest[],
): LeverComparison | Refused {
  const { tables, workload } = setting.context;
  const now = cheapestPlan(setting.context, { among: apis });
  if (now === null) return { not: 'no API may serve every task' };
  const none: Best = { plan: now, usd: now.monthlyUsd, working: start, extraUsd: 0, pulled: [] };
  const changedBy = ({ lever, suits }: Suited, { working, plan }: Best): Changed | Refused =>
    lever.change(working, suits, { ...setting, plan });
  /** With a lever more; null: it cannot be pulled, or lowers nothing. */
  const withOne = (one: Suited, best: Best): Best | null => {
    const changed = changedBy(one, best);
    if (isRefused(changed)) return null;
    const { working } = changed;
    const extraUsd = best.extraUsd + (changed.extraUsd ?? 0);
    const plan = cheapestPlan({ tables, workload: working.workload }, { among: apis });
    if (plan === null || plan.monthlyUsd + extraUsd >= best.usd) return null;
    return { plan, usd: plan.monthlyUsd + extraUsd, working, extraUsd, pulled: [...best.pulled, one.lever.id] };
  };
  const left = ({ working, plan, pulled }: Best): string[] =>
    levers
      .filter(({ lever }) => !pulled.includes(lever.id))
      .filter((one) => [none, { ...none, working, plan }].some((best) => !isRefused(changedBy(one, best))))
      .map(({ lever }) => lever.id);
  const inOrder = levers.reduce((best, one) => withOne(one, best) ?? best, none);
  const mostFirst = (best: Best): Best => {
    const next = levers
      .filter(({ lever }) => !best.pulled.includes(lever.id))
      .flatMap((one) => withOne(one, best) ?? [])
      .reduce<Best | null>((least, one) => (least === null || one.usd < least.usd ? one : least), null);
    return next === null ? best : mostFirst(next);
  };
  const other = left(inOrder).length === 0 ? inOrder : mostFirst(none);
  const best = other.usd < inOrder.usd * certainlyBelow ? other : inOrder;
  const own = cheapestOwn(kinds);
  const optimizedOwn = own === null ? null : ownUnder(best.working, best.extraUsd, setting.context);
  return {
    apiPlan: now.id,
    apiCost: rounded(now.monthlyUsd),
    optimizedApiPlan: best.plan.id,
    optimizedApiLabel: servedWords(best.plan),
    optimizedApiCost: rounded(best.usd),
    pulled: [...best.pulled],
    leftOut: left(best),
    selfHostedPlan: own?.id ?? null,
    selfHostedCost: roundedOrNull(own?.monthlyUsd ?? null),
    optimizedSelfHostedCost: roundedOrNull(optimizedOwn),
    todayOption: workload.today?.option ?? null,
    todayCost: roundedOrNull(workload.today?.billUsdPerMonth ?? null),
  };
}

const cheapestOwn = (kinds: readonly KindBest[]): Plan | null =>
  kinds
    .flatMap(({ plan, feasible }) => (feasible && plan?.deployments.every(runsOnOwn) ? [plan] : []))
    .reduce<Plan | null>((best, plan) => (best === null || plan.monthlyUsd < best.monthlyUsd ? plan : best), null);

function ownUnder({ workload }: Working, extraUsd: number, { tables }: Context): number | null {
  const plan = bestOnOwn({ workload, tables }, machines, runsOnOwn);
  return plan && plan.monthlyUsd + extraUsd;
}
