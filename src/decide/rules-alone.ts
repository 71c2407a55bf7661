import type { Case, Placement } from '../places/placement.js';
import { placements } from '../places/registry.js';
import { availability } from '../rules/availability.js';
import type { Gate } from '../rules/gate.js';
import type { Slice } from '../workload/demand.js';
import { type Considered, type FilterRule, filterBy } from './filter.js';

/** What came of the options of some kinds for a slice by the rules alone: none is sized, whatever it would cost. */
export function consideredFor(
  slice: Slice,
  kinds: readonly Placement[],
  of: Case,
  rule: Pick<FilterRule, 'together'> = {},
): Considered {
  // What is remembered of all slices is not of some.
  const alone: Case = { tables: of.tables, demand: { ...of.demand, slices: [slice] } };
  const { filter, considered } = filterBy(alone, { unshared: true, ...rule });
  for (const placement of kinds) {
    if (placement.count === undefined) placement.candidates?.(alone, filter);
    else placement.count(alone, filter);
  }
  return considered;
}

/** Whether some option may serve a slice, and the rules each of which alone turns some option down. */
type Rules = { free: boolean; alone: ReadonlySet<string> };

/**
 * Asks all options every rule that needs no price. What they would see on machines is not asked, nor more of an API that
 * they turn down: a rule that is left out here, is never alone.
 */
export function rulesAlone(slice: Slice, of: Case, but?: Gate): Rules {
  const { feasible, rejectedBy } = consideredFor(slice, placements, of, { together: true });
  const together = [...rejectedBy].flatMap(([gates, options]) =>
    options === 0 ? [] : [gates.split(' ').filter((id) => id !== but?.id)],
  );
  return {
    free: feasible > 0 || together.some((gates) => gates.length === 0),
    alone: new Set(together.flatMap((gates) => (gates.length === 1 ? gates : []))),
  };
}

/** Ways to cut the tasks up in which there may be a plan. */
export type WaysAsked = (slices: readonly Slice[]) => boolean;

/**
 * In which ways to cut the tasks up there may be a plan without a rule where there is none under all of them, as far as the
 * rules about slices tell: something may serve each slice, and for one of them the rule alone turns something down.
 */
export function waysWithout(of: Case): { anyRule: WaysAsked; rule(ignore: Gate): WaysAsked } {
  const known = new Map<string, Rules>();
  const rulesOf = (slice: Slice): Rules => {
    // Parts are made anew each time that tasks are cut up.
    const key = `${slice.id} ${slice.cut?.key ?? ''}`;
    // What is not available enough may have a second place behind it.
    const rules = known.get(key) ?? rulesAlone(slice, of, availability);
    known.set(key, rules);
    return rules;
  };
  return {
    anyRule: (slices) => slices.every((slice) => rulesOf(slice).free),
    rule: (ignore) => (slices) => {
      const turnsDown = (slice: Slice): boolean => rulesOf(slice).alone.has(ignore.id);
      // What is seen on machines is not told beforehand; what is not available enough alone counts as let in here.
      const mayTurn = (slice: Slice): boolean =>
        ignore.level === 'service' || ignore === availability ? (ignore.asks?.(slice, of) ?? true) : turnsDown(slice);
      return slices.some(mayTurn) && slices.every((slice) => rulesOf(slice).free || turnsDown(slice));
    },
  };
}
