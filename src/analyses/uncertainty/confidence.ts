import { unsureRequests } from '../../decide/advice.js';
import { type Choice, kindsByTask, kindsOfEach } from '../../decide/choice.js';
import type { Confidence, TornadoRow } from '../../decide/decision.js';
import { mayStand } from '../../decide/option-report.js';
import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { kindNames } from '../../tables/column.js';
import type { Kind } from '../../tables/columns.js';
import { difference, percentWords, rounded } from '../../units/numeric.js';
import { type CaseAt, likelyOf, type Sample, valuesOfInput } from './draws.js';
import type { UncertainInput } from './inputs.js';
import { winnersOf } from './winners.js';

/** Plans over the simulations: the advised plan first, and the best plan's index in each (-1: none may run). */
export type Outcome = {
  plans: readonly Plan[];
  winners: Int32Array;
  sample: Pick<Sample, 'values' | 'draws' | 'inputs'>;
  /** By task, simulations in which the advised plan's model is below an assumed need. */
  missed: ReadonlyMap<string, Uint8Array>;
  assume(name: string): number;
  /** No plan with a task on another kind of place meets every rule. */
  isOnly: boolean;
  /** Whether the advised plan exceeds a provider's requests a minute for accounts. */
  hangs: boolean;
  /** Whether an input, by its path, is a low-confidence estimate of the tables. */
  isGuess(path: string): boolean;
};

/**
 * Confidence of the advice by task: the share of simulations in which the task's deployment type is that of the best
 * plan and its model is good enough; for the plan the lowest.
 */
export function confidenceOf({ plans, winners, sample, missed, assume, isOnly, hangs, isGuess }: Outcome): Confidence {
  const { draws } = sample;
  const kinds = plans.map(kindsOfEach);
  const [mine] = kinds as [Map<string, Set<Kind>>];
  const tasks = [...mine].map(([task, own]) => {
    const isSame = kinds.map((other) => textOf(other.get(task) ?? []) === textOf(own));
    const stays = Uint8Array.from(winners, (p) => Number(p >= 0 && isSame[p]));
    const lost = missed.get(task);
    const holds = stays.map((stay, k) => Number(stay === 1 && lost?.[k] !== 1));
    return { task, kinds: own, stays, share: meanOf(holds), good: lost === undefined ? 1 : 1 - meanOf(lost) };
  });
  const weakest = tasks.reduce((least, one) => (one.share < least.share ? one : least));
  const { task, share, good, stays } = weakest;
  const placed = meanOf(stays);
  const mover = moverOf(stays, sample);
  const driver = good < placed ? 'quality' : share === 1 || mover === null ? null : mover.driver;
  const [high, medium] = [assume('confidenceHigh'), assume('confidenceMedium')];
  const simulated = share >= high ? 'high' : share >= medium ? 'medium' : 'low';
  const level = hangs && simulated === 'high' ? 'medium' : simulated;
  const bounds = {
    high: `from ${often(high)}`,
    medium: `from ${often(medium)} to ${often(high)}`,
    low: `below ${often(medium)}`,
  };
  const isFixed = isOnly && placed === 1;
  const isOften = isFixed
    ? 'is what every rule leaves, so no simulation moves it'
    : `is best in ${often(placed)} of ${draws} simulations`;
  const fits =
    good === 1
      ? ''
      : isFixed
        ? `; its model is good enough in ${often(share)} of ${draws} simulations`
        : `, and its model is good enough too in ${often(share)}`;
  const place = sorted(weakest.kinds)
    .map((kind) => kindNames[kind])
    .join(' and ');
  const whose = tasks.length === 1 ? '' : ` for ${task}`;
  const depends =
    driver === null
      ? ''
      : driver === 'quality'
        ? `; it depends most on quality: test the model on your own samples of ${task}`
        : `; it depends most on ${driverWords[driver].what}${mover !== null && isGuess(mover.path) ? ', of which we have no more than an estimate' : ''}: ${driverWords[driver].settledBy}`;
  return {
    level,
    share: rounded(share),
    task,
    driver,
    text: `${place}${whose} ${isOften}${fits} (${level === simulated ? `${level} is ${bounds[level]}` : 'no more than medium, as the plan hangs on a rate limit that nobody has been asked for'})${depends}`,
    tasks: tasks.map((one) => ({
      task: one.task,
      share: rounded(one.share),
      placeBest: rounded(meanOf(one.stays)),
      goodEnough: missed.has(one.task) ? rounded(one.good) : null,
    })),
  };
}

/** Only what never failed is all. */
const often = (share: number): string => (share === 1 ? 'all' : percentWords(Math.min(99, share * 100), 0));

const sorted = (kinds: Iterable<Kind>): Kind[] => [...kinds].sort();

const textOf = (kinds: Iterable<Kind>): string => sorted(kinds).join();

const meanOf = (flags: Uint8Array): number => flags.reduce((sum, one) => sum + one, 0) / flags.length;

type Driver = NonNullable<Confidence['driver']>;

/** Texts for the cause that moves the place most, and how to know it better. */
const driverWords: Record<Exclude<Driver, 'quality'>, { what: string; settledBy: string }> = {
  volume: { what: 'the volume', settledBy: 'count your requests' },
  lengths: { what: 'the lengths of prompts and answers', settledBy: 'count the tokens of some days' },
  people: { what: 'the time of people', settledBy: 'ask those who would run it' },
  capacity: { what: 'what a machine can take', settledBy: 'measure it under load' },
  price: { what: 'prices', settledBy: 'ask for a quote' },
};

