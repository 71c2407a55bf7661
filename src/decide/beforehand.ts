import type { Candidate } from '../placements/candidate.js';
import { emptyOption } from '../placements/option.js';
import type { Case, Placement } from '../placements/placement.js';
import type { Slice } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import { admission } from './admission.js';
import { mayRun } from './gates/gate.js';
import { gates } from './gates/registry.js';

/** What is known of kinds of machine before any machine is looked at. */
export type Beforehand = {
  /** Nothing serves some slice: there is no plan. */
  isLost: boolean;
  /** Of kinds that were asked, which slices some option may serve: false is certain. */
  served: ReadonlyMap<Kind, readonly boolean[]>;
  /** Slices that nothing but an API may serve. */
  onApis: readonly boolean[];
};

export const nothingAsked: Beforehand = { isLost: false, served: new Map(), onApis: [] };

/**
 * Asks kinds of machine before any of theirs is looked at.
 *
 * @param kinds those that are not looked at yet
 * @param apis what APIs were found
 * @param others what else was found: what runs on devices
 * @param ask `ignore`: a gate left out; `inTime`: of which kinds it is asked which slices they serve in time, which takes a while
 */
export function askedBeforehand(
  kinds: readonly Placement[],
  apis: readonly Candidate[],
  others: readonly Candidate[],
  { ignore, inTime }: { ignore: string | undefined; inTime(kind: Placement): boolean },
  of: Case,
): Beforehand {
  const { slices } = of.demand;
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
  const { search } = admission(of, { cut: Number.POSITIVE_INFINITY, ...(ignore !== undefined && { ignore }) });
  const served = new Map(asked.map(({ kind, serves }) => [kind, serves?.(of, search) ?? []] as const));
  const onApis = slices.map(
    (_, s) => kinds.every(({ kind }) => served.get(kind)?.[s] === false) && !isServedBy(others, s),
  );
  return { isLost, served, onApis };
}
