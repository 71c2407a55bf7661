import type { Plan } from '../../decide/plan.js';
import type { SliceService } from '../../places/placement.js';
import type { ParameterRow } from '../../tables/rows.js';
import type { Tables } from '../../tables/tables.js';
import type { Demand, Slice } from '../../workload/demand.js';
import type { Scenario } from '../../workload/schema.js';

/** What the inputs of a scenario are read off. */
export type Asked = {
  scenario: Scenario;
  demand: Demand;
  tables: Tables;
  plan: Plan;
  /** Cash of the plan's dearest month. */
  peakCashUsd: number;
  services: ReadonlyMap<Slice, SliceService | null>;
  /** A number of the demand's list of inputs, written or assumed. */
  given(path: string): number | undefined;
  /** Assumptions that the plans met draw on. */
  used: readonly string[];
  /** How many times as dear as the plan the cheapest one of other kinds is; 1 where no rule keeps it from being cheaper. */
  lead: number;
  parameterOf: ReadonlyMap<string, ParameterRow>;
};
