import type { Kept } from '../../core/least-adjusted.js';
import { adjustedPricesIn } from '../../decide/adjusted-plan.js';
import { advisedOfSeveral, isOneTask, planRulesOf } from '../../decide/core-choice.js';
import {
  type CasePlan,
  changedSeveral,
  narrowedSeveral,
  planOfTask,
  type SeveralCase,
  severalCase,
} from '../../decide/several-case.js';
import { advisedPlan } from '../../decide/task-advice.js';
import {
  changedCase,
  madeAnew,
  movesPricesAlone,
  narrowedCase,
  type TaskCase,
  taskCase,
} from '../../decide/task-case.js';
import { cheapestPlan } from '../../decide/task-plans.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { madeOnce } from '../../units/memo.js';
import { assumeSame } from '../../workload/workload.js';
import {
  between,
  distance,
  type FlipInput,
  gridTo,
  isClose,
  type NumberInput,
  roundedAway,
  settingAt,
  settingOf,
  type WordInput,
  writtenAt,
} from './input.js';

/** The advised plan by what a case minimizes, and the cheapest; null: nothing fits. */
export type Advice = {
  plan: CasePlan | null;
  cheapest: CasePlan | null;
  /** The minimized cost of the plan, USD a month; 0 when nothing fits. */
  countedUsd: number;
  /** Whether nothing but prices of machines differs from the first case. */
  pricesAlone: boolean;
};
export type Deciding = (context: Context) => Advice;

/** Decides changed cases in turn; faster among some options. */
type Decider = { decide: Deciding; among(options: readonly Option[]): Deciding };

/** @param known what a case of several tasks was decided of, where it is known */
export function deciderOf(first: Context, known: SeveralCase | null = null): Decider {
  if (!isOneTask(first)) {
    const several = known ?? severalCase(first);
    return {
      decide: decidingSeveral(several),
      among: (options) => decidingSeveral(narrowedSeveral(several, options)),
    };
  }
  const task = taskCase(first);
  return { decide: decidingTask(task), among: (options) => decidingTask(narrowedCase(task, options)) };
}

export const deciding = (first: Context): Deciding => deciderOf(first).decide;

/** Each case takes over what it can of the first. */
function decidingSeveral(first: SeveralCase): Deciding {
  return (context) => {
    const { advised, cheapest } = advisedOfSeveral(changedSeveral(first, context));
    return { plan: advised, cheapest, countedUsd: advised?.usd ?? 0, pricesAlone: false };
  };
}

/** Each case reuses what it can of the first, and evaluations of the same rows. */
function decidingTask(first: TaskCase): Deciding {
  let base = first;
  let kept: Kept | null = null;
  return (context) => {
    const { workload } = context;
    const rules = planRulesOf(context);
    const prices = adjustedPricesIn(workload);
    const anew = madeAnew(base, context);
    // Queues of other assumptions may be other ones.
    const isAlike = anew === 'prices' && assumeSame(base.context.workload, workload);
    const changed = changedCase(base, context, anew);
    const pricesAlone = movesPricesAlone(base, changed);
    const best = cheapestPlan(changed.start, workload, rules);
    const cheapest = best.cheapest && planOfTask(best.cheapest, context);
    if (workload.rules.objective === 'cost') {
      if (isAlike) base = { ...base, start: best.prepared };
      return { plan: cheapest, cheapest, countedUsd: cheapest?.usd ?? 0, pricesAlone };
    }
    const found = advisedPlan(best, workload, rules, prices, { from: isAlike ? kept : null });
    if (isAlike) {
      base = { ...base, start: found.prepared };
      kept = found.looked;
    }
    const plan = found.plan && planOfTask(found.plan, context);
    return { plan, cheapest, countedUsd: found.plan?.adjustedUsd ?? 0, pricesAlone };
  };
}

/** Decides with a setting; undefined: it makes no valid scenario. */
type DecideAt = (setting: string) => Advice | undefined;

/** The nearest value of an input in one direction with another advice; `plan` null: nothing fits. */
export type Change = {
  input: FlipInput;
  to: number | string;
  value: number | null;
  plan: CasePlan | null;
  /** Distance from the case: of a number its change, of a word the plan's cost. */
  far: number;
};

/** Precision of a printed value, as a fraction. */
const closely = 1e-3;
/** Costs are the same up to so small a share. */
const sameShare = 1e-9;

/** A change of the advice by an input: at a word, or between two numbers. */
type Lead =
  | { input: WordInput; to: string; plan: CasePlan | null; far: number }
  | { input: NumberInput; from: number; until: number; far: number };

/** Changes, the nearest first, and inputs that lead to none. */
export type Changes = { changes: Change[]; unchanged: FlipInput[] };

/**
 * Changes of inputs that lead to another deployment type, another model, or to nothing that fits, the nearest first.
 * Numbers are tried on a grid towards both ends of their range; the first change is bisected to the printed digit.
 * Where inputs with a change are more than `most`, the nearest are kept, one of each input.
 *
 * @param advised the advice as the scenario stands
 * @param steps values of a grid between an input and an end of its range
 */
