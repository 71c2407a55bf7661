import { at } from '../../cost/curve.js';
import type { Choice } from '../../decide/choice.js';
import type { LadderRow } from '../../decide/decision.js';
import { type Plan, servedWords } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { dayAfter, daysPerWeek, monthAfter } from '../../units/month.js';
import { growthOf as grown } from '../../workload/load.js';
import { growthIn } from '../../workload/month-of.js';
import type { Workload } from '../../workload/workload.js';
import { volumeRange } from '../break-even/answer.js';
import { volumeBreakEven } from '../break-even/crossings.js';
import type { Lists, PlanFacts } from './facts.js';

/** Growth further away than this is no plan (months). */
const foreseen = 120;

/** The first day of month `month`, the day of the decision lying in the first; never before that day. */
const dayOf = (asOf: string, month: number): string => {
  const first = `${monthAfter(asOf.slice(0, 7), month - 1)}-01`;
  return first > asOf ? first : asOf;
};

const growthOf = ({ growth }: Workload): number =>
  growth.length < 2 ? 0 : (growth[1] as number) / (growth[0] as number) - 1;

/** Volume of a month (0 = first) over that of month 1, as it goes on growing after the horizon too. */
export const volumeIn = (month: number, workload: Workload): number =>
  growthIn(month < workload.growth.length ? workload : { growth: grown(growthOf(workload), month + 1) }, month);

/** The month in which the volume first reaches `volume` as it grows; null: not in sight. */
function monthAt(volume: number, workload: Workload): number | null {
  const rate = growthOf(workload);
  if (volume <= workload.requestsPerDay) return 1;
  if (rate <= 0 || workload.requestsPerDay === 0) return null;
  const month = 1 + Math.ceil(Math.log(volume / workload.requestsPerDay) / Math.log1p(rate) - 1e-9);
  return month > foreseen ? null : month;
}

type Crossing = Pick<PlanFacts, 'crossNow' | 'crossLater' | 'crossNever' | 'crossVolume' | 'crossMonth' | 'commitOn'>;

/** From which volume on the plan costs less than today's way by list prices, and when to commit so that it is ready then. */
export function crossing(plan: Plan, now: Plan | null, lists: Lists, context: Context): Crossing {
  const { workload } = context;
  const none = {
    crossNow: false,
    crossLater: false,
    crossNever: false,
    crossVolume: null,
    crossMonth: null,
    commitOn: null,
  };
  if (now === null || workload.requestsPerDay === 0) return none;
  const { crossings } = volumeBreakEven([now, plan], volumeRange(workload), context);
  const up = crossings.filter(({ cheaperAbove }) => cheaperAbove === 'b').map((found) => found.at);
  if (at(plan.curve, workload.requestsPerDay) <= at(now.curve, workload.requestsPerDay)) {
    const crossVolume = up.filter((volume) => volume <= workload.requestsPerDay).at(-1) ?? null;
    return { ...none, crossNow: crossVolume !== null, crossNever: crossVolume === null, crossVolume };
  }
  const crossVolume = up.find((volume) => volume > workload.requestsPerDay) ?? null;
  if (crossVolume === null) return none;
  const crossMonth = monthAt(crossVolume, workload);
  const lead = lists.places.reduce((most, { leadWeeks }) => Math.max(most, leadWeeks ?? 0), 0);
  const commitOn =
    crossMonth === null ? null : dayAfter(dayOf(workload.asOf, crossMonth), -Math.ceil(lead * daysPerWeek));
  return { ...none, crossLater: true, crossVolume, crossMonth, commitOn };
}

type Neighbors = Pick<
  PlanFacts,
  'nextVolume' | 'nextPlan' | 'nextMonth' | 'nextOn' | 'growth' | 'belowVolume' | 'belowPlan'
>;

/** The rungs of the ladder beside the one the plan stands on. */
export function neighbors(
  plan: Plan,
  ladder: readonly LadderRow[],
  choice: Choice,
  { workload, tables }: Context,
): Neighbors {
  const { cheapest, advised, runnerUp, kinds } = choice;
  const met = [cheapest, advised, runnerUp, ...kinds.map((best) => best.plan)];
  const wordsOf = (rung: LadderRow | undefined): string | null => {
    const found = met.find((one) => one?.id === rung?.plan);
    return found == null ? (rung?.label ?? null) : servedWords(found, tables);
  };
  const here = ladder.findIndex(
    ({ from, to }) => from <= workload.requestsPerDay && (to === null || workload.requestsPerDay <= to),
  );
  const next = ladder.slice(here + 1).find(({ from, plan: id }) => from > workload.requestsPerDay && id !== plan.id);
  // Below the rung a stretch may lie that none of these plans may serve.
  const below = here > 0 && ladder[here]?.plan === plan.id ? ladder[here - 1] : undefined;
  const before = below?.to === (ladder[here]?.from ?? 0) - 1 ? below : undefined;
  const nextMonth = next === undefined ? null : monthAt(next.from, workload);
  return {
    nextVolume: next?.from ?? null,
    nextPlan: wordsOf(next),
    nextMonth,
    nextOn: nextMonth === null ? null : dayOf(workload.asOf, nextMonth),
    growth: growthOf(workload),
    belowVolume: before === undefined ? null : (ladder[here]?.from ?? null),
    belowPlan: wordsOf(before),
  };
}
