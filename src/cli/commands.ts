import { targetNames } from '../export/target-names.js';
import {
  assessCommand,
  backtestCommand,
  breakEvenCommand,
  checkCommand,
  compareCommand,
  explainCommand,
  guidesCommand,
  sweepCommand,
} from './analysis-commands.js';
import { capacityCommand, catalogCommands } from './catalog-commands.js';
import { type CommandEntry, common, day, judging } from './command-entry.js';
import type { Shell } from './completion.js';
import { importCommand } from './import-command.js';
import { initCommand } from './init/command.js';
import { pricingQuoteCommand, pricingShowCommand } from './pricing-commands.js';
import { schemaNames } from './schema-names.js';

/** First words that several commands share. */
export const commandGroups: Readonly<Record<string, string>> = {
  pricing: 'the tables of prices and hardware',
  import: 'prices from the files of other tools',
};

/** Price files of other tools that can be carried over. */
const importFormats = ['litellm', 'genai-prices', 'skypilot'] as const;

/** Shells that can be told how to complete the command line. */
export const completedShells: readonly Shell[] = ['bash', 'zsh', 'fish'];

/** What `export` writes. */
const exportTargets = [...targetNames, 'all'] as const;

const largerGrids = 'for larger grids write a scenario a line, and split the lines: docs/scale.md';

/** Spellings of before, and what does the same now. */
export const removed: readonly { words: readonly string[]; option?: string; instead: string }[] = [
  { words: ['glossary'], instead: 'see `docs/glossary.md`' },
  { words: ['sweep', 'merge'], instead: largerGrids },
  { words: ['sweep'], option: '--shard', instead: largerGrids },
  { words: ['sweep'], option: '--jobs', instead: largerGrids },
  {
    words: ['breakeven'],
    option: '--kinds',
    instead: 'name two of them with `--between`, or `--set preferences.only=[…]`',
  },
  { words: ['breakeven'], option: '--chart', instead: 'write `--format svg` or `--format html`' },
  { words: ['breakeven'], option: 'staffCost', instead: 'ask `sweep --vary team.yearlyCost=60k..200k:linear:8`' },
  { words: ['breakeven'], option: 'peakToMean', instead: 'ask `sweep --vary workload.profile.peakToMean=1,2,4,8`' },
  { words: ['breakeven'], option: 'utilization', instead: 'ask `--axis requestsPerDay`: each volume has its machines' },
  { words: ['pricing', 'import', 'models-dev'], instead: 'take the list of `litellm` or of `genai-prices`' },
  { words: ['check'], option: 'csv', instead: 'write `--format jsonl`, a result a line' },
  { words: ['compare'], option: 'csv', instead: 'write `--format jsonl`, a side or step a line' },
  { words: ['backtest'], option: 'csv', instead: 'read `months` of `--format json`' },
];

