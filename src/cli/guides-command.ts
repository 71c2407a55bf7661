import type { CommandEntry } from './command-entry.js';
import { assignmentOf, common } from './common-options.js';

/** `guides`: second opinions. */
export const guidesCommand: CommandEntry = {
  words: ['guides'],
  arguments: [{ name: '<scenario>', help: 'scenario file, YAML or JSON; - reads standard input' }],
  summary: 'what published rules of thumb say beside the decision, who disagrees, what settles it',
  options: [
    {
      flags: '--answer <guide.input=value>',
      offers: ['guide_answers'],
      help: 'tell a guide what a scenario cannot; repeatable',
      repeatable: true,
      check: assignmentOf('GUIDE.input=value, for example G003.stage=mvp'),
    },
    { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json'] },
    common.output,
    common.pricing,
    common.priceBook,
    common.set,
    common.asOf,
    common.pointAnyhow,
    common.seedAnyhow,
    common.noColor,
    common.quiet,
  ],
  examples: ['guides scenario.yaml', 'guides scenario.yaml --answer G003.stage=mvp --format json'],
  run: async (io, file, values) => (await import('./commands/guides.js')).runGuides(io, file, values),
};
