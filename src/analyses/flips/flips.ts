import { nearUsd } from '../../decide/advice.js';
import type { Choice } from '../../decide/choose.js';
import type { Flip, NoFlip } from '../../decide/decision.js';
import { kindsByTask } from '../../decide/kinds-by-task.js';
import { planVerdicts } from '../../decide/option-report.js';
import { type Plan, planWords } from '../../decide/plan.js';
import { kindsOf } from '../../decide/recommendation.js';
import { review } from '../../decide/review.js';
import { rounded } from '../../decide/round.js';
import type { Context } from '../../places/placement.js';
import type { AtVolume } from '../break-even/in-decision.js';
import { type FlipInput, type NumberInput, settingOf } from './input.js';
import { changedCases, inputsOf, monthReaching, type Subject } from './inputs.js';
import {
  type Bracket,
  bracketOf,
  decidedAt,
  edgeOf,
  firstWord,
  halved,
  turned as isTurned,
  nearestNumber,
  type Search,
  type Turn,
  turnAt,
} from './search.js';
import { distance } from './steps.js';

/** Inputs of which a turn is expected but not proven, and the decisions that there were. */
export type Unproven = { parameters: string[]; decisions: number };

/** Where an input turns the advice: one way of a number, or one word. */
type Lead = { input: FlipInput; turn: Turn; nearness: number };

export type FlipOptions = {
  /** Every input, every way, with decisions at the ends; else the nearest ones only. */
  all: boolean;
  progress?: (decisions: number) => void;
};

/**
 * For every input the nearest value at which some task would be advised another kind of place. Looked for among the plans
 * met and proven by whole decisions at the value and one step before it, from the nearest on; what decisions are left then
 * look at the ends of the ranges. `noFlips` are the inputs of which none was found, `unproven` those of which one is expected
 * and no decision was left to prove it, where all are asked for.
 */
export function flipsOf(
  subject: Subject,
  choice: Choice,
  near: readonly Plan[],
  { all, progress }: FlipOptions,
): { flips: Flip[]; noFlips: NoFlip[]; unproven: Unproven; atVolumes: AtVolume[] } {
  const { context } = subject;
  const { advised } = choice;
  if (advised === null) return { flips: [], noFlips: [], unproven: { parameters: [], decisions: 0 }, atVolumes: [] };
  const { assume, taskParts } = context.workload;
  const best = choice.kinds.map(({ plan }) => plan);
  const others = choice.runnerUp ?? choice.keptOut?.plan ?? null;
  const met = [advised, choice.cheapest, others, ...best, ...near].filter((plan) => plan !== null);
  const search: Search = {
    caseOf: changedCases(subject),
    kinds: kindsByTask(advised),
    pool: new Map(met.toReversed().map((plan) => [plan.id, plan])),
    decided: new Map(),
    rounds: assume(all ? 'flipRoundsInFull' : 'flipRounds'),
    marks: marksOf(met, context),
    steps: assume(all ? 'flipStepsInFull' : 'flipSteps'),
    decisions: Math.floor(assume(all ? 'flipDecisionsInFull' : 'flipDecisions') / taskParts.length),
    thorough: all,
    ...(progress && { progress }),
  };
  const { runnerUp } = choice;
  const lead = all || runnerUp === null ? 1 : runnerUp.monthlyUsd / nearUsd(advised.monthlyUsd, context.workload);
  const inputs = inputsOf(subject.read.scenario, advised, { met, lead }, context);
  const shown = all ? Number.POSITIVE_INFINITY : assume('flipsShown');
  const ways = inputs.flatMap((input) => waysOf(input));
  const found = new Map<Way, Lead>();
  const isFound = (input: FlipInput): boolean => [...found.values()].some((lead) => lead.input === input);
  /** Inputs of which a turn was expected, proven or not. */
  const hopeful = new Set<FlipInput>();
  const open = new Set<FlipInput>();
  const prove = ({ way, bracket: expected, met: plans }: Expected): void => {
    const { input } = way;
    // A plan met since may turn it nearer.
    const bracket = plans === search.pool.size ? expected : null;
    hopeful.add(input);
    if (found.size >= shown || (!all && isFound(input))) return;
    const proof =
      input.is === 'number' ? nearestNumber(input, way.end, bracket, search) : firstWord(input, way.words, search);
    if (proof?.proven === false) open.add(input);
    // One that was proven stays true, also where decisions end before a nearer one is.
    if (proof?.proven) found.set(way, { input, turn: proof.turn, nearness: nearnessOf(input, proof.turn, advised) });
  };
  const proveAll = (some: readonly Way[]): void => {
    for (const lead of some.flatMap((way) => leadOf(way, search, advised) ?? []).sort(byNearness)) prove(lead);
  };
  const decideEnds = (): void => {
    for (const way of ways.toSorted((a, b) => importance(a) - importance(b))) {
      if (search.decided.size >= search.decisions || found.size >= shown) return;
      if (all ? found.has(way) : hopeful.has(way.input)) continue;
      const ends = way.ends.map((setting) => decidedAt(setting, search));
      const lead = ends.some((plan) => isTurned(plan, search))
        ? leadOf(way, search, advised)
        : all && ends.includes(null)
          ? leadAtEdge(way, search, advised)
          : null;
      if (lead !== null) prove(lead);
    }
  };
  // At which volume it flips is what is asked most: of few decisions it has the first, its ends before all.
  const ofVolume = ways.filter(({ input }) => input.path === volumePath);
  for (const setting of ofVolume.flatMap(({ ends }) => ends)) decidedAt(setting, search);
  proveAll(ofVolume);
  proveAll(ways);
  const before = search.pool.size;
  decideEnds();
  // What the ends brought may turn any input nearer.
  if (all && search.pool.size > before) proveAll(ways);
  const unproven = all ? [...open].filter((input) => !isFound(input)) : [];
  // Where all are asked for, every input is told of; else those that a look at more may yet turn are not.
  const inVain = (input: FlipInput): boolean =>
    all ? !isFound(input) && !unproven.includes(input) : !hopeful.has(input);
  return {
    flips: [...found.values()].sort(byNearness).map((lead) => flipRow(lead, advised, context)),
    noFlips: inputs.filter(inVain).map((input) => noFlip(input, search)),
    unproven: { parameters: unproven.map(({ path }) => path), decisions: search.decisions },
    atVolumes: atVolumes(search),
  };
}

