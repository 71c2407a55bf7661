import { nearest } from '../../units/suggest.js';
import { bashScript } from '../completion/bash.js';
import { fishScript } from '../completion/fish.js';
import { type AllCommands, namesOf, shells } from '../completion/names.js';
import { commandTree } from '../completion/tree.js';
import { zshScript } from '../completion/zsh.js';
import { fileProblem, type Io } from '../io.js';
import { readTables, shippedDates } from '../read-tables.js';
import { report } from '../report-problems.js';
import { tool } from '../tool.js';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

/**
 * `completion <shell>`: a script with all that can be completed in it. So a Tab starts no process, and completes at once
 * and offline; after an update the script is printed anew.
 */
export async function runCompletion(
  io: Io,
  asked: string | undefined,
  { commands, groups }: AllCommands,
): Promise<void> {
  const shell = shells.find((each) => each === asked);
  if (shell === undefined) {
    const near = nearest(asked ?? '', shells);
    const hint = near === null ? `one of: ${shells.join(', ')}` : `did you mean ${near}?`;
    return report(io, {}, [fileProblem('usage', '', `no script for the shell "${asked}"`, hint)]);
  }
  const { tables, problems } = await readTables(io, {});
  if (tables === null) return report(io, {}, problems);
  io.out(scripts[shell](commandTree(tool, commands, groups, namesOf(tables, shippedDates()))));
}
