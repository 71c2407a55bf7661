import { isUnpriced } from '../../cost/curve.js';
import { peopleUsd, staffingOf } from '../../cost/people.js';
import { advisedAmong, advisedPlan } from '../../decide/advice.js';
import { kindsByTask } from '../../decide/kinds-by-task.js';
import { optionsOf, type Plan, planOf, staffedOn, taskPartCount } from '../../decide/plan.js';
import { cheapestPlan } from '../../decide/ways.js';
import type { Option } from '../../places/option.js';
import { regionsOf } from '../../places/own-hardware.js';
import type { Context } from '../../places/placement.js';
import { placements } from '../../places/registry.js';
import { isAtMost } from '../../units/float.js';
import type { Workload } from '../../workload/workload.js';
import { mayStand } from '../levers/lever.js';
import { partsUnder, pricerOf } from '../uncertainty/costs.js';
import { type NumberInput, settingOf, type WordInput } from './input.js';
import { between, gridTo, isClose, oneStepBack, roundedAway } from './steps.js';

/**
 * What would be advised if there were no other plans than these, by the same rules of choice.
 */
export function advisedOf(plans: readonly Plan[], context: Context): Plan | null {
  const { workload, tables } = context;
  const there = plans.filter((plan) =>
    plan.deployments.flatMap(optionsOf).every((option) => isThere(option, workload)),
  );
  const usdOf = pricerOf(there, tables)(context);
  // What a plan costs is told much sooner than the plan, and what it costs at the least sooner still.
  const open = there.map((plan, p) => ({ plan, p, usd: leastPeopleUsd(plan, context), isExact: false }));
  return advisedAmong(rising(), context);

  function* rising(): Generator<Plan> {
    while (open.length > 0) {
      const at = open.reduce((first, one, i) => (comesBefore(one, open[first] as typeof one) ? i : first), 0);
      const next = open[at] as (typeof open)[number];
      if (!next.isExact) {
        open[at] = { ...next, usd: usdOf(next.p), isExact: true };
        continue;
      }
      open.splice(at, 1);
      const parts = partsUnder(next.plan, context);
      const again = parts && planOf(parts, context);
      if (again !== null && !isUnpriced(again) && mayStand(again, context)) yield again;
    }
  }
}

type Open = { plan: Plan; usd: number; isExact: boolean };

/** The cheaper one first; of equals, as in a whole decision, the one of fewer parts, then by id. */
function comesBefore(one: Open, other: Open): boolean {
  if (!isAtMost(one.usd, other.usd)) return false;
  if (!isAtMost(other.usd, one.usd)) return true;
  if (one.isExact !== other.isExact) return other.isExact;
  const parts = taskPartCount(one.plan) - taskPartCount(other.plan);
  return parts === 0 ? one.plan.id < other.plan.id : parts < 0;
}

/** People and set-up of a plan without a single machine: what it costs at the least, whatever the volume. */
function leastPeopleUsd({ deployments }: Plan, context: Context): number {
  const parts = deployments
    .flatMap(optionsOf)
    .map((option) => staffedOn(option, 0, { taskParts: [], volume: 0 }, context));
  return peopleUsd(staffingOf(parts, context.workload.assume), context.workload);
}

/** Machines of one's own stand where data must stay, which may be elsewhere now. */
const isThere = ({ purchase, region }: Option, workload: Workload): boolean =>
  (purchase !== 'bought' && purchase !== 'owned') || regionsOf(workload).some((one) => one.region === region);

/** A value at which the advice is another: proven by whole decisions there and one step before, or only expected. */
export type Turn = {
  to: number | string;
  /** As a number, where it is one. */
  value: number | null;
  setting: string;
  plan: Plan;
};

/** Plans met, and decisions made, while the same question is asked of many values. */
export type Search = {
  caseOf(setting: string): Context | null;
  /** Kinds by task of the recommendation. */
  kinds: string;
  pool: Map<string, Plan>;
  /** Whole decisions by setting. */
  decided: Map<string, Plan | null>;
  /** Most decisions. */
  decisions: number;
  /** Values between an input and the end of its range at which plans are compared. */
  steps: number;
  /** By path, values at which a rule that turns down one of the plans met would let it pass. */
  marks: ReadonlyMap<string, readonly number[]>;
  /** How often a turn is looked for again, where a decision met another plan. */
  rounds: number;
  /** Whether decisions are spent on a turn that the plans met do not lead to: else they are for more of those that they do. */
  thorough: boolean;
  /** Told how many decisions are made. */
  progress?: (decisions: number) => void;
};

/** What the plans met would advise at a setting; undefined where that is no scenario. */
export function expectedAt(setting: string, { caseOf, pool }: Search): Plan | null | undefined {
  const context = caseOf(setting);
  return context === null ? undefined : advisedOf([...pool.values()], context);
}

/** Whether some task's kind of place is another than in the recommendation. */
export const turned = (plan: Plan | null | undefined, { kinds }: Search): plan is Plan =>
  plan != null && kindsByTask(plan) !== kinds;

