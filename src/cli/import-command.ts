import { sourceNames } from '../usage/sources.js';
import { groupBys } from '../usage/sums.js';
import { assignmentOf, type CommandEntry, common, day } from './command-entry.js';

/** `import`: a scenario from exports of real usage. */
export const importCommand: CommandEntry = {
  words: ['import'],
  arguments: [{ name: '<file...>', help: 'usage exports, also as .gz; - reads standard input', offers: ['files'] }],
  summary: 'a scenario from what gateways, providers and tracing tools say was used',
  options: [
    { flags: '--as <format>', help: 'what the files are, where their content does not tell', choices: sourceNames },
    { flags: '--group-by <what>', help: 'what becomes a task (default: auto)', choices: groupBys },
    { flags: '--timezone <zone>', help: 'whose hours the load profile is in, such as Europe/Berlin (default: UTC)' },
    { flags: '--since <date>', help: 'leave out what was before, YYYY-MM-DD', check: day },
    { flags: '--until <date>', help: 'leave out what was after, YYYY-MM-DD', check: day },
    {
      flags: '--type <task=preset>',
      help: 'preset of a task; repeatable (default: the nearest by its lengths)',
      repeatable: true,
      check: assignmentOf('task=preset, for example support=faq-chat'),
    },
    { flags: '--calls <volume>', help: 'calls, where the source counts none: 48k/day' },
    { flags: '--model <id>', help: 'the model of records that name none', offers: ['models'] },
    {
      flags: '--convention <name>',
      help: 'exclusive: a table counts cached tokens beside its input',
      choices: ['inclusive', 'exclusive'],
    },
    { flags: '--keep-latency', help: 'write the observed p95 as targets, which are hard rules' },
    { flags: '--actuals <file>', help: 'also write whole months as backtest reads them' },
    { flags: '-f, --format <name>', help: 'output format (default: yaml)', choices: ['yaml', 'json', 'table'] },
    common.output,
    common.pricing,
    common.noCorrections,
    common.priceBook,
    common.asOf,
    common.noColor,
    common.quiet,
  ],
  examples: [
    'import FILE.csv -o scenario.yaml',
    'import FILE.jsonl.gz --group-by tag --timezone Europe/Berlin --type support=faq-chat',
    'import FILE.json --calls 48k/day --actuals actuals.csv -o scenario.yaml',
  ],
  run: async (io, _, values) => (await import('./commands/import.js')).runImport(io, values),
};
