import type { Case, Placement } from '../../placements/placement.js';
import { placements } from '../../placements/registry.js';
import { bestOnOwn, cheapestPlan, type KindBest } from '../choose.js';
import type { LeverComparison } from '../decision.js';
import type { Plan } from '../plan.js';
import { rounded, roundedOrNull } from '../round.js';
import { servedWords } from '../words.js';
import { runsOnOwn } from './distillation.js';
import { type InputLever, isRefused, type Refused, type Setting, type Suits, type Working } from './lever.js';

const apis: readonly Placement[] = placements.filter(({ perToken }) => perToken);
const machines: readonly Placement[] = placements.filter(({ perToken }) => !perToken);

/** A lever on the input, and the tasks it suits. */
export type Suited = { lever: InputLever; suits: Suits };

/**
 * The cheapest plan on APIs alone with every lever that lowers its bill, one after the other in the order given, each
 * worked out on what those before it left; and running it ourselves beside it, as it is and with the same levers.
 */
export function together(
  levers: readonly Suited[],
  start: Working,
  setting: Setting,
  kinds: readonly KindBest[],
): LeverComparison | Refused {
  const { tables, demand } = setting.of;
  const now = cheapestPlan(setting.of, { among: apis });
  if (now === null) return { not: 'no API may serve every task' };
  let best = { plan: now, usd: now.monthlyUsd, working: start, extraUsd: 0 };
  const pulled: string[] = [];
  const leftOut: string[] = [];
  for (const { lever, suits } of levers) {
    const changed = lever.change(best.working, suits, { ...setting, plan: best.plan });
    if (isRefused(changed)) {
      // What those before it left nothing to do: alone it would lower something.
      if (pulled.length > 0 && !isRefused(lever.change(start, suits, { ...setting, plan: now })))
        leftOut.push(lever.id);
      continue;
    }
    const { working } = changed;
    const extraUsd = best.extraUsd + (changed.extraUsd ?? 0);
    const plan = cheapestPlan({ tables, demand: working.demand }, { among: apis });
    if (plan === null || plan.monthlyUsd + extraUsd >= best.usd) leftOut.push(lever.id);
    else {
      pulled.push(lever.id);
      best = { plan, usd: plan.monthlyUsd + extraUsd, working, extraUsd };
    }
  }
  const own = cheapestOwn(kinds);
  const optimizedOwn = own === null ? null : ownUnder(best.working, best.extraUsd, setting.of);
  return {
    apiPlan: now.id,
    apiCost: rounded(now.monthlyUsd),
    optimizedApiPlan: best.plan.id,
    optimizedApiLabel: servedWords(best.plan),
    optimizedApiCost: rounded(best.usd),
    pulled,
    leftOut,
    selfHostedPlan: own?.id ?? null,
    selfHostedCost: roundedOrNull(own?.monthlyUsd ?? null),
    optimizedSelfHostedCost: roundedOrNull(optimizedOwn),
    todayOption: demand.today?.option ?? null,
    todayCost: roundedOrNull(demand.today?.billUsdPerMonth ?? null),
  };
}

const cheapestOwn = (kinds: readonly KindBest[]): Plan | null =>
  kinds
    .flatMap(({ plan, feasible }) => (feasible && plan?.deployments.every(runsOnOwn) ? [plan] : []))
    .reduce<Plan | null>((best, plan) => (best === null || plan.monthlyUsd < best.monthlyUsd ? plan : best), null);

function ownUnder({ demand }: Working, extraUsd: number, { tables }: Case): number | null {
  const plan = bestOnOwn({ demand, tables }, machines, runsOnOwn);
  return plan && plan.monthlyUsd + extraUsd;
}