/** Decides anew at a setting; undefined where that is no scenario or no decision is left. A plan not met joins the pool. */
export function decidedAt(setting: string, search: Search): Plan | null | undefined {
  const known = search.decided.get(setting);
  if (known !== undefined) return known;
  if (search.decided.size >= search.decisions) return undefined;
  const context = search.caseOf(setting);
  if (context === null) return undefined;
  const met = advisedOf([...search.pool.values()], context);
  // What is met bounds what a better plan may cost; the tie band on top of that holds all that might be advised.
  const below = met === null ? undefined : met.monthlyUsd * (1 + context.workload.assume('tieBand')) ** 2;
  const plan = advisedPlan(context, below) ?? (met === null ? null : advisedPlan(context));
  search.decided.set(setting, plan);
  search.progress?.(search.decided.size);
  if (plan !== null && !search.pool.has(plan.id)) search.pool.set(plan.id, plan);
  return plan;
}

/** How often a look at the APIs alone may move a turn. */
const quickRounds = 6;

const apis = placements.filter(({ perToken }) => perToken);

/** Looks at what is billed per token alone, which takes a small part of a decision; whether that is a plan not met before. */
function meetsApi(setting: string, { caseOf, pool, decisions }: Search): boolean {
  if (decisions === 0) return false;
  const context = caseOf(setting);
  const plan = context && cheapestPlan(context, { among: apis });
  if (plan === null || pool.has(plan.id)) return false;
  pool.set(plan.id, plan);
  return true;
}

/** Whether an API that was not met before leaves the advice as it is at a value. */
const isStayedByApi = (input: NumberInput, value: number, search: Search): boolean =>
  meetsApi(settingAt(input, value), search) && !turnsAt(input, value, search);

/** Whether an API that was not met before turns the advice at a value, which is not the one now. */
const isTurnedByApi = (input: NumberInput, value: number, search: Search): boolean =>
  value !== input.from && meetsApi(settingAt(input, value), search) && turnsAt(input, value, search);

/** Two values with the turn between them: the advice is as now at `near`, and another at `far`. */
export type Bracket = { near: number; far: number };

/**
 * The nearest value towards an end of the range at which a number turns the advice: found among the plans met, then decided
 * there and one step before. What these decisions meet joins the plans, and it is looked for again.
 *
 * @param found where the plans met turn it, if that is known
 * @returns null where none is found; `proven` is false where decisions ran out
 */
export function nearestNumber(
  input: NumberInput,
  end: number,
  found: Bracket | null,
  search: Search,
): { turn: Turn; proven: boolean } | null {
  let bracket = found;
  /** The last value met that was not turned by a whole decision, and the last that was: the turn is between them. */
  const decided = { near: input.start, far: isDecidedTurned(input, end, search) ? end : null };
  for (let round = 0, quick = 0; round < search.rounds; round++) {
    bracket ??= bracketOf(input, end, search);
    if (bracket === null) return null;
    const to = locate(input, bracket, search);
    bracket = null;
    const setting = settingAt(input, to);
    const back = oneStepBack(to, input);
    // What a look at the APIs alone can tell needs no decision: that it does not turn here, or already turns before.
    if (quick < quickRounds && (isStayedByApi(input, to, search) || isTurnedByApi(input, back, search))) {
      quick += 1;
      round -= 1;
      continue;
    }
    const turn = turnAt(input, to, search);
    if (turn === null) return null;
    const there = decidedAt(setting, search);
    if (there === undefined) return { turn, proven: false };
    if (there === null) return null;
    // The value now needs no decision.
    const before = back === input.from ? null : decidedAt(settingAt(input, back), search);
    if (before === undefined) return { turn, proven: false };
    const stayed = back === input.from || (before !== null && !turned(before, search));
    if (turned(there, search) && stayed) return { turn: { ...turn, plan: there }, proven: true };
    const isNearer = decided.far === null || isBetween(to, input.start, decided.far);
    if (turned(there, search)) {
      if (isNearer) decided.far = to;
      if (!isBetween(decided.near, input.start, to)) decided.near = input.start;
    } else if (isNearer && isBetween(to, decided.near, end)) decided.near = to;
  }
  return decided.far === null || !search.thorough ? null : halvedByDecisions(input, decided.near, decided.far, search);
}

const isDecidedTurned = (input: NumberInput, value: number, { decided, ...search }: Search): boolean =>
  turned(decided.get(settingAt(input, value)), { decided, ...search });

/**
 * The turn between a value at which a decision stays and one at which it does not, halved by whole decisions: where the best
 * plan is another one at every value, those met tell too little.
 */
