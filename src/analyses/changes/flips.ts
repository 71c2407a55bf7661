import { caseAt } from '../../decide/at-volume.js';
import { type CasePlan, tracedCase } from '../../decide/case-plan.js';
import type { Choice } from '../../decide/choice.js';
import { isOneTask } from '../../decide/core-choice.js';
import type { Flip, NoFlip } from '../../decide/decision.js';
import { optionsTurnedDown } from '../../decide/near-misses.js';
import { planWords } from '../../decide/plan.js';
import { kindsOf } from '../../decide/recommendation.js';
import { rounded } from '../../decide/round.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { type FlipInput, settingOf } from '../flips/input.js';
import { changedCases, inputsOf, monthReaching, type Subject } from '../flips/inputs.js';
import { oneStepBack } from '../flips/steps.js';
import type { Rung } from './by-volume.js';
import { areAlike, byNearness, type Change, type Changes, changesOf, distanceOf } from './changes.js';
import { type Advice, deciderOf, type Places } from './deciding.js';

export type ChangeOptions = {
  /** Every change of every input; else the nearest ones, of inputs at fewer values. */
  all: boolean;
  /** Ranges of volume with the plan advised in each; none: volumes are not tried. */
  rungs: readonly Rung[];
  /** Told how many inputs of how many were looked at. */
  progress?: (inputs: number, total: number) => void;
};

/** For each input the nearest values in both directions at which the advice changes. */
export function flipsOf(
  subject: Subject,
  choice: Choice,
  { all, rungs, progress }: ChangeOptions,
): { flips: Flip[]; noFlips: NoFlip[] } {
  const { context, read } = subject;
  const { assume } = context.workload;
  const caseOf = changedCases(subject);
  const { advised } = choice;
  const decider = deciderOf(context, choice.several);
  const isWhole = isOneTask(context);
  const met: (Places | null)[] = isWhole ? [] : [...placesMet(choice), placesOf(optionsTurnedDown(context))];
  let decide = isWhole ? decider.decide : decider.among(met);
  const asNow = decide(context);
  const { plan: now } = asNow;
  if (advised === null || now === null) return { flips: [], noFlips: [] };
  // Assumptions of far dearer plans rarely make them best: tried only for all changes.
  const compared = all ? choice.kinds.map(({ plan }) => plan) : [choice.runnerUp];
  const plans = [advised, choice.cheapest, ...compared].filter((plan) => plan !== null);
  const inputs = inputsOf(read.scenario, advised, { met: plans, lead: 1, regions: all ? 'all' : 'wide' }, context);
  const looked = new Set<string>();
  const decideAt = (setting: string): Advice | undefined => {
    const there = caseOf(setting);
    if (there === null) return undefined;
    looked.add(setting.slice(0, setting.indexOf('=')));
    progress?.(looked.size, tried.length);
    return decide(there);
  };
  const before = { ...asNow, plan: now };
  const byVolume = volumeChanges(inputs.filter(isVolume), rungs, now);
  const tried = inputs.filter((input) => !isVolume(input));
  const [always, others] = [tried.filter(isAlwaysTold), tried.filter((input) => !isAlwaysTold(input))];
  const steps = assume(all ? 'flipStepsInFull' : 'flipSteps');
  const first = changesOf(always, before, decideAt, { steps, most: Number.POSITIVE_INFINITY });
  const most = all ? Number.POSITIVE_INFINITY : assume('flipsShown') - byVolume.changes.length - first.changes.length;
  const then = changesOf(others, before, decideAt, { steps, most });
  const wholeAt = (setting: string): CasePlan | null | undefined => {
    const there = caseOf(setting);
    if (there === null) return undefined;
    progress?.(looked.size, tried.length);
    return decider.decide(there).plan;
  };
  /**
   * For several tasks changes are searched among known plans, and confirmed by full decisions at the change and one
   * step before it. An unconfirmed one adds its plan, and the input is searched again.
   */
  const confirmed = (change: Change): Change[] => {
    if (isWhole) return [change];
    const { input, value } = change;
    let told = change;
    for (let round = 0; round < mostRounds; round++) {
      const plan = wholeAt(settingAt(told));
      const isOther = plan === undefined || plan === null || !areAlike(plan, now);
      const earlier = isOther ? planBefore(told) : plan;
      if (earlier === undefined) return [{ ...told, plan: plan ?? null }];
      met.push(earlier);
      decide = decider.among(met);
      const again = changesOf([input], before, decideAt, { steps, most: Number.POSITIVE_INFINITY }).changes;
      const next = again.find((one) =>
        input.is === 'number' ? (one.value ?? 0) > input.start === (value ?? 0) > input.start : one.to === told.to,
      );
      if (next === undefined) return [];
      told = next;
    }
    return [];
  };
  /** What is advised one step before a change where that is not as now. */
  const planBefore = ({ input, value }: Change): CasePlan | undefined => {
    if (input.is !== 'number' || value === null) return undefined;
    const back = oneStepBack(value, input);
    if (back === input.start || back === value) return undefined;
    const plan = wholeAt(settingOf(input.path, input.write?.(back) ?? back, input.unit));
    return plan === undefined || plan === null || areAlike(plan, now) ? undefined : plan;
  };
  // Plans are compared by adjusted cost; the report has their bills.
  const nowUsd = tracedCase(now).monthlyUsd;
  return {
    flips: [...byVolume.changes, ...[...first.changes, ...then.changes].flatMap(confirmed)]
      .map((change) => ({ change, input: change.input, far: distanceOf(change, now) }))
      .sort(byNearness)
      .map(({ change, far }) => flipRow(change, far, nowUsd, caseOf, context)),
    noFlips: [
      ...byVolume.unchanged.map((input) => noFlip(input, true)),
      ...[...first.unchanged, ...then.unchanged].map((input) => noFlip(input, isWhole)),
    ],
  };
}

