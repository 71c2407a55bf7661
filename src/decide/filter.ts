import type { Option } from '../places/option.js';
import type { Context, Filter, Level, Placement, TaskService } from '../places/placement.js';
import { placements } from '../places/registry.js';
import { dataGates, gateOrder, gates } from '../rules/registry.js';
import { type Gate, isPlain, mayRun, type Verdict } from '../rules/rule.js';
import { availability } from '../rules/service.js';
import {
  type CapabilityNeed,
  type Divisible,
  latestTtftMs,
  mustSee,
  type Needs,
  type Target,
  type TaskPart,
} from '../workload/workload.js';

/** What came of the options that were looked at. */
export type Considered = { total: number; feasible: number; rejectedBy: Map<string, number> };

export type FilterRule = {
  /** A gate left out, to find what it alone turns down; or all of them. */
  ignore?: string;
  ignoreAll?: boolean;
  /** With a gate left out: only what that gate turns down for some task part is let in, as the rest is known. */
  blamedAlone?: boolean;
  /** What turns an option down is told as all its gates, in the order of their names with a blank between them. */
  together?: boolean;
  /** Nothing is taken over from cases at other volumes, so that every rule is asked. */
  unshared?: boolean;
};

/** What is shared by all volumes, and what was counted when it was made. */
type Shared<Value> = { value: Value; counted: [gate: string | null, options: number][] };

export type Filtered = {
  filter: Filter;
  considered: Considered;
  /** Every rule that turns an option down for a task part; without a service, those about it are left out. */
  failing(option: Option, taskPart: TaskPart, service: TaskService | null): string[];
};

/** A gate as it is asked of one task part, with what it said of places by their number; null: it is asked of each option. */
type Asked = { gate: Gate; ofPlace: (boolean | undefined)[] | null };
/** The gates of a task part by stage. */
type AskedAt = Record<Level | 'service', readonly Asked[]>;

/** Gates of a stage: an option that is filled in is asked everything that needs no price. */
const isAsked = ({ level, ofMachines }: Gate, at: Level): boolean =>
  at === 'option' ? level !== 'service' : level === at || (at === 'provider' && ofMachines === true);

/**
 * The gates as options are held to them: as early as possible, stopping at the first that turns an option down, and
 * remembering what depends on the place alone.
 */
