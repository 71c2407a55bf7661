import { type CommandEntry, common } from '../command-entry.js';
import { questions } from './questions.js';

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
      help: 'answers to the questions as JSON or YAML: {"tasks": ["faq-chat"], "volume": "50k requests/day"}; keys below',
    },
    {
      flags: '--fix <file>',
      help: 'put a scenario right in place (or with -o in another file): what is read by habit is written as the format has it',
    },
    common.set,
    {
      flags: '-o, --output <file>',
      help: 'the file to write (default: scenario.yaml, or that of --fix; - for stdout)',
    },
    { flags: '--force', help: 'write over a file that is there' },
    common.noColor,
    common.quiet,
  ],
  notes: () => [
    'Answers, each a text, number, yes or no, or a list; ? leaves a line to look it up:',
    ...questions().map(({ key, answers }) => `  ${key.padEnd(16)}${answers}`),
  ],
  examples: [
    'init --from support-chatbot -o first.yaml',
    'init --from summarization --set "workload.volume=20k requests/day" -o letters.yaml',
    'init --fix first.yaml',
  ],
  run: async (io, _, values) => (await import('../commands/init.js')).runInit(io, values),
};
