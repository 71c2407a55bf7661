import type { Case, SliceService } from '../../placements/placement.js';
import type { Demand, Slice } from '../../scenario/demand.js';
import type { Scenario } from '../../scenario/schema.js';
import type { ParameterRow } from '../../tables/rows.js';
import type { Tables } from '../../tables/tables.js';
import { assumptionsOf } from '../assumptions-of.js';
import { monthsOf } from '../months.js';
import type { Plan } from '../plan.js';
import { review } from '../review.js';
import type { FlipInput } from './input.js';
import { numberInputs } from './numbers.js';
import { wordInputs } from './words.js';

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

/** Everything in a scenario at another value of which the advice might be another. */
export function inputsOf(
  scenario: Scenario,
  plan: Plan,
  { met, lead }: { met: readonly Plan[]; lead: number },
  of: Case,
): FlipInput[] {
  const { demand, tables } = of;
  const asked: Asked = {
    scenario,
    demand,
    tables,
    plan,
    peakCashUsd: monthsOf(plan, of).peakCashUsd,
    services: review(plan, of).services,
    given: (path) => demand.inputs.find((input) => input.path === path)?.value.likely,
    used: assumptionsOf(met, of, true),
    lead,
    parameterOf: tables.parameterOf,
  };
  return [...numberInputs(asked), ...wordInputs(asked)];
}
