import { type CommandEntry, common } from '../command-entry.js';

/** `init`: a first scenario, by questions at a terminal or from a preset. */
export const initCommand: CommandEntry = {
  words: ['init'],
  arguments: [],
  summary: 'a first scenario file, commented: by questions at a terminal, or from a preset',
  options: [
    {
      flags: '--from <preset>',
      help: 'a preset or a task type; without a terminal, init alone lists them',
      offers: ['presets'],
    },
    {
      flags: '--answers <file>',
      help: 'answers to the questions as JSON: {"tasks": ["faq-chat"], "volume": "50k requests/day"}',
    },
    common.set,
    { flags: '-o, --output <file>', help: 'the file to write (default: scenario.yaml; - for stdout)' },
    { flags: '--force', help: 'write over a file that is there' },
    common.noColor,
    common.quiet,
  ],
  examples: [
    'init --from support-chatbot -o first.yaml',
    'init --from summarization --set "workload.volume=20k requests/day" -o letters.yaml',
  ],
  run: async (io, _, values) => (await import('../commands/init.js')).runInit(io, values),
};