export function filterBy(context: Context, rule: FilterRule = {}): Filtered {
  const considered: Considered = { total: 0, feasible: 0, rejectedBy: new Map() };
  const { unconditional } = context.workload.rules;
  const mayServe = (verdict: Verdict, { id }: Gate): boolean =>
    unconditional && dataGates.has(id) ? isPlain(verdict) : mayRun(verdict);
  // Of a task part that asks for nothing there, a gate has nothing to say.
  const gatesOf = new Map<TaskPart, AskedAt>();
  const gatesFor = (taskPart: TaskPart, level: Level | 'service'): readonly Asked[] => {
    let known = gatesOf.get(taskPart);
    if (known === undefined) {
      const own = rule.ignoreAll
        ? []
        : gates
            .filter((gate) => gate.id !== rule.ignore && (gate.asks?.(taskPart, context) ?? true))
            .map((gate): Asked => ({ gate, ofPlace: gate.level === 'provider' ? [] : null }));
      const at = (level: Level) => own.filter(({ gate }) => isAsked(gate, level));
      const service = own.filter(({ gate }) => gate.level === 'service');
      known = { provider: at('provider'), model: at('model'), option: at('option'), service };
      gatesOf.set(taskPart, known);
    }
    return known[level];
  };
  const byModel = new Set(context.tables.processing.map(({ provider }) => provider));
  const passes = ({ gate, ofPlace }: Asked, option: Option, taskPart: TaskPart): boolean => {
    const asked = (): boolean => mayServe(gate.check(option, taskPart, context, null), gate);
    if (ofPlace === null) return asked();
    const place = placeOf(option, byModel);
    ofPlace[place] ??= asked();
    return ofPlace[place];
  };
  const firstFailing = (option: Option, taskPart: TaskPart, level: Level): string | null => {
    for (const one of gatesFor(taskPart, level)) if (!passes(one, option, taskPart)) return one.gate.id;
    return null;
  };
  const allFailing = (option: Option, taskPart: TaskPart, level: Level): string | null =>
    joined(gatesFor(taskPart, level).flatMap((one) => (passes(one, option, taskPart) ? [] : [one.gate.id])));
  const failingAt = rule.together ? allFailing : firstFailing;
  /** Every rule about what a task part would see that turns an option down. */
  const late = (option: Option, taskPart: TaskPart, service: () => TaskService): string[] =>
    gatesFor(taskPart, 'service')
      .filter(({ gate }) => !mayRun(gate.check(option, taskPart, context, service())))
      .map(({ gate }) => gate.id);
  const leftOut = rule.blamedAlone ? gates.find(({ id }) => id === rule.ignore) : undefined;
  const noTaskPart = context.workload.taskParts.map(() => false);
  /** Whether the gate left out lets all of it pass; a model that is not in a scheme yet says nothing of those it may be in. */
  const isKnown = (option: Option, level: Level): boolean =>
    leftOut !== undefined &&
    isAsked(leftOut, level) &&
    (level !== 'model' || option.quantization !== null) &&
    context.workload.taskParts.every((taskPart) => mayServe(leftOut.check(option, taskPart, context, null), leftOut));
  const largest = context.workload.taskParts.reduce((most, taskPart) =>
    taskPart.requestsPerDay > most.requestsPerDay ? taskPart : most,
  );
  const count = (gate: string | null, options: number): void => {
    considered.total += options;
    if (gate === null) considered.feasible += options;
    else considered.rejectedBy.set(gate, (considered.rejectedBy.get(gate) ?? 0) + options);
  };
  /** What is counted while something shared is made: whoever finds it made counts the same. */
  let noted: [gate: string | null, options: number][] | null = null;
  const noteCount = (gate: string | null, options: number): void => {
    noted?.push([gate, options]);
    count(gate, options);
  };
  // Rules left out make other candidates, which only kinds of place looked at under the same rules have in common.
  const isOwn = rule.unshared || rule.ignoreAll || rule.ignore !== undefined;
  const memo = isOwn || context.memo === undefined ? new Map<string, unknown>() : context.memo;
  return {
    considered,
    failing: (option, taskPart, service) => [
      ...gatesFor(taskPart, 'option')
        .filter((one) => !passes(one, option, taskPart))
        .map(({ gate }) => gate.id),
      ...(service === null ? [] : late(option, taskPart, () => service)),
    ],
    filter: {
      admit(option, level) {
        if (isKnown(option, level)) return { serves: noTaskPart, gate: rule.ignore as string };
        const failing = context.workload.taskParts.map((taskPart) => failingAt(option, taskPart, level));
        return {
          serves: failing.map((gate) => gate === null),
          gate: failing.includes(null) ? null : (failing[context.workload.taskParts.indexOf(largest)] ?? null),
        };
      },
      // Only a target that the user wrote is a rule; without one nobody needs to know what the task part would see.
      admitsService: (option, taskPart, service) =>
        gatesFor(taskPart, 'service').every(({ gate }) => mayRun(gate.check(option, taskPart, context, service()))),
      timed: (taskPart, figure) =>
        gatesFor(taskPart, 'service').some(
          ({ gate }) =>
            gate.figure !== undefined &&
            (figure === undefined || gate.figure === figure) &&
            mustSee(taskPart.needs, gate.figure) !== null,
        ),
      latestTtftMs: (taskPart) =>
        gatesFor(taskPart, 'service').some(({ gate }) => gate.figure === 'ttftP95Ms')
          ? latestTtftMs(taskPart, context.workload)
          : null,
      lateGate(option, service) {
        for (const taskPart of [largest, ...context.workload.taskParts]) {
          const failing = late(option, taskPart, () => service(taskPart));
          if (failing.length > 0) return rule.together ? joined(failing) : (failing[0] as string);
        }
        return null;
      },
      shared<Value>(key: string, make: () => Value): Value {
        const known = memo.get(key) as Shared<Value> | undefined;
        if (known !== undefined) {
          for (const [gate, options] of known.counted) noteCount(gate, options);
          return known.value;
        }
        const counted: Shared<Value>['counted'] = [];
        const before = noted;
        noted = counted;
        const value = make();
        noted = before;
        before?.push(...counted);
        memo.set(key, { value, counted } satisfies Shared<Value>);
        return value;
      },
      earlier(a, b) {
        if (a === null || b === null) return a ?? b;
        if (rule.together) return joined([...a.split(' '), ...b.split(' ')]);
        return gateOrder.indexOf(a) <= gateOrder.indexOf(b) ? a : b;
      },
      count: noteCount,
    },
  };
}

/** Gates as one text, each once; null for none. */
const joined = (ids: readonly string[]): string | null =>
  ids.length === 0 ? null : [...new Set(ids)].sort().join(' ');

const places = new WeakMap<Option, number>();
const placeNumbers = new Map<string, number>();

