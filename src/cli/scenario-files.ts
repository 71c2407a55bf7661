import path from 'node:path';
import type { Problem } from '../units/problem.js';
import { fileProblem } from './file-problem.js';
import type { Io } from './io.js';
import { isCheckOutput } from './own-result.js';
import { realPath } from './real-path.js';

/**
 * Scenario files by name: a folder stands for the YAML in it and below it and the JSON in it, a file named twice, however, is one.
 */
export function scenarioFiles(io: Io, named: readonly string[]): { files: string[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const files = named.flatMap((name) => {
    const inside = name === '-' ? null : io.listFolder(name);
    if (inside === null) return [name];
    const found = scenariosIn(io, name.replace(/\/+$/, ''), inside, scenario, new Set());
    if (found.length === 0)
      problems.push(
        fileProblem(
          'no-scenarios',
          name,
          'no scenario is in this folder as .yaml, .yml or .json, nor one as YAML in a folder below it',
        ),
      );
    return found;
  });
  const byPath = new Map(files.toReversed().map((file) => [file === '-' ? file : path.resolve(file), file]));
  return { files: [...byPath.values()].reverse(), problems };
}

const scenario = /\.(?:ya?ml|json)$/;
/** Further down JSON is more often something else: results that are kept, settings of tools. */
const scenarioBelow = /\.ya?ml$/;
/** Folders of tools, which hold YAML of their own. */
const ofTools = /^\.|^node_modules$/;

/** @param above folders on the way here: a link may lead back to one */
function scenariosIn(
  io: Io,
  folder: string,
  names: readonly string[],
  wanted: RegExp,
  above: ReadonlySet<string>,
): string[] {
  const real = realPath(folder);
  if (above.has(real)) return [];
  return names.flatMap((name) => {
    const file = `${folder}/${name}`;
    const inside = ofTools.test(name) ? null : io.listFolder(file);
    if (inside !== null) return scenariosIn(io, file, inside, scenarioBelow, new Set([...above, real]));
    // A pipe would be waited for, perhaps for ever; named by itself it is meant. Results kept beside scenarios are none.
    return wanted.test(name) && !io.isSpecial(file) && !isCheckOutput(io.startOf(file)) ? [file] : [];
  });
}
