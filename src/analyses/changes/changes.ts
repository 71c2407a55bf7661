import type { PlaceOptions } from '../../core/decide.js';
import type { AdvisedPlan } from '../../decide/task-advice.js';
import type { Option } from '../../places/option.js';
import { type FlipInput, type NumberInput, settingOf, type WordInput } from '../flips/input.js';
import { between, gridTo, isClose, roundedAway } from '../flips/steps.js';

/** Decides with a setting: null when nothing fits, undefined when the setting makes no valid scenario. */
export type DecideAt = (setting: string) => AdvisedPlan | null | undefined;

/** The nearest value of an input, one way, at which the advice is another; `plan` is null where nothing fits. */
export type Change = { input: FlipInput; to: number | string; value: number | null; plan: AdvisedPlan | null };

/** How exactly a value is told, as a fraction. */
const closely = 1e-3;

/**
 * Changes of inputs that lead to another deployment type, another model, or to nothing that fits. Numbers are
 * tried on a grid towards both ends of their range; the first change is bisected to the printed digit.
 *
 * @param steps values of a grid between an input and an end of its range
 */
export function changesOf(
  inputs: readonly FlipInput[],
  now: PlaceOptions,
  decideAt: DecideAt,
  steps: number,
): Change[] {
  const isOther = (plan: AdvisedPlan | null | undefined): plan is AdvisedPlan | null =>
    plan !== undefined && (plan === null || typesAndModelsOf(plan) !== typesAndModelsOf(now));
  return inputs.flatMap((input) =>
    input.is === 'word' ? wordChanges(input) : [input.high, input.low].flatMap((end) => numberChange(input, end) ?? []),
  );

  /** Ordered words are tried outward in both directions, up to the first that changes the plan; of other words each one. */
  function wordChanges(input: WordInput): Change[] {
    const { path, words, ordered, from } = input;
    const at = words.indexOf(from);
    const ways = ordered ? [words.slice(at + 1), words.slice(0, Math.max(0, at)).reverse()] : words.map((to) => [to]);
    return ways.flatMap((way) => {
      for (const to of way) {
        const plan = decideAt(settingOf(path, to, ''));
        if (isOther(plan)) return [{ input, to, value: null, plan }];
      }
      return [];
    });
  }

  function numberChange(input: NumberInput, end: number): Change | null {
    const planAt = (value: number) => decideAt(settingOf(input.path, input.write?.(value) ?? value, input.unit));
    let near = input.start;
    for (const value of gridOf(input, end)) {
      if (!isOther(planAt(value))) {
        near = value;
        continue;
      }
      const far = halved(input, near, value, (middle) => isOther(planAt(middle)));
      const shown = roundedAway(far, input);
      const to = isOther(planAt(shown)) ? shown : far;
      return { input, to: input.write?.(to) ?? to, value: to, plan: planAt(to) as AdvisedPlan | null };
    }
    return null;
  }

  /** From near to far; of a rule that the scenario lacks also where the plan has only just ceased to keep it. */
  function gridOf(input: NumberInput, end: number): number[] {
    if (end === input.start) return [];
    const past = input.near * (1 + closely * Math.sign(end - input.start));
    const isMark = input.near !== input.start && (past - input.start) * (end - past) > 0;
    const mark = input.whole ? Math.round(past) : past;
    return [...gridTo(end, input, steps), ...(isMark ? [mark] : [])].sort(
      (a, b) => Math.abs(a - input.start) - Math.abs(b - input.start),
    );
  }
}

/** The first value, to a printed digit, at which something holds that does not hold at `near` and does at `far`. */
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

/** Deployment types and models of a plan: only another one of these is a change. */
const typesAndModelsOf = ({ option, second }: PlaceOptions): string =>
  [option, ...(second === null ? [] : [second.option])].map(placeOf).join(' + ');

const placeOf = ({ kind, family, model, mode }: Option): string => [kind, family ?? model, mode].join(' ');