/** Number of the place that an option is at: those that gates of providers cannot tell apart have the same. */
/** @param byModel providers that do not process all of their models in the same places */
function placeOf(option: Option, byModel: ReadonlySet<string>): number {
  let number = places.get(option);
  if (number === undefined) {
    const { kind, provider, region, reach, marketplace, purchase, desk, api } = option;
    const own = api !== null && (api.dataUsed || byModel.has(provider)) ? api.modelId : '';
    const speed = api?.speed ?? '';
    const key = [kind, provider, region, reach, marketplace, purchase, desk, own, speed].join(' ');
    number = placeNumbers.get(key) ?? placeNumbers.size;
    placeNumbers.set(key, number);
    places.set(option, number);
  }
  return number;
}

export type GateVerdict = { gate: string; verdict: Verdict };

/** Every verdict on a task part that is not a plain pass, in registry order: nothing is short-cut. */
export function verdictsOn(
  option: Option,
  taskPart: TaskPart,
  context: Context,
  service: TaskService | null,
): GateVerdict[] {
  return gates
    .map((gate) => ({ gate: gate.id, verdict: gate.check(option, taskPart, context, service) }))
    .filter(({ verdict }) => !isPlain(verdict));
}

/** What came of the options of some kinds for a task part by the rules alone: none is sized, whatever it would cost. */
export function consideredFor(
  taskPart: TaskPart,
  kinds: readonly Placement[],
  context: Context,
  rule: Pick<FilterRule, 'together'> = {},
): Considered {
  // What is remembered of all task parts is not of some.
  const alone: Context = { tables: context.tables, workload: { ...context.workload, taskParts: [taskPart] } };
  const { filter, considered } = filterBy(alone, { unshared: true, ...rule });
  for (const placement of kinds) {
    if (placement.count === undefined) placement.candidates?.(alone, filter);
    else placement.count(alone, filter);
  }
  return considered;
}

/** Whether some option may serve a task part, and the rules each of which alone turns some option down. */
type Rules = { free: boolean; alone: ReadonlySet<string> };

/**
 * Asks all options every rule that needs no price. What they would see on machines is not asked, nor more of an API that
 * they turn down: a rule that is left out here, is never alone.
 */
export function rulesAlone(taskPart: TaskPart, context: Context, but?: Gate): Rules {
  const { feasible, rejectedBy } = consideredFor(taskPart, placements, context, { together: true });
  const together = [...rejectedBy].flatMap(([gates, options]) =>
    options === 0 ? [] : [gates.split(' ').filter((id) => id !== but?.id)],
  );
  return {
    free: feasible > 0 || together.some((gates) => gates.length === 0),
    alone: new Set(together.flatMap((gates) => (gates.length === 1 ? gates : []))),
  };
}

/** Ways to cut the tasks up in which there may be a plan. */
export type WaysAsked = (taskParts: readonly TaskPart[]) => boolean;

/**
 * In which ways to cut the tasks up there may be a plan without a rule where there is none under all of them, as far as the
 * rules about task parts tell: something may serve each task part, and for one of them the rule alone turns something down.
 */
export function waysWithout(context: Context): { anyRule: WaysAsked; rule(ignore: Gate): WaysAsked } {
  const known = new Map<string, Rules>();
  const rulesOf = (taskPart: TaskPart): Rules => {
    // Parts are made anew each time that tasks are cut up.
    const key = `${taskPart.id} ${taskPart.cut?.key ?? ''}`;
    // What is not available enough may have a second place behind it.
    const rules = known.get(key) ?? rulesAlone(taskPart, context, availability);
    known.set(key, rules);
    return rules;
  };
  return {
    anyRule: (taskParts) => taskParts.every((taskPart) => rulesOf(taskPart).free),
    rule: (ignore) => (taskParts) => {
      const turnsDown = (taskPart: TaskPart): boolean => rulesOf(taskPart).alone.has(ignore.id);
      // What is seen on machines is not told beforehand; what is not available enough alone counts as let in here.
      const mayTurn = (taskPart: TaskPart): boolean =>
        ignore.level === 'service' || ignore === availability
          ? (ignore.asks?.(taskPart, context) ?? true)
          : turnsDown(taskPart);
      return taskParts.some(mayTurn) && taskParts.every((taskPart) => rulesOf(taskPart).free || turnsDown(taskPart));
    },
  };
}

/** What a task must have beyond the rules. */
export type TaskLimits = {
  /** Probability in percent of being good enough that is asked for where the need is assumed. */
  confidence?: number;
  /** Times the first token of its preset that its own may take at p95, where somebody waits and wrote no target. */
  patience?: number;
  /** Share of a first token that the user asks for by which it must be sooner at p95, where somebody waits. */
  headroom?: number;
  /** Capability index that a model must be above. */
  indexAbove?: number;
} & Pick<Limits, 'capabilityScore' | 'ttftP95Ms' | 'latencyScore'>;