export function changesOf(
  inputs: readonly FlipInput[],
  { plan: now, countedUsd }: Advice & { plan: CasePlan },
  decideAt: DecideAt,
  { steps, most }: { steps: number; most: number },
): Changes {
  const asNow = typesAndModelsOf(now);
  const isOther = (advice: Advice | undefined): advice is Advice =>
    advice !== undefined && (advice.plan === null || typesAndModelsOf(advice.plan) !== asNow);
  const adviceAt = (input: NumberInput, value: number) => decideAt(settingAt(input, value));
  const leads = inputs
    .flatMap((input): Lead[] =>
      input.is === 'word' ? wordLeads(input) : [input.high, input.low].flatMap((end) => numberLead(input, end) ?? []),
    )
    .sort(byNearness);
  const found: Change[] = [];
  for (const lead of leads) {
    const { input } = lead;
    if (found.length >= most && found.every((one) => byNearness(one, lead) <= 0)) break;
    if (most < leads.length && found.some((one) => one.input === input)) continue;
    found.push(exactly(lead));
    found.sort(byNearness);
    found.splice(most);
  }
  const changing = new Set<FlipInput>(leads.map(({ input }) => input));
  return { changes: found, unchanged: inputs.filter((input) => !changing.has(input)) };

  /** Ordered words are tried outward in both directions to the first change of plan; all of the others. */
  function wordLeads(input: WordInput): Lead[] {
    const { path, words, ordered, from } = input;
    const at = words.indexOf(from);
    const ways = ordered ? [words.slice(at + 1), words.slice(0, Math.max(0, at)).reverse()] : words.map((to) => [to]);
    return ways.flatMap((way) => {
      for (const to of way) {
        const advice = decideAt(settingOf(path, to, ''));
        if (isOther(advice)) return [{ input, to, plan: advice.plan, far: distanceOf(input, null, advice.plan, now) }];
      }
      return [];
    });
  }

  function numberLead(input: NumberInput, end: number): Lead | null {
    const grid = gridOf(input, end, steps);
    const last = grid.at(-1) ?? input.start;
    const atEnd = madeOnce(() => adviceAt(input, last));
    // Assumptions seldom change the advice: their end is decided first.
    const stepBeforeEnd = input.path.startsWith('assumptions.') ? 0 : 1;
    let from = input.start;
    for (const [step, until] of grid.entries()) {
      if (step === stepBeforeEnd && isSteady(input, atEnd())) return null;
      if (isOther(until === last ? atEnd() : adviceAt(input, until)))
        return { input, from, until, far: from === input.start ? 0 : distance(from, input.near, input) };
      from = until;
    }
    return null;
  }

  /**
   * Whether the plan advised at both ends is advised between: its adjusted cost is the same at both while others only
   * rise or only fall, or all costs are linear in the input, so that two lines cross once.
   */
  function isSteady({ from }: NumberInput, atEnd: Advice | undefined): boolean {
    // An input not set by the scenario may start elsewhere than at its value.
    if (from === null || atEnd === undefined) return false;
    const isAlike = atEnd.pricesAlone || Math.abs(atEnd.countedUsd - countedUsd) <= sameShare * countedUsd;
    return isAlike && !isOther(atEnd);
  }

  function exactly(lead: Lead): Change {
    if ('to' in lead) return { ...lead, value: null };
    const { input, from, until } = lead;
    const first = halved(input, from, until, (middle) => isOther(adviceAt(input, middle)));
    const shown = roundedAway(first, input);
    const atShown = adviceAt(input, shown);
    const [value, advice] = isOther(atShown) ? [shown, atShown] : [first, adviceAt(input, first)];
    const plan = advice?.plan ?? null;
    return { input, to: writtenAt(input, value), value, plan, far: distanceOf(input, value, plan, now) };
  }
}

/** Distance of a change from the case. */
export function distanceOf(input: FlipInput, value: number | null, plan: CasePlan | null, now: CasePlan): number {
  if (input.is === 'number') return distance(value ?? input.start, input.near, input);
  return plan === null ? Number.POSITIVE_INFINITY : Math.abs(Math.log((plan.usd + 1) / (now.usd + 1)));
}

/** Values that remove a rule: an empty list, or a missing key. */
const nothing = new Set(['[]', 'null']);

const isUnset = (input: FlipInput): boolean => (input.is === 'number' ? input.from === null : nothing.has(input.from));

/** Inputs that the scenario has come before rules that it lacks. */
export const byNearness = (a: Lead | Change, b: Lead | Change): number =>
  Number(isUnset(a.input)) - Number(isUnset(b.input)) || Math.sign(a.far - b.far) || 0;

/** From near to far; for a missing rule also where the plan has only just ceased to keep it. */
function gridOf(input: NumberInput, end: number, steps: number): number[] {
  if (end === input.start) return [];
  const past = input.near * (1 + closely * Math.sign(end - input.start));
  const isMark = input.near !== input.start && (past - input.start) * (end - past) > 0;
  const mark = input.whole ? Math.round(past) : past;
  return [...gridTo(end, input, steps), ...(isMark ? [mark] : [])].sort(
    (a, b) => Math.abs(a - input.start) - Math.abs(b - input.start),
  );
}

/** The first value, to a printed digit, at which something holds that holds at `far` and not at `near`. */
function halved(input: NumberInput, near: number, far: number, holds: (value: number) => boolean): number {
  let [low, high] = [near, far];
  while (!isClose(low, high, input, closely)) {
    const middle = input.whole ? Math.round(between(low, high)) : between(low, high);
    if (middle === low || middle === high) break;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Whether plans have the same deployment types and models. */
export const areAlike = (one: CasePlan, other: CasePlan): boolean => typesAndModelsOf(one) === typesAndModelsOf(other);

/** Deployment types and models of a plan by task; only a difference in these is a change. */
const typesAndModelsOf = ({ places }: CasePlan): string =>
  places
    .flatMap(({ option, second, taskParts }) =>
      taskParts.map(({ id }) => `${id} ${[option, ...(second ? [second.option] : [])].map(placeOf).join(' + ')}`),
    )
    .sort()
    .join();

const placeOf = ({ kind, family, model, mode }: Option): string => [kind, family ?? model, mode].join(' ');