const drivers: readonly (readonly [RegExp, Exclude<Driver, 'quality'>])[] = [
  [/^tasks\..+\.tokens\.|^needs\.rag/, 'lengths'],
  [/^workload\.|\.(?:volume|share)$|inHourFactor/, 'volume'],
  [/^team\.|^assumptions\.(?:fte|setup|onCall|learning|defaultLoadedFte)/, 'people'],
  [/^capacity of /, 'capacity'],
];

/** The input whose lower and upper halves of simulations differ most in the place; null: none. */
function moverOf(
  stays: Uint8Array,
  sample: Outcome['sample'],
): { path: string; driver: Exclude<Driver, 'quality'> } | null {
  let best: { path: string; effect: number } | null = null;
  for (const [i, { path }] of sample.inputs.entries()) {
    const values = valuesOfInput(sample, i);
    if (values.some(Number.isNaN)) continue;
    const middle = values.toSorted()[values.length >> 1] as number;
    let [above, stayedAbove, stayedBelow] = [0, 0, 0];
    for (const [k, value] of values.entries()) {
      if (value > middle) {
        above += 1;
        stayedAbove += stays[k] as number;
      } else stayedBelow += stays[k] as number;
    }
    const below = values.length - above;
    if (above === 0 || below === 0) continue;
    const effect = Math.abs(stayedAbove / above - stayedBelow / below);
    if (effect > 0 && (best === null || effect > best.effect)) best = { path, effect };
  }
  if (best === null) return null;
  const { path } = best;
  return { path, driver: drivers.find(([pattern]) => pattern.test(path))?.[1] ?? 'price' };
}

/** Percentiles of an input for its swing: the 10th and the 90th. */
export const swungTo = [0.1, 0.9] as const;

/** One input at its 10th and 90th percentile, others at likely values: USD a month of every plan. */
export type Swing = { values: readonly [number, number]; usd: readonly [Float64Array, Float64Array] };

/** What every plan costs as each input alone moves. */
export function swingsOf(
  plans: number,
  inputs: readonly UncertainInput[],
  caseAt: CaseAt,
  price: (context: ReturnType<CaseAt>, into: Float64Array) => void,
): Swing[] {
  const likely = likelyOf(inputs);
  const costsAt = (input: number, value: number): Float64Array => {
    const values = likely.slice();
    values[input] = value;
    const usd = new Float64Array(plans);
    price(caseAt(values), usd);
    return usd;
  };
  return inputs.map(({ quantile }, input) => {
    const [low, high] = swungTo;
    const values = [quantile(low), quantile(high)] as const;
    return { values, usd: [costsAt(input, values[0]), costsAt(input, values[1])] };
  });
}

/** The plans, the recommended one first, and USD a month that each counts beyond its cost. */
type Field = { plans: readonly Plan[]; extraUsd: readonly number[] };

/** Effect of each input alone on the advised cost, and on the best deployment type. */
export function tornadoOf(
  inputs: readonly UncertainInput[],
  swings: readonly Swing[],
  { plans, extraUsd }: Field,
): TornadoRow[] {
  const kinds = kindsByTask(plans[0] as Plan);
  const rows = swings.map(({ values, usd }, input): TornadoRow => {
    const { path, unit, likely, origin } = inputs[input] as UncertainInput;
    const [low, high] = usd.map((costs) => costs[0] as number) as [number, number];
    const becomes = usd
      .map((costs) => {
        const one = {
          usd: costs.map((cost, p) => cost + (extraUsd[p] as number)),
          draws: 1,
          seen: new Int32Array(costs.length).fill(1),
        };
        return winnersOf(one, () => true).winners[0] ?? -1;
      })
      .find((p) => p >= 0 && kindsByTask(plans[p] as Plan) !== kinds);
    return {
      parameter: path,
      unit,
      origin,
      low: rounded(values[0]),
      likely: rounded(likely),
      high: rounded(values[1]),
      costAtLow: finiteOrNull(low),
      costAtHigh: finiteOrNull(high),
      swing: finiteOrNull(Math.abs(difference(high, low))),
      flips: becomes !== undefined,
      becomes: becomes === undefined ? null : (plans[becomes] as Plan).id,
    };
  });
  return rows
    .filter(({ swing, flips }) => swing !== 0 || flips)
    .sort((a, b) => (b.swing ?? Infinity) - (a.swing ?? Infinity) || (a.parameter < b.parameter ? -1 : 1));
}

const finiteOrNull = (usd: number): number | null => (Number.isFinite(usd) ? rounded(usd) : null);

/**
 * Plans of the decision and further ones, the recommended one first, within all rules; at most so many, in the order of
 * their importance.
 */
export function plansDrawn(
  advised: Plan,
  choice: Choice,
  further: readonly Plan[],
  most: number,
  context: Context,
): Plan[] {
  const alone = choice.kinds.flatMap(({ plan, feasible }) => (feasible ? [plan] : []));
  const plans = new Map<string, Plan>();
  for (const plan of [advised, choice.cheapest, choice.cheaperPlan, choice.runnerUp, ...alone, ...further])
    if (plan !== null && !plans.has(plan.id)) plans.set(plan.id, plan);
  // Plans with more requests on unsure models were excluded before costs were compared.
  const unsure = unsureRequests(advised, context);
  return [...plans.values()]
    .filter((plan) => plan === advised || (unsureRequests(plan, context) <= unsure && mayStand(plan, context)))
    .slice(0, most);
}
