import type { CommandEntry } from '../command-entry.js';

/** Shells that can be told how to complete the command line. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** All that can be completed: the commands, and what groups of them are. */
export type AllCommands = { commands: readonly CommandEntry[]; groups: Readonly<Record<string, string>> };
