import type { Choice } from '../../decide/choice.js';
import { tracedPlan } from '../../decide/core-choice.js';
import type { Flip, NoFlip } from '../../decide/decision.js';
import { planWords } from '../../decide/plan.js';
import { kindsOf } from '../../decide/recommendation.js';
import { rounded } from '../../decide/round.js';
import type { TaskPlan } from '../../decide/task-plans.js';
import type { Context } from '../../places/placement.js';
import { type FlipInput, settingOf } from '../flips/input.js';
import { changedCases, inputsOf, monthReaching, type Subject } from '../flips/inputs.js';
import { byNearness, type Change, changesOf, distanceOf } from './changes.js';
import { deciding, type TaskAdvice } from './deciding.js';

export type ChangeOptions = {
  /** Every change of every input; else the nearest ones, of inputs at fewer values. */
  all: boolean;
  progress?: (decisions: number) => void;
};

/** For each input of a single task the nearest values, one way and the other, at which the advice changes. */
export function flipsOfTask(
  subject: Subject,
  choice: Choice,
  { all, progress }: ChangeOptions,
): { flips: Flip[]; noFlips: NoFlip[] } {
  const { context, read } = subject;
  const { assume } = context.workload;
  const caseOf = changedCases(subject);
  const decide = deciding(context);
  const { advised } = choice;
  const asNow = decide(context);
  const { plan: now } = asNow;
  if (advised === null || now === null) return { flips: [], noFlips: [] };
  // Assumptions of a plan that costs far more hardly make it the best: they are tried where all changes are asked for.
  const compared = all ? choice.kinds.map(({ plan }) => plan) : [choice.runnerUp];
  const met = [advised, choice.cheapest, ...compared].filter((plan) => plan !== null);
  const inputs = inputsOf(read.scenario, advised, { met, lead: 1, regions: all ? 'all' : 'wide' }, context);
  let decisions = 0;
  const decideAt = (setting: string): TaskAdvice | undefined => {
    const there = caseOf(setting);
    if (there === null) return undefined;
    progress?.(++decisions);
    return decide(there);
  };
  const before = { ...asNow, plan: now };
  const [always, others] = [inputs.filter(isAlwaysTold), inputs.filter((input) => !isAlwaysTold(input))];
  const steps = assume(all ? 'flipStepsInFull' : 'flipSteps');
  const first = changesOf(always, before, decideAt, { steps, most: Number.POSITIVE_INFINITY });
  const most = all ? Number.POSITIVE_INFINITY : assume('flipsShown') - first.changes.length;
  const then = changesOf(others, before, decideAt, { steps, most });
  return {
    flips: [...first.changes, ...then.changes]
      .map((change) => ({ change, input: change.input, far: distanceOf(change, now) }))
      .sort(byNearness)
      .map(({ change, far }) => flipRow(change, far, now, caseOf, context)),
    noFlips: [...first.unchanged, ...then.unchanged].map(noFlip),
  };
}

const volumePath = 'workload.volume';
const isVolume = ({ path }: FlipInput): boolean => path === volumePath;

/** Readers want to know these in any case: the volume, and contracts that are not signed. */
const isAlwaysTold = (input: FlipInput): boolean => isVolume(input) || input.path.endsWith('.agreements');

function flipRow(
  change: Change,
  far: number,
  now: TaskPlan,
  caseOf: (setting: string) => Context | null,
  context: Context,
): Flip {
  const { input, to, value } = change;
  const unit = input.is === 'number' ? input.unit : '';
  const there = caseOf(settingOf(input.path, to, unit)) as Context;
  const plan = change.plan && tracedPlan(change.plan, there);
  return {
    parameter: input.path,
    from: input.from ?? 'none',
    to,
    means: (input.is === 'word' && input.means?.[String(to)]) || null,
    unit,
    direction: input.is !== 'number' || value === null ? null : value > input.start ? 'up' : 'down',
    becomes: plan?.id ?? null,
    becomesLabel: plan && planWords(plan, there.tables),
    becomesKinds: plan === null ? [] : kindsOf(plan, there.workload),
    monthlyCost: plan && rounded(plan.monthlyUsd),
    extraCost: plan && rounded(plan.monthlyUsd - now.usd),
    month: isVolume(input) ? monthReaching(value ?? 0, context) : null,
    distance: Number.isFinite(far) ? rounded(far) : null,
    verified: true,
  };
}

function noFlip(input: FlipInput): NoFlip {
  const { path: parameter } = input;
  if (input.is === 'word')
    return {
      ...{ parameter, from: input.from, low: null, high: null, unit: '' },
      words: [...input.words],
      decided: true,
    };
  const { from, low, high, unit } = input;
  return { parameter, from: from ?? 'none', low, high, unit, words: null, decided: true };
}
