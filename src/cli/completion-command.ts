import type { CommandEntry } from './command-entry.js';
import { type AllCommands, shells } from './completion/names.js';


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
