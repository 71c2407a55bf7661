import { isUnpriced } from '../../cost/curve.js';
import { planVerdicts } from '../../decide/option-report.js';
import { type Plan, planOf } from '../../decide/plan.js';
import { review } from '../../decide/review.js';
import type { Context } from '../../places/placement.js';
import { mayRun, type Verdict } from '../../rules/rule.js';
import { partsUnder } from './costs.js';
import { type CaseAt, likelyOf } from './draws.js';
import type { UncertainInput } from './input.js';

/** A rule that excludes a plan in a part of an input's range: beyond `value`, towards one end. */
export type Straddle = {
  plan: number;
  input: number;
  value: number;
  side: 'below' | 'above';
  /** It is allowed beyond the likely value and not at it, instead of the reverse. */
  stands: boolean;
  gate: string;
  task: string | null;
  reason: string;
};

/** Precision of the value at which a rule changes, in halvings. */
const halvings = 20;

/**
 * Where ranges cross a rule: some inputs at both ends of their range, the others at likely values. A rule that only two
 * inputs together break is missed.
 */
export function straddlesOf(
  plans: readonly Plan[],
  among: readonly number[],
  inputs: readonly UncertainInput[],
  caseAt: CaseAt,
): { base: boolean[]; straddles: Straddle[] } {
  const likely = likelyOf(inputs);
  const verdictAt = (plan: Plan, input: number, value: number): Broken | null => {
    const values = likely.slice();
    if (input >= 0) values[input] = value;
    return brokenBy(plan, caseAt(values));
  };
  const base = plans.map((plan, p) => (among.includes(p) ? verdictAt(plan, -1, 0) : null));
  const straddles = among.flatMap((p) => {
    const plan = plans[p] as Plan;
    const now = base[p] ?? null;
    return inputs.flatMap(({ origin, low, likely: middle, high }, input): Straddle[] =>
      origin !== 'user'
        ? []
        : [low, high].flatMap((end): Straddle[] => {
            if (end === middle) return [];
            const there = verdictAt(plan, input, end);
            if ((there === null) === (now === null)) return [];
            let near = middle;
            let far = end;
            for (let step = 0; step < halvings; step++) {
              const between = (near + far) / 2;
              if ((verdictAt(plan, input, between) === null) === (now === null)) near = between;
              else far = between;
            }
            const broken = (now ?? there) as Broken;
            return [
              {
                plan: p,
                input,
                value: far,
                side: end < middle ? 'below' : 'above',
                stands: now !== null,
                ...broken,
              },
            ];
          }),
    );
  });
  return { base: base.map((broken) => broken === null), straddles };
}

type Broken = { gate: string; task: string | null; reason: string };

/** The first rule that turns a plan down under a case; null where none does. */
function brokenBy(plan: Plan, context: Context): Broken | null {
  const parts = partsUnder(plan, context);
  if (parts === null) return { gate: 'slicing', task: null, reason: 'a part of a task is empty' };
  const again = planOf(parts, context);
  if (isUnpriced(again)) return { gate: 'capacity', task: null, reason: again.unpriced };
  const failing = ({ verdict }: { verdict: Verdict }): boolean => !mayRun(verdict);
  const ofTask = review(again, context).verdicts.find(failing);
  if (ofTask !== undefined) {
    const { task, gate, verdict } = ofTask;
    return { gate, task, reason: verdict.why().reason };
  }
  const ofPlan = planVerdicts(again, context).find(failing);
  return ofPlan === undefined ? null : { gate: ofPlan.gate, task: null, reason: ofPlan.verdict.why().reason };
}

/** Whether the draw of the input of a straddle is on the far side of it. */
export const isBeyond = ({ value, side }: Straddle, drawn: number): boolean =>
  side === 'below' ? drawn <= value : drawn >= value;