const volumePath = 'workload.volume';

/** What was decided on the way at other volumes. */
function atVolumes({ decided, caseOf }: Search): AtVolume[] {
  return [...decided].flatMap(([setting, plan]) => {
    const there = plan !== null && setting.startsWith(`${volumePath}=`) ? caseOf(setting) : null;
    return plan === null || there === null ? [] : [{ plan, requestsPerDay: there.workload.requestsPerDay }];
  });
}

/** Values at which the rules that turn down plans would let them pass, by the path of the scenario that they name. */
function marksOf(plans: readonly Plan[], context: Context): Map<string, number[]> {
  const marks = new Map<string, number[]>();
  for (const plan of plans) {
    for (const { verdict } of [...review(plan, context).verdicts, ...planVerdicts(plan, context)]) {
      const { turnsAt } = verdict.why();
      if (turnsAt === null || typeof turnsAt.value !== 'number') continue;
      const { path, value } = turnsAt;
      // Shares are told in percent.
      const shown = path.endsWith('availability') ? value * 100 : value;
      marks.set(path, [...(marks.get(path) ?? []), shown]);
    }
  }
  return marks;
}

/** In which order ends are decided while decisions last. */
const importance = ({ input }: Way): number => {
  const at = firstAsked.findIndex((start) => input.path.startsWith(start));
  return at === -1 ? firstAsked.length : at;
};
const firstAsked = [volumePath, 'tasks.', 'data.', 'needs.', 'team.', 'budget.', 'workload.', 'preferences.'];

/** Where a way is expected to turn, by so many plans met. */
type Expected = { way: Way; bracket: Bracket | null; met: number };

/** One way in which an input may go: a number to one end, an ordered word one way, or to one other word. */
type Way = { ends: string[]; end: number; words: readonly string[]; input: FlipInput };

function waysOf(input: FlipInput): Way[] {
  if (input.is === 'number') {
    return [input.high, input.low]
      .filter((end) => end !== input.start)
      .map((end) => ({ input, ends: [settingAt(input, end)], end, words: [] }));
  }
  const { path, words, from, ordered } = input;
  const at = words.indexOf(from);
  const lists = ordered ? [words.slice(at + 1), words.slice(0, Math.max(0, at)).reverse()] : words.map((one) => [one]);
  return lists
    .filter((list) => list.length > 0)
    .map((list) => ({ input, ends: [settingOf(path, list.at(-1) ?? '', '')], end: Number.NaN, words: list }));
}

