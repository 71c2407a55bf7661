import type { Option } from '../../placements/option.js';
import type { Case, Level, SliceService } from '../../placements/placement.js';
import type { Slice } from '../../scenario/demand.js';

/** What a rule says of an option for a slice. `unknown` never passes silently. */
export type Verdict = {
  state: 'passed' | 'failed' | 'condition' | 'unknown';
  need: string;
  have: string;
  reason: string;
  /** What somebody must do, for a condition. */
  todo: string | null;
  /** Value of a scenario field at which the verdict turns, where it can be read off. */
  turnsAt: { path: string; value: number | string } | null;
};

/** A hard rule about one slice on one option. */
export type Gate = {
  id: string;
  /** What must be known to ask: the place, the model, the whole option, or what the slice would see on it. */
  level: Level | 'service';
  check(option: Option, slice: Slice, of: Case, service: SliceService | null): Verdict;
};

export const passed: Verdict = { state: 'passed', need: '', have: '', reason: '', todo: null, turnsAt: null };

export const failed = (need: string, have: string, reason: string, turnsAt: Verdict['turnsAt'] = null): Verdict => ({
  state: 'failed',
  need,
  have,
  reason,
  todo: null,
  turnsAt,
});

export const unknown = (need: string, reason: string): Verdict => ({ state: 'unknown', need, have: 'unknown', reason, todo: null, turnsAt: null });

export const condition = (need: string, have: string, todo: string): Verdict => ({ state: 'condition', need, have, reason: todo, todo, turnsAt: null });

export const mayRun = ({ state }: Verdict): boolean => state === 'passed' || state === 'condition';