function halvedByDecisions(
  input: NumberInput,
  from: number,
  to: number,
  search: Search,
): { turn: Turn; proven: boolean } | null {
  let [near, far] = [from, to];
  for (;;) {
    const turn = turnAt(input, far, search);
    if (turn === null) return null;
    const back = oneStepBack(far, input);
    if (!isBetween(back, near, far)) {
      const [plan, before] = [far, back].map((value) => decidedAt(settingAt(input, value), search));
      if (plan === undefined || before === undefined) return { turn, proven: false };
      const isProven = turned(plan, search) && before !== null && !turned(before, search);
      return isProven ? { turn: { ...turn, plan }, proven: true } : null;
    }
    const middle = roundedAway(between(near, far), input);
    const next = isBetween(middle, near, far) ? middle : back;
    const there = decidedAt(settingAt(input, next), search);
    if (there === undefined) return { turn, proven: false };
    if (there === null) return null;
    if (turned(there, search)) far = next;
    else near = next;
  }
}

const isBetween = (value: number, a: number, b: number): boolean => (value - a) * (b - value) > 0;

/** A value just past which no plan met stands any more, and the one before it: what does is for a decision to tell. */
export function edgeOf(input: NumberInput, end: number, search: Search): Bracket | null {
  const stands = (value: number): boolean => expectedAt(settingAt(input, value), search) != null;
  let near = input.start;
  for (const value of gridTo(end, input, search.steps)) {
    if (!stands(value)) {
      const edge = halvedWhere((middle) => !stands(middle), input, { near, far: value }, closely);
      const far = roundedAway(edge.far, input);
      return { near: edge.near, far: stands(far) ? edge.far : far };
    }
    near = value;
  }
  return null;
}

const settingAt = ({ path, unit, write }: NumberInput, value: number): string =>
  settingOf(path, write?.(value) ?? value, unit);

const turnsAt = (input: NumberInput, value: number, search: Search): boolean =>
  turned(expectedAt(settingAt(input, value), search), search);

/** What the plans met would advise at a value; null where that is nothing. */
export function turnAt(input: NumberInput, to: number, search: Search): Turn | null {
  const setting = settingAt(input, to);
  const plan = expectedAt(setting, search);
  return plan == null ? null : { to: input.write?.(to) ?? to, value: to, setting, plan };
}

/** Where the plans met turn the advice: the first value of a grid that does, and the one before it. */
export function bracketOf(input: NumberInput, end: number, search: Search): Bracket | null {
  let near = input.start;
  const marks = [...(search.marks.get(input.path) ?? []), ...justPast(input, end)].filter(
    (mark) => (mark - input.start) * (end - mark) > 0,
  );
  const values = [...gridTo(end, input, search.steps), ...marks.map((mark) => (input.whole ? Math.round(mark) : mark))];
  for (const far of values.sort((a, b) => Math.abs(a - input.start) - Math.abs(b - input.start))) {
    if (turnsAt(input, far, search)) return { near, far };
    near = far;
  }
  return null;
}

/** Of a rule that the scenario lacks: where the advised plan has only just ceased to keep it. */
const justPast = ({ start, near }: NumberInput, end: number): number[] =>
  near === start ? [] : [near * (1 + closely ** 2 * Math.sign(end - start))];

/** The turn between two values, halved down to it and rounded away. */
function locate(input: NumberInput, { near, far }: Bracket, search: Search): number {
  const { far: exact } = halved(input, { near, far }, closely, search);
  const rounded = roundedAway(exact, input);
  return rounded === exact || turnsAt(input, rounded, search) ? rounded : exact;
}

/** How exactly a turn is told, as a fraction. */
const closely = 1e-3;

/** Nearer values with the turn between them. */
export const halved = (input: NumberInput, bracket: Bracket, closeness: number, search: Search): Bracket =>
  halvedWhere((middle) => turnsAt(input, middle, search), input, bracket, closeness);

function halvedWhere(
  isFar: (value: number) => boolean,
  input: NumberInput,
  { near, far }: Bracket,
  closeness: number,
): Bracket {
  const { whole } = input;
  while (!isClose(near, far, input, closeness)) {
    const middle = whole ? Math.round(between(near, far)) : between(near, far);
    if (middle === near || middle === far) break;
    if (isFar(middle)) far = middle;
    else near = middle;
  }
  return { near, far };
}

/** The first of some words, in their order, that turns the advice: decided there, and at the word before where there is one. */
export function firstWord(
  input: WordInput,
  words: readonly string[],
  search: Search,
): { turn: Turn; proven: boolean } | null {
  let before: string | null = null;
  for (const to of words) {
    const setting = settingOf(input.path, to, '');
    const expected = expectedAt(setting, search);
    if (expected === undefined) continue;
    if (!turned(expected, search)) {
      before = setting;
      continue;
    }
    if (meetsApi(setting, search) && !turned(expectedAt(setting, search), search)) {
      before = setting;
      continue;
    }
    const turn = { to, value: null, setting, plan: expected };
    const back = before === null ? null : decidedAt(before, search);
    const there = decidedAt(setting, search);
    if (there === undefined || back === undefined) return { turn, proven: false };
    // What was expected of the word before was wrong: it turns there already, or nothing fits.
    if (before !== null && turned(back, search)) return null;
    if (turned(there, search)) return { turn: { ...turn, plan: there }, proven: true };
    before = setting;
  }
  return null;
}