/** What a plan must reach beyond the rules, to find plans of other merits than being cheap. */
export type Limits = {
  /** Probability in percent, as the capability score has it, that each option suffices for what it serves. */
  capabilityScore?: number;
  /** Largest p95 time to the first token of the tasks that somebody waits for. */
  ttftP95Ms?: number;
  /** Least latency score: targets over what is predicted, in percent. */
  latencyScore?: number;
  maxFte?: number;
  maxDeployments?: number;
  /** Nothing to sign or declare. */
  unconditional?: boolean;
};

/** The same case under limits: the engine looks for the cheapest plan that keeps them. */
export function limited(context: Context, limits: Limits): Context {
  const { maxFte = null, maxDeployments = context.workload.rules.maxDeployments, unconditional = false } = limits;
  const { tables, workload } = limitedByTask(context, () => limits);
  const rules = {
    ...workload.rules,
    maxDeployments: Math.min(maxDeployments, workload.rules.maxDeployments),
    maxFte,
    unconditional,
  };
  return { tables, workload: { ...workload, rules } };
}

/** The same under limits that each task has for itself. */
export const limitedByTask = (
  { tables, workload }: Context,
  limitsOf: (taskPart: TaskPart) => TaskLimits,
): Context => ({
  tables,
  workload: {
    ...workload,
    taskParts: workload.taskParts.map((taskPart) => limitedTaskPart(taskPart, limitsOf(taskPart))),
  },
});

/** Whether somebody waits for the answer. */
export const isWaitedFor = ({ waits }: TaskPart): boolean => waits === null;

/** Limits hold for a task as a whole, and for every part that it may be cut into. */
function limitedTaskPart(taskPart: TaskPart, limits: TaskLimits): TaskPart {
  const under = (needs: Needs): Needs => limitedNeeds(needs, isWaitedFor(taskPart), limits);
  const { divisible } = taskPart;
  return {
    ...taskPart,
    needs: under(taskPart.needs),
    ...(divisible && { divisible: limitedParts(divisible, under, limits) }),
  };
}

const limitedParts = (
  { easy, sensitive, tuned }: Divisible,
  under: (needs: Needs) => Needs,
  limits: TaskLimits,
): Divisible => ({
  ...(easy && { easy: { ...easy, capability: limitedCapability(easy.capability, limits) } }),
  ...(sensitive && {
    sensitive: {
      ...sensitive,
      rest: under(sensitive.rest),
      ...(sensitive.redaction && {
        redaction: { needs: under(sensitive.redaction.needs), leaves: under(sensitive.redaction.leaves) },
      }),
    },
  }),
  ...(tuned && { tuned: { ...tuned, needs: under(tuned.needs) } }),
});

function limitedCapability(
  capability: CapabilityNeed,
  { capabilityScore, confidence, indexAbove }: TaskLimits,
): CapabilityNeed {
  const { scoreAtLeast: asked = null, assumed } = capability;
  const scores = [asked, assumed ? (confidence ?? null) : null, capabilityScore ?? null].filter((one) => one !== null);
  return {
    ...capability,
    scoreAtLeast: scores.length === 0 ? null : Math.max(...scores),
    ...(indexAbove !== undefined && { indexAbove }),
  };
}

function limitedNeeds(
  needs: Needs,
  waitedFor: boolean,
  { ttftP95Ms, latencyScore, patience, headroom, ...limits }: TaskLimits,
): Needs {
  const { ttftP95Ms: first, totalP95Ms: whole, tokensPerSecond: speed } = needs;
  const times = latencyScore === undefined ? null : 100 / latencyScore;
  const stretched = (target: Target | null): number | null => times && target && target.value * times;
  const within = waitedFor ? (ttftP95Ms ?? null) : null;
  const borne = waitedFor && patience !== undefined && first?.by === 'preset' ? patience * first.value : null;
  const sooner = waitedFor && headroom !== undefined && first?.by === 'user' ? (1 - headroom) * first.value : null;
  const before = needs.latencyLimits;
  const early = [stretched(first), within, borne, sooner, before?.ttftP95Ms ?? null].filter((limit) => limit !== null);
  return {
    ...needs,
    capability: limitedCapability(needs.capability, limits),
    latencyLimits: {
      ttftP95Ms: early.length === 0 ? null : Math.min(...early),
      totalP95Ms: stretched(whole) ?? before?.totalP95Ms ?? null,
      tokensPerSecond: (times && speed && speed.value / times) ?? before?.tokensPerSecond ?? null,
    },
  };
}
