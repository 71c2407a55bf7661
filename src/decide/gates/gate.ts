import type { Option } from '../../placements/option.js';
import type { Case, Level, SliceService } from '../../placements/placement.js';
import type { Slice } from '../../scenario/demand.js';

/** Why a rule is not simply passed. */
export type Why = {
  need: string;
  have: string;
  reason: string;
  /** What somebody must do, for a condition. */
  todo: string | null;
  /** Value of a scenario field at which the verdict turns, where it can be read off. */
  turnsAt: { path: string; value: number | string } | null;
};

/**
 * What a rule says of an option for a slice. `unknown` never passes silently. The search asks hundreds of thousands of
 * times and only looks at the state, so the words are made when somebody asks for them.
 */
export type Verdict = { state: 'passed' | 'failed' | 'condition' | 'unknown'; why(): Why };

/** A hard rule about one slice on one option. */
export type Gate = {
  id: string;
  /** What must be known to ask: the place, the model, the whole option, or what the slice would see on it. */
  level: Level | 'service';
  check(option: Option, slice: Slice, of: Case, service: SliceService | null): Verdict;
};

const nothing: Why = { need: '', have: '', reason: '', todo: null, turnsAt: null };

export const passed: Verdict = { state: 'passed', why: () => nothing };

export const failed = (why: () => Pick<Why, 'need' | 'have' | 'reason'> & Partial<Pick<Why, 'turnsAt'>>): Verdict => ({
  state: 'failed',
  why: () => ({ ...nothing, ...why() }),
});

/** Nobody knows; `reason` says whom to ask what. */
export const unknown = (why: () => Pick<Why, 'need' | 'reason'>): Verdict => ({
  state: 'unknown',
  why: () => ({ ...nothing, have: 'unknown', ...why() }),
});

export const condition = (why: () => { need: string; have: string; todo: string }): Verdict => ({
  state: 'condition',
  why: () => {
    const { need, have, todo } = why();
    return { ...nothing, need, have, todo, reason: todo };
  },
});

export const mayRun = ({ state }: Verdict): boolean => state === 'passed' || state === 'condition';
