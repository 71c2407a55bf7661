import type { CommandEntry } from '../command-entry.js';

/** All that can be completed: the commands, and what groups of them are. */
export type AllCommands = { commands: readonly CommandEntry[]; groups: Readonly<Record<string, string>> };
