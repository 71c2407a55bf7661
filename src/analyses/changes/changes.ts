import type { CasePlan } from '../../decide/case-plan.js';
import type { Option } from '../../places/option.js';
import { madeOnce } from '../../units/memo.js';
import { type FlipInput, type NumberInput, settingOf, type WordInput } from '../flips/input.js';
import { between, distance, gridTo, isClose, roundedAway } from '../flips/steps.js';
import type { Advice } from './deciding.js';

/** Decides with a setting; undefined: it makes no valid scenario. */
export type DecideAt = (setting: string) => Advice | undefined;

/** The nearest value of an input in one direction with another advice; `plan` null: nothing fits. */
export type Change = { input: FlipInput; to: number | string; value: number | null; plan: CasePlan | null };

/** Precision of a printed value, as a fraction. */
const closely = 1e-3;
/** Costs are the same up to so small a share. */
const sameShare = 1e-9;

/** A change of the advice by an input: at a word, or between two numbers. */
type Lead = { input: WordInput; to: string; plan: CasePlan | null } | { input: NumberInput; near: number; far: number };

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
  const adviceAt = (input: NumberInput, value: number) =>
    decideAt(settingOf(input.path, input.write?.(value) ?? value, input.unit));
  const leads = inputs
    .flatMap((input): Lead[] =>
      input.is === 'word' ? wordLeads(input) : [input.high, input.low].flatMap((end) => numberLead(input, end) ?? []),
    )
    .map((lead) => ({ lead, input: lead.input, far: leastDistance(lead) }))
    .sort(byNearness);
  const found: { change: Change; input: FlipInput; far: number }[] = [];
  for (const next of leads) {
    const { lead, input } = next;
    if (found.length >= most && found.every((one) => byNearness(one, next) <= 0)) break;
    if (most < leads.length && found.some((one) => one.input === input)) continue;
    const change = exactly(lead);
    found.push({ change, input, far: distanceOf(change, now) });
    found.sort(byNearness);
    found.splice(most);
  }
  const changing = new Set<FlipInput>(leads.map(({ lead }) => lead.input));
  return { changes: found.map(({ change }) => change), unchanged: inputs.filter((input) => !changing.has(input)) };

  /** Ordered words are tried outward in both directions to the first change of plan; all of the others. */
  function wordLeads(input: WordInput): Lead[] {
    const { path, words, ordered, from } = input;
    const at = words.indexOf(from);
    const ways = ordered ? [words.slice(at + 1), words.slice(0, Math.max(0, at)).reverse()] : words.map((to) => [to]);
    return ways.flatMap((way) => {
      for (const to of way) {
        const advice = decideAt(settingOf(path, to, ''));
        if (isOther(advice)) return [{ input, to, plan: advice.plan }];
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
    let near = input.start;
    for (const [step, far] of grid.entries()) {
      if (step === stepBeforeEnd && isSteady(input, atEnd())) return null;
      if (isOther(far === last ? atEnd() : adviceAt(input, far))) return { input, near, far };
      near = far;
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
    const { input, near, far } = lead;
    const first = halved(input, near, far, (middle) => isOther(adviceAt(input, middle)));
    const shown = roundedAway(first, input);
    const atShown = adviceAt(input, shown);
    const [value, advice] = isOther(atShown) ? [shown, atShown] : [first, adviceAt(input, first)];
    return { input, to: input.write?.(value) ?? value, value, plan: advice?.plan ?? null };
  }

  function leastDistance(lead: Lead): number {
    if ('to' in lead) return distanceOf({ ...lead, value: null }, now);
    return lead.near === lead.input.start ? 0 : distance(lead.near, lead.input.near, lead.input);
  }
}

/** Distance of a change from the case: of a number its change, of a word the plan's cost. */
export function distanceOf({ input, value, plan }: Change, now: CasePlan): number {
  if (input.is === 'number') return distance(value ?? input.start, input.near, input);
  return plan === null ? Number.POSITIVE_INFINITY : Math.abs(Math.log((plan.usd + 1) / (now.usd + 1)));
}

/** Values that remove a rule: an empty list, or a missing key. */
const nothing = new Set(['[]', 'null']);

const isUnset = (input: FlipInput): boolean => (input.is === 'number' ? input.from === null : nothing.has(input.from));

/** Inputs that the scenario has come before rules that it lacks. */
export const byNearness = (a: { input: FlipInput; far: number }, b: { input: FlipInput; far: number }): number =>
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
