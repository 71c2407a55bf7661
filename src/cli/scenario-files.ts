import path from 'node:path';
import type { Problem } from '../units/problem.js';
import { fileProblem } from './file-problem.js';
import type { Io } from './io.js';

/** Scenario files by name: a folder stands for those in it, a file named twice, however, is one. */
export function scenarioFiles(io: Io, named: readonly string[]): { files: string[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const files = named.flatMap((name) => {
    const inside = name === '-' ? null : io.listFolder(name);
    if (inside === null) return [name];
    const found = inside.filter((each) => /\.(?:ya?ml|json)$/.test(each));
    if (found.length === 0)
      problems.push(fileProblem('no-scenarios', name, 'no .yaml, .yml or .json file is in this folder'));
    return found.map((each) => `${name.replace(/\/+$/, '')}/${each}`);
  });
  const byPath = new Map(files.toReversed().map((file) => [file === '-' ? file : path.resolve(file), file]));
  return { files: [...byPath.values()].reverse(), problems };
}
