import { assess } from '../analyses/assess.js';
import { planNamed } from '../decide/find-plan.js';
import { askedRow } from '../decide/shortlist.js';
import { exportPlan as filesOf, optionsIn } from '../export/export-plan.js';
import type { ExportFile } from '../export/target.js';
import type { TargetName } from '../export/target-names.js';
import type { Prose, Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import { type ReadScenario, withScenarioPrices } from '../workload/read.js';
import { resolve } from '../workload/resolve.js';
import { warningOf } from './answer.js';
import { fileProblem } from './io.js';

export type ExportOptions = {
  /** The day of the assessment, `YYYY-MM-DD`. */
  asOf: string;
  /** Another plan than the recommended one, by its id or a few words. */
  option?: string;
  /** The decision alone: a decision record then tells of no simulations. */
  point?: boolean;
  seed?: number;
  prose: Prose;
  tool: { name: string; version: string };
};

/**
 * The plan of a scenario as files for what runs it; `all`: of every target that the plan has something for. No files where
 * nothing fits or the plan has nothing for the target, which `problems` say; there are warnings among them too.
 */
export function exportPlan(
  scenario: ReadScenario,
  list: Tables,
  target: TargetName | 'all',
  { asOf, option, point = false, seed = 0, prose, tool }: ExportOptions,
): { files: ExportFile[] | null; problems: Problem[] } {
  const { tables } = withScenarioPrices(scenario, list, prose);
  const context = { workload: resolve(scenario, tables, asOf), tables };
  const decide = (include: string[]) => assess(scenario, list, { asOf, prose, tool, include, point, seed });
  // A record tells of the whole decision, which names the plan: nothing is decided twice.
  const decided = option === undefined && (target === 'adr' || target === 'all') ? decide([]) : null;
  const plan = planNamed(option ?? decided?.recommendation.plan ?? null, context);
  if ('code' in plan) return { files: null, problems: [fileProblem(plan.code, '', plan.message, plan.suggestion)] };
  // What is recommended meets every rule; what somebody names may not.
  const missed =
    option === undefined
      ? []
      : askedRow(plan.id, null, context).failedGates.map(({ gate, task, reason }) => `${gate} for ${task}, ${reason}`);
  const problems = missed.map((rule) =>
    warningOf('rule-not-met', '', `the plan does not meet a rule: ${rule}`, 'it is written all the same'),
  );
  const exported = { plan, context, file: scenario.file, tool, missed, decision: () => decided ?? decide([plan.id]) };
  const files = filesOf(target, exported);
  if (files === null) {
    const hint = `it has ${optionsIn(exported)}; --option names another`;
    problems.push(fileProblem('nothing-to-export', '', `the plan has nothing for ${target}`, hint));
  }
  return { files, problems };
}
