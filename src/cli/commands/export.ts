import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportFile } from '../../export/target.js';
import { targetNames } from '../../export/target-names.js';
import type { Problem } from '../../units/problem.js';
import type { exportCommand } from '../analysis-commands.js';
import { haveErrors, report } from '../answer.js';
import type { Given } from '../command-entry.js';
import { exportPlan } from '../export-files.js';
import { type Io, usageProblem } from '../io.js';
import { readWorkload } from '../read-workload.js';
import { tool } from '../tool.js';
import { fileThere, writeAll, writeFolder } from '../write-all.js';

type Options = Given<typeof exportCommand>;

export async function run(io: Io, options: Options): Promise<void> {
  const { named, target = named } = options;
  if (target === undefined || (options.target !== undefined && named !== undefined)) {
    const message = target === undefined ? 'an export needs a target' : '--target and an argument both name a target';
    return report(io, options, [usageProblem(message, `--target ${[...targetNames, 'all'].join('|')}`)]);
  }
  // Whether it is several files is seen when they are made; of all it is known before, and that takes long.
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
