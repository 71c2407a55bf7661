import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assess } from '../../analyses/assess.js';
import { planNamed } from '../../decide/find-plan.js';
import { askedRow } from '../../decide/shortlist.js';
import { exportPlan as filesOf, optionsIn } from '../../export/export-plan.js';
import { type TargetName, targetNames } from '../../export/own-places.js';
import type { ExportFile } from '../../export/places.js';
import type { Prose, Tables } from '../../tables/tables.js';
import type { Problem } from '../../units/problem.js';
import { type ReadScenario, withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import type { exportCommand } from '../analysis-commands.js';
import type { Given } from '../command-entry.js';
import { haveErrors, report, warningOf } from '../command-entry.js';
import { fileProblem, type Io, usageProblem } from '../io.js';
import { tool } from '../problems.js';
import { readWorkload } from '../read-workload.js';
import { fileThere, writeAll, writeFolder } from '../write-files.js';

type Options = Given<typeof exportCommand>;

export async function run(io: Io, options: Options): Promise<void> {
  const { named, target = named } = options;
  if (target === undefined || (options.target !== undefined && named !== undefined)) {
    const message = target === undefined ? 'an export needs a target' : '--target and an argument both name a target';
    return report(io, options, [usageProblem(message, `--target ${[...targetNames, 'all'].join('|')}`)]);
  }
  // The number of files is known only after the slow export; of `all` it is known before.
  if (target === 'all' && toStdout(options)) return report(io, options, [folderNeeded]);
  const { scenario, tables: list, prose, asOf, problems } = await readWorkload(io, options.scenario, options, true);
  if (scenario === null || list === null || haveErrors(problems)) return report(io, options, problems);
  const { point = false, seed = '0', option } = options;
  const made = exportPlan(scenario, list, target, {
    ...{ asOf, prose, tool, point, seed: Number(seed) },
    ...(option !== undefined && { option }),
  });
  problems.push(...made.problems);
  if (made.files === null) {
    const isNone = made.problems.some(({ code }) => code === 'nothing-fits' || code === 'nothing-to-export');
    return report(io, options, problems, isNone ? 3 : 2);
  }
  await report(io, options, [...problems, ...write(io, made.files, options)]);
}

const toStdout = ({ output = '-' }: Options): boolean => output === '-';
const folderNeeded = usageProblem('these are several files: name a folder to write them to', '-o <folder>');

function write(io: Io, files: readonly ExportFile[], options: Options): Problem[] {
  const { output = '-', force } = options;
  const [only] = files;
  if (toStdout(options)) {
    if (only === undefined || files.length > 1) return [folderNeeded];
    io.out(only.text);
    return [];
  }
  const isFolder = files.length > 1 || /[\\/]$/.test(output) || io.listFolder(output) !== null;
  const written = files.map(({ path, text }) => ({ path: isFolder ? join(output, path) : output, text }));
  const taken = force === true ? [] : written.filter(({ path }) => existsSync(path) && statSync(path).isFile());
  if (taken.length > 0) return taken.map(({ path }) => fileThere(path));
  return isFolder ? writeFolder(io, output, written) : writeAll(io, written);
}

export type ExportOptions = {
  /** The day of the assessment, `YYYY-MM-DD`. */
  asOf: string;
  /** Another plan than the recommended one, by its id or a few words. */
  option?: string;
  /** The decision alone: a decision record then has no simulations. */
  point?: boolean;
  seed?: number;
  prose: Prose;
  tool: { name: string; version: string };
};

/**
 * The plan of a scenario as files for its targets; `all`: every target with something to write. None where nothing fits
 * or the plan has nothing for the target; `problems` say why, with warnings.
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
  // A record covers the whole decision with its plan, so no second decision is made.
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
