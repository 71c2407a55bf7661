import type { Option } from '../places/option.js';
import type { Context, Filter, Level, TaskService } from '../places/placement.js';
import { type Gate, isPlain, mayRun, type Verdict } from '../rules/rule.js';
import { dataGates, gateOrder, gates } from '../rules/registry.js';
import type { TaskPart } from '../workload/workload.js';

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
  const passes = ({ gate, ofPlace }: Asked, option: Option, taskPart: TaskPart): boolean => {
    const asked = (): boolean => mayServe(gate.check(option, taskPart, context, null), gate);
    if (ofPlace === null) return asked();
    const place = placeOf(option);
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
        gatesFor(taskPart, 'service').some(({ gate }) => figure === undefined || gate.figure === figure),
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
function placeOf(option: Option): number {
  let number = places.get(option);
  if (number === undefined) {
    const { kind, provider, region, reach, marketplace, purchase, desk } = option;
    const key = [kind, provider, region, reach, marketplace, purchase, desk].join(' ');
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
