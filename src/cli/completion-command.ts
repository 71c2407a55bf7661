import type { CommandEntry } from './command-entry.js';
import { shells } from './completion/shells.js';

/** All that can be completed: the commands, and what groups of them are. */
export type AllCommands = { commands: readonly CommandEntry[]; groups: Readonly<Record<string, string>> };

/** `completion`: a script for a shell, of all commands, itself among them. */
export const completionCommand = (all: () => AllCommands): CommandEntry => ({
  words: ['completion'],
  arguments: [{ name: '<shell>', choices: shells, help: shells.join(', ') }],
  summary: 'a script that completes commands, options and names in a shell',
  options: [],
  examples: [
    'completion bash > ~/.deploy-advisor.bash',
    'completion zsh > ~/.zfunc/_deploy-advisor',
    'completion fish > deploy-advisor.fish',
  ],
  run: async (io, shell) => (await import('./commands/completion.js')).runCompletion(io, shell, all()),
});
