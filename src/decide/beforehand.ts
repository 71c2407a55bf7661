import type { Candidate } from '../placements/candidate.js';
import { emptyOption } from '../placements/option.js';
import type { Case, Placement, Serves } from '../placements/placement.js';
import type { Slice } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import { type AdmissionRule, admission } from './admission.js';
import { availability } from './gates/availability.js';
import { mayRun } from './gates/gate.js';
import { gates } from './gates/registry.js';

/** What is known of kinds of machine before any machine is looked at. */
export type Beforehand = {
  /** Some slice runs nowhere: there is no plan, nor one of any kind alone. */
  isLost: boolean;
  /** Nothing serves some slice in time, or where it may stand with the people and the cash there are: there is no plan either. */
  isUnserved: boolean;
  /** Of kinds that were asked, which slices some option may serve: false is certain. */
  served: ReadonlyMap<Kind, readonly boolean[]>;
  /** Slices that nothing but an API may serve. */
  onApis: readonly boolean[];
  /** Kinds that any plan takes: nothing else may serve some slice. */
  needed: ReadonlySet<Kind>;
};

export const nothingAsked: Beforehand = {
  isLost: false,
  isUnserved: false,
  served: new Map(),
  onApis: [],
  needed: new Set(),
};

type InTime = { inTime(kind: Placement): boolean };

/**
 * Asks kinds of machine before any of theirs is looked at.
 *
 * @param kinds those that are not looked at yet
 * @param apis what APIs were found
 * @param others what else was found: what runs on devices
 * @param rule what is told of the search (see `Search`), and of which kinds it is asked which slices they serve (`inTime`), which
 * takes a while
 */
export function askedBeforehand(
  kinds: readonly Placement[],
  apis: readonly Candidate[],
  others: readonly Candidate[],
  { inTime, ...rule }: Pick<AdmissionRule, 'ignore' | 'ruled' | 'belowCut' | 'leavesPeaks' | 'elsewhere'> & InTime,
  of: Case,
): Beforehand {
  const { slices } = of.demand;
  const { ignore } = rule;
  const isServedBy = (candidates: readonly Candidate[], s: number): boolean =>
    candidates.some(({ linear }) => !Number.isNaN(linear[s] as number));
  /** Whether no machine of a kind may serve a slice, whatever it is: what is cut out for devices runs nowhere else. */
  const takesNone = (kind: Kind, slice: Slice): boolean =>
    gates.some(
      ({ id, ofMachines, asks, check }) =>
        ofMachines &&
        id !== ignore &&
        (asks?.(slice, of) ?? true) &&
        !mayRun(check(emptyOption(kind), slice, of, null)),
    );
  const isLost = slices.some(
    (slice, s) =>
      !isServedBy(apis, s) && !isServedBy(others, s) && kinds.every((one) => one.serves && takesNone(one.kind, slice)),
  );
  const asked = isLost ? [] : kinds.filter((one) => one.serves !== undefined && inTime(one));
  if (asked.length === 0) return { ...nothingAsked, isLost };
  // What is not available enough may have a second place behind it, which is not looked for yet: places tell nothing then.
  const isPaired = slices.map((slice) => availability.asks?.(slice, of) ?? true);
  const { search } = admission(of, { ...rule, cut: Number.POSITIVE_INFINITY });
  const told = new Map(asked.map(({ kind, serves }) => [kind, serves?.(of, search)] as const));
  const servedBy = (how: keyof Serves): Beforehand['served'] =>
    new Map([...told].map(([kind, serves]) => [kind, serves?.[how] ?? []]));
  const onApisBy = (served: Beforehand['served']): boolean[] =>
    slices.map((_, s) => kinds.every(({ kind }) => served.get(kind)?.[s] === false) && !isServedBy(others, s));
  const inPlans = servedBy(isPaired.includes(true) ? 'inTime' : 'inPlans');
  // What a kind could do alone leaves people, places and cash aside.
  const served = rule.belowCut === true ? inPlans : servedBy('inTime');
  const isUnserved = onApisBy(inPlans).some((only, s) => only && !isServedBy(apis, s) && isPaired[s] === false);
  const needed = new Set<Kind>();
  for (const s of slices.keys()) {
    const [only, another] = kinds.filter(({ kind }) => served.get(kind)?.[s] !== false);
    if (only !== undefined && another === undefined && !isServedBy(apis, s) && !isServedBy(others, s))
      needed.add(only.kind);
  }
  return { isLost, isUnserved, served, onApis: onApisBy(served), needed };
}
