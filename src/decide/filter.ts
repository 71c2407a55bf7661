import type { Option } from '../places/option.js';
import type { Case, Filter, Level, SliceService } from '../places/placement.js';
import { type Gate, isPlain, mayRun, type Verdict } from '../rules/gate.js';
import { dataGates, gateOrder, gates } from '../rules/registry.js';
import type { Slice } from '../workload/demand.js';

/** What came of the options that were looked at. */
export type Considered = { total: number; feasible: number; rejectedBy: Map<string, number> };

export type FilterRule = {
  /** A gate left out, to find what it alone turns down; or all of them. */
  ignore?: string;
  ignoreAll?: boolean;
  /** With a gate left out: only what that gate turns down for some slice is let in, as the rest is known. */
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
  /** Every rule that turns an option down for a slice; without a service, those about it are left out. */
  failing(option: Option, slice: Slice, service: SliceService | null): string[];
};

/** A gate as it is asked of one slice, with what it said of places by their number; null: it is asked of each option. */
type Asked = { gate: Gate; ofPlace: (boolean | undefined)[] | null };
/** The gates of a slice by stage. */
type AskedAt = Record<Level | 'service', readonly Asked[]>;

/** Gates of a stage: an option that is filled in is asked everything that needs no price. */
const isAsked = ({ level, ofMachines }: Gate, at: Level): boolean =>
  at === 'option' ? level !== 'service' : level === at || (at === 'provider' && ofMachines === true);

/**
 * The gates as options are held to them: as early as possible, stopping at the first that turns an option down, and
 * remembering what depends on the place alone.
 */
export function filterBy(of: Case, rule: FilterRule = {}): Filtered {
  const considered: Considered = { total: 0, feasible: 0, rejectedBy: new Map() };
  const { unconditional } = of.demand.rules;
  const mayServe = (verdict: Verdict, { id }: Gate): boolean =>
    unconditional && dataGates.has(id) ? isPlain(verdict) : mayRun(verdict);
  // Of a slice that asks for nothing there, a gate has nothing to say.
  const gatesOf = new Map<Slice, AskedAt>();
  const gatesFor = (slice: Slice, level: Level | 'service'): readonly Asked[] => {
    let known = gatesOf.get(slice);
    if (known === undefined) {
      const own = rule.ignoreAll
        ? []
        : gates
            .filter((gate) => gate.id !== rule.ignore && (gate.asks?.(slice, of) ?? true))
            .map((gate): Asked => ({ gate, ofPlace: gate.level === 'provider' ? [] : null }));
      const at = (level: Level) => own.filter(({ gate }) => isAsked(gate, level));
      const service = own.filter(({ gate }) => gate.level === 'service');
      known = { provider: at('provider'), model: at('model'), option: at('option'), service };
      gatesOf.set(slice, known);
    }
    return known[level];
  };
  const passes = ({ gate, ofPlace }: Asked, option: Option, slice: Slice): boolean => {
    const asked = (): boolean => mayServe(gate.check(option, slice, of, null), gate);
    if (ofPlace === null) return asked();
    const place = placeOf(option);
    ofPlace[place] ??= asked();
    return ofPlace[place];
  };
  const firstFailing = (option: Option, slice: Slice, level: Level): string | null => {
    for (const one of gatesFor(slice, level)) if (!passes(one, option, slice)) return one.gate.id;
    return null;
  };
  const allFailing = (option: Option, slice: Slice, level: Level): string | null =>
    joined(gatesFor(slice, level).flatMap((one) => (passes(one, option, slice) ? [] : [one.gate.id])));
  const failingAt = rule.together ? allFailing : firstFailing;
  /** Every rule about what a slice would see that turns an option down. */
  const late = (option: Option, slice: Slice, service: () => SliceService): string[] =>
    gatesFor(slice, 'service')
      .filter(({ gate }) => !mayRun(gate.check(option, slice, of, service())))
      .map(({ gate }) => gate.id);
  const leftOut = rule.blamedAlone ? gates.find(({ id }) => id === rule.ignore) : undefined;
  const noSlice = of.demand.slices.map(() => false);
  /** Whether the gate left out lets all of it pass; a model that is not in a scheme yet says nothing of those it may be in. */
  const isKnown = (option: Option, level: Level): boolean =>
    leftOut !== undefined &&
    isAsked(leftOut, level) &&
    (level !== 'model' || option.quantization !== null) &&
    of.demand.slices.every((slice) => mayServe(leftOut.check(option, slice, of, null), leftOut));
  const largest = of.demand.slices.reduce((most, slice) => (slice.requestsPerDay > most.requestsPerDay ? slice : most));
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
  const memo = isOwn || of.memo === undefined ? new Map<string, unknown>() : of.memo;
  return {
    considered,
    failing: (option, slice, service) => [
      ...gatesFor(slice, 'option')
        .filter((one) => !passes(one, option, slice))
        .map(({ gate }) => gate.id),
      ...(service === null ? [] : late(option, slice, () => service)),
    ],
    filter: {
      admit(option, level) {
        if (isKnown(option, level)) return { serves: noSlice, gate: rule.ignore as string };
        const failing = of.demand.slices.map((slice) => failingAt(option, slice, level));
        return {
          serves: failing.map((gate) => gate === null),
          gate: failing.includes(null) ? null : (failing[of.demand.slices.indexOf(largest)] ?? null),
        };
      },
      // Only a target that the user wrote is a rule; without one nobody needs to know what the slice would see.
      admitsService: (option, slice, service) =>
        gatesFor(slice, 'service').every(({ gate }) => mayRun(gate.check(option, slice, of, service()))),
      timed: (slice, figure) =>
        gatesFor(slice, 'service').some(({ gate }) => figure === undefined || gate.figure === figure),
      lateGate(option, service) {
        for (const slice of [largest, ...of.demand.slices]) {
          const failing = late(option, slice, () => service(slice));
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

/** Every verdict on a slice that is not a plain pass, in registry order: nothing is short-cut. */
export function verdictsOn(option: Option, slice: Slice, of: Case, service: SliceService | null): GateVerdict[] {
  return gates
    .map((gate) => ({ gate: gate.id, verdict: gate.check(option, slice, of, service) }))
    .filter(({ verdict }) => !isPlain(verdict));
}