/** The nearest volumes above and below with another deployment type or model, or where nothing fits. */
function volumeChanges(inputs: readonly FlipInput[], rungs: readonly Rung[], now: CasePlan): Changes {
  const changes = inputs.flatMap((input): Change[] => {
    if (input.is !== 'number') return [];
    const isOther = ({ places }: Rung): boolean => places === null || !areAlike(places, now);
    const above = rungs.find((rung) => rung.from > input.start && isOther(rung));
    const below = rungs.findLast(({ to, ...rung }) => to !== null && to < input.start && isOther({ to, ...rung }));
    const change = (value: number, plan: CasePlan | null): Change => ({ input, to: value, value, plan });
    return [
      ...(above === undefined ? [] : [change(above.from, above.places)]),
      ...(below === undefined ? [] : [change(below.to as number, below.places)]),
    ];
  });
  return { changes, unchanged: changes.length === 0 ? [...inputs] : [] };
}

/** Most repeated searches of an input after a new plan. */
const mostRounds = 5;

/** The plans that a choice has met. */
const placesMet = ({ advised, cheapest, runnerUp, otherMain, kinds }: Choice): Places[] =>
  [advised, cheapest, runnerUp, otherMain, ...kinds.map(({ plan }) => plan)].flatMap((plan) =>
    plan === null ? [] : [{ places: plan.deployments }],
  );

/** Options as places. */
const placesOf = (options: readonly Option[]): Places => ({
  places: options.map((option) => ({ option, taskParts: [] })),
});

const unitOf = (input: FlipInput): string => (input.is === 'number' ? input.unit : '');

const settingAt = ({ input, to }: Change): string => settingOf(input.path, to, unitOf(input));

const volumePath = 'workload.volume';
const isVolume = ({ path }: FlipInput): boolean => path === volumePath;

/** Always printed, with the volume: unsigned contracts, and regions with more places. */
const isAlwaysTold = (input: FlipInput): boolean => input.path.endsWith('.agreements') || isLooserRegion(input);

const isLooserRegion = (input: FlipInput): boolean =>
  input.is === 'word' && input.path.endsWith('.residency') && input.words.includes('[]');

function flipRow(
  change: Change,
  far: number,
  nowUsd: number,
  caseOf: (setting: string) => Context | null,
  context: Context,
): Flip {
  const { input, to, value } = change;
  const there = isVolume(input) ? caseAt(context, value ?? 0) : (caseOf(settingAt(change)) as Context);
  const plan = change.plan && tracedCase(change.plan);
  return {
    parameter: input.path,
    from: input.from ?? 'none',
    to,
    means: (input.is === 'word' && input.means?.[String(to)]) || null,
    unit: unitOf(input),
    direction: input.is !== 'number' || value === null ? null : value > input.start ? 'up' : 'down',
    becomes: plan?.id ?? null,
    becomesLabel: plan && planWords(plan, there.tables),
    becomesKinds: plan === null ? [] : kindsOf(plan, there.workload),
    monthlyCost: plan && rounded(plan.monthlyUsd),
    extraCost: plan && rounded(plan.monthlyUsd - nowUsd),
    month: isVolume(input) ? monthReaching(value ?? 0, context) : null,
    distance: Number.isFinite(far) ? rounded(far) : null,
    verified: true,
  };
}

/** @param decided by whole decisions, else among the plans met */
function noFlip(input: FlipInput, decided: boolean): NoFlip {
  const { path: parameter } = input;
  if (input.is === 'word')
    return {
      ...{ parameter, from: input.from, low: null, high: null, unit: '' },
      words: [...input.words],
      decided,
    };
  const { from, low, high, unit } = input;
  return { parameter, from: from ?? 'none', low, high, unit, words: null, decided };
}