const settingAt = ({ path, unit, write }: NumberInput, value: number): string =>
  settingOf(path, write?.(value) ?? value, unit);

/** What the plans met let expect of a way, roughly; no decision is made. */
function leadOf(way: Way, search: Search, advised: Plan): (Lead & Expected) | null {
  const { input } = way;
  const lead = (turn: Turn, bracket: Bracket | null) => leadWith(way, turn, bracket, search, advised);
  if (input.is === 'word') {
    const first = firstWord(input, way.words, { ...search, decisions: 0 });
    return first && lead(first.turn, null);
  }
  const wide = bracketOf(input, way.end, search);
  if (wide === null) return null;
  const bracket = halved(input, wide, roughly, search);
  const turn = turnAt(input, bracket.far, search);
  return turn && lead(turn, bracket);
}

const leadWith = (way: Way, turn: Turn, bracket: Bracket | null, { pool }: Search, advised: Plan): Lead & Expected => ({
  way,
  bracket,
  met: pool.size,
  input: way.input,
  turn,
  nearness: nearnessOf(way.input, turn, advised),
});

/** Where nothing fits at the end: the value past which no plan met stands, if a decision there brings one that turns it. */
function leadAtEdge(way: Way, search: Search, advised: Plan): (Lead & Expected) | null {
  const { input, end } = way;
  if (input.is === 'word') return null;
  for (let round = 0; round < search.rounds; round++) {
    const edge = edgeOf(input, end, search);
    const there = edge && decidedAt(settingAt(input, edge.far), search);
    if (edge === null || there == null) return null;
    const turn = isTurned(there, search) ? turnAt(input, edge.far, search) : null;
    if (turn !== null) return leadWith(way, turn, edge, search, advised);
  }
  return null;
}

/** How exactly it has to be known which turns are near. */
const roughly = 0.2;

/** Numbers by how far they go, words by what they cost. */
function nearnessOf(input: FlipInput, { to, plan, value }: Turn, advised: Plan): number {
  if (input.is === 'number') return distance(value ?? Number(to), input.near, input);
  return Math.abs(Math.log((plan.monthlyUsd + 1) / (advised.monthlyUsd + 1)));
}

/** Inputs that the scenario has come before rules that it lacks. */
const byNearness = (a: Lead, b: Lead): number => Number(isUnset(a)) - Number(isUnset(b)) || a.nearness - b.nearness;

const isUnset = ({ input }: Lead): boolean => (input.is === 'number' ? input.from === null : nothing.has(input.from));

/** Words for a rule that the scenario lacks: an empty list, or a key that is not there. */
const nothing = new Set(['[]', 'null']);

function flipRow({ input, turn, nearness }: Lead, advised: Plan, context: Context): Flip {
  const { to, plan, value } = turn;
  return {
    parameter: input.path,
    from: input.from ?? 'none',
    to,
    unit: input.is === 'number' ? input.unit : '',
    direction: input.is !== 'number' || value === null ? null : value > input.start ? 'up' : 'down',
    becomes: plan.id,
    becomesLabel: planWords(plan, context.tables),
    becomesKinds: kindsOf(plan, context.workload),
    monthlyCost: rounded(plan.monthlyUsd),
    extraCost: rounded(plan.monthlyUsd - advised.monthlyUsd),
    month: input.path === volumePath ? monthReaching(value ?? 0, context) : null,
    distance: rounded(nearness),
    verified: true,
  };
}

function noFlip(input: FlipInput, { decided }: Search): NoFlip {
  const { path: parameter } = input;
  const ends = waysOf(input).flatMap((way) => way.ends);
  const isDecided = ends.every((setting) => decided.has(setting));
  if (input.is === 'word')
    return {
      parameter,
      from: input.from,
      low: null,
      high: null,
      unit: '',
      words: [...input.words],
      decided: isDecided,
    };
  const { from, low, high, unit } = input;
  return { parameter, from: from ?? 'none', low, high, unit, words: null, decided: isDecided };
}