/** Every command, in the order of `--help`. A new command is one file in commands/ and one entry here. */
export const commands: readonly CommandEntry[] = [
  assessCommand,
  breakEvenCommand,
  compareCommand,
  checkCommand,
  sweepCommand,
  backtestCommand,
  initCommand,
  importCommand,
  explainCommand,
  {
    words: ['export'],
    arguments: [
      { name: '<scenario>', help: 'scenario file, YAML or JSON; - reads standard input' },
      { name: '[target]', help: 'what to write, as by --target', choices: exportTargets },
    ],
    summary: 'the plan as configuration of what runs it: engines, gateways, clusters, a decision record, cost rows',
    options: [
      {
        flags: '--target <name>',
        help: 'what to write; all: each that the plan has something for',
        choices: exportTargets,
      },
      {
        flags: '--option <id>',
        help: 'another plan than the recommended one, by its id or a few words',
        offers: ['places'],
      },
      { flags: '-o, --output <file>', help: 'file or folder to write (default: standard output)' },
      { flags: '--force', help: 'write over files that are there' },
      ...judging,
      common.point,
      common.seed,
      common.noColor,
      common.quiet,
    ],
    examples: [
      'export scenario.yaml --target litellm',
      'export scenario.yaml --target all -o deploy',
      'export scenario.yaml --target vllm --option self-hosted-cloud -o deploy',
    ],
    run: async (io, file, values, target) => (await import('./commands/export.js')).runExport(io, file, values, target),
  },
  {
    words: ['pricing', 'validate'],
    arguments: [{ name: '[folder]', help: 'folder with tables (default: those shipped)' }],
    summary: 'check that tables are complete and agree with each other',
    options: [],
    examples: ['pricing validate ./my-pricing'],
    run: async (io, folder) => (await import('./commands/pricing.js')).validatePricing(io, folder),
  },
  {
    words: ['pricing', 'list'],
    arguments: [],
    summary: 'the price snapshots: date, age, rows per table, sources',
    options: [
      { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json'] },
      common.output,
      common.agesFrom,
      common.noColor,
      common.quiet,
    ],
    examples: ['pricing list'],
    run: async (io, none, values) => (await import('./commands/pricing-list.js')).runPricingList(io, none, values),
  },
  pricingShowCommand,
  {
    words: ['pricing', 'diff'],
    arguments: [
      {
        name: '<from>',
        help: 'the earlier prices: the date of a snapshot, or a folder',
        offers: ['snapshots', 'folders'],
      },
      { name: '<to>', help: 'the later prices', offers: ['snapshots', 'folders'] },
    ],
    summary: 'what moved between two snapshots: offers, prices, medians, what a level of capability costs',
    options: [
      { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json'] },
      common.output,
      { flags: '--detail', help: 'every row, not the first of each part' },
      common.noCorrections,
      common.noColor,
      common.quiet,
    ],
    examples: ['pricing diff 2025-09-30 2026-08-21'],
    run: async (io, from, values, to) =>
      (await import('./commands/pricing-diff.js')).runPricingDiff(io, from, values, to),
  },
  pricingQuoteCommand,
  ...importFormats.map(
    (format): CommandEntry => ({
      words: ['pricing', 'import', format],
      arguments: [{ name: '<file|url>', help: 'the price file, - for standard input, or its address' }],
      summary: `a snapshot folder from a price file of ${format}`,
      options: [
        { flags: '-o, --output <folder>', help: 'new folder to write' },
        {
          flags: '--date <date>',
          help: 'the day the prices hold for, YYYY-MM-DD (default: today, UTC)',
          check: day,
        },
        {
          flags: '--provider <name>',
          help: 'only this one, or whose prices these are; repeatable',
          repeatable: true,
          offers: ['providers'],
        },
        { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json'] },
      ],
      examples: [`pricing import ${format} FILE -o my-prices`],
      run: async (io, source, values) =>
        (await import('./commands/pricing-import.js')).runPricingImport(io, source, values, format),
    }),
  ),
  guidesCommand,
  capacityCommand,
  ...catalogCommands,
  {
    words: ['mcp'],
    arguments: [],
    summary: 'answer AI agents: a server of the Model Context Protocol on standard input and output',
    options: [],
    examples: ['mcp'],
    notes: () => [
      'For an agent, not for a terminal: name it in the settings of the agent as',
      '  {"mcpServers": {"deploy-advisor": {"command": "deploy-advisor", "args": ["mcp"]}}}',
    ],
    run: async (io) => (await import('./commands/mcp.js')).runMcp(io),
  },
  {
    words: ['completion'],
    arguments: [{ name: '<shell>', choices: completedShells, help: completedShells.join(', ') }],
    summary: 'a script that completes commands, options and names in a shell',
    options: [],
    examples: [
      'completion bash > ~/.deploy-advisor.bash',
      'completion zsh > ~/.zfunc/_deploy-advisor',
      'completion fish > deploy-advisor.fish',
    ],
    run: async (io, shell) => (await import('./commands/completion.js')).runCompletion(io, shell as Shell),
  },
  {
    words: ['schema'],
    arguments: [
      { name: '[name]', choices: schemaNames, help: `${schemaNames.join(', ')} (default: ${schemaNames[0]})` },
    ],
    summary:
      'JSON Schema of the scenario file, of JSON results, comparisons and checks, of a price book or of a snapshot',
    options: [{ flags: '--short', help: 'the fields of a scenario as an outline to read' }],
    examples: ['schema scenario --short', 'schema scenario > scenario.schema.json'],
    run: async (io, name, values) => (await import('./commands/schema.js')).runSchema(io, name, values),
  },
];
