import type { Plan } from '../../decide/plan.js';
import type { TaskService } from '../../places/placement.js';
import type { ParameterRow } from '../../tables/rows.js';
import type { Tables } from '../../tables/tables.js';
import type { Scenario } from '../../workload/schema.js';
import type { TaskPart, Workload } from '../../workload/workload.js';

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
