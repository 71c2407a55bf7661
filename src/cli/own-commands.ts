import { sourceNames } from '../usage/sources.js';
import { groupBys } from '../usage/sums.js';
import { assignmentOf, type CommandWords, common, day, formats } from './command-entry.js';
import type { Shell } from './commands/completion.js';
import { questions } from './questions.js';

export const importCommand = {
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
    formats(['yaml', 'json', 'table']),
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
} as const satisfies CommandWords;

export const initCommand = {
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
} as const satisfies CommandWords;

export const mcpCommand = {
  words: ['mcp'],
  arguments: [],
  summary: 'answer AI agents: a server of the Model Context Protocol on standard input and output',
  options: [],
  examples: ['mcp'],
  notes: () => [
    'For an agent, not for a terminal: name it in the settings of the agent as',
    '  {"mcpServers": {"deploy-advisor": {"command": "deploy-advisor", "args": ["mcp"]}}}',
  ],
} as const satisfies CommandWords;

/** Shells with completion of the command line. */
export const completedShells: readonly Shell[] = ['bash', 'zsh', 'fish'];

export const completionCommand = {
  words: ['completion'],
  arguments: [{ name: '<shell>', choices: completedShells, help: completedShells.join(', ') }],
  summary: 'a script that completes commands, options and names in a shell',
  options: [],
  examples: [
    'completion bash > ~/.deploy-advisor.bash',
    'completion zsh > ~/.zfunc/_deploy-advisor',
    'completion fish > deploy-advisor.fish',
  ],
} as const satisfies CommandWords;

/** The published JSON Schemas, each `schema/<name>.json`. */
export const schemaNames = ['scenario', 'result', 'comparison', 'check', 'price-book', 'snapshot'] as const;

export const schemaCommand = {
  words: ['schema'],
  arguments: [{ name: '[name]', choices: schemaNames, help: `${schemaNames.join(', ')} (default: ${schemaNames[0]})` }],
  summary:
    'JSON Schema of the scenario file, of JSON results, comparisons and checks, of a price book or of a snapshot',
  options: [{ flags: '--short', help: 'the fields of a scenario as an outline to read' }],
  examples: ['schema scenario --short', 'schema scenario > scenario.schema.json'],
} as const satisfies CommandWords;
