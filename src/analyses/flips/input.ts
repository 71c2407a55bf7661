import type { Plan } from '../../decide/plan.js';
import type { TaskService } from '../../places/placement.js';
import type { ParameterRow } from '../../tables/rows.js';
import type { Tables } from '../../tables/tables.js';
import type { Scenario } from '../../workload/schema.js';
import type { TaskPart, Workload } from '../../workload/workload.js';

/** A number of the scenario: where it stands, and between which values the advice is looked at. */
export type NumberInput = {
  is: 'number';
  path: string;
  unit: string;
  /** Null: the scenario has no such rule. */
  from: number | null;
  /** Where the search begins: `from`, or the value at which the rule asks for nothing. */
  start: number;
  low: number;
  high: number;
  whole: boolean;
  /** Significant digits of the values told. */
  digits: number;
  /** What `from` is compared with to say how near a value is: `from`, or what the plan has. */
  near: number;
  /** What a share lacks to this is what counts: 99.9 % is twice as far from 100 % as 99.95 %. */
  outOf?: number;
  /** The value as written, where it is no bare number: a rule of another form stands there. */
  write?: (value: number) => string;
};

/** A word, a switch or a list: what it may be instead. `ordered`: in steps, so that the nearest one is meant. */
export type WordInput = { is: 'word'; path: string; from: string; words: readonly string[]; ordered: boolean };

export type FlipInput = NumberInput | WordInput;

/** What `--set` takes: `workload.volume=181000 requests/day`. */
export const settingOf = (path: string, value: number | string, unit: string): string => `${path}=${value} ${unit}`;

/** What the inputs of a scenario are read off. */
export type Asked = {
  scenario: Scenario;
  workload: Workload;
  tables: Tables;
  plan: Plan;
  /** Cash of the plan's dearest month. */
  peakCashUsd: number;
  services: ReadonlyMap<TaskPart, TaskService | null>;
  /** A number of the workload's list of inputs, written or assumed. */
  given(path: string): number | undefined;
  /** Assumptions that the plans met draw on. */
  used: readonly string[];
  /** How many times as dear as the plan the cheapest one of other kinds is; 1 where no rule keeps it from being cheaper. */
  lead: number;
  parameterOf: ReadonlyMap<string, ParameterRow>;
};
