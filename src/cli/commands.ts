import { targetNames } from '../export/target-names.js';
import { details } from '../report/document.js';
import {
  backtestCommand,
  breakEvenCommand,
  checkCommand,
  compareCommand,
  guidesCommand,
  sweepCommands,
} from './analysis-commands.js';
import { assessFormats } from './assess-many.js';
import { capacityCommand, catalogCommands } from './catalog-commands.js';
import { type CommandEntry, common, day, dayOrHour } from './command-entry.js';
import { completionCommand } from './completion-command.js';
import { importCommand } from './import-command.js';
import { initCommand } from './init/command.js';
import { schemaNames } from './schema-names.js';

const levels = (text: string): string | null =>
  /^[1-9]\d?$/.test(text) ? null : 'Expected a number of levels, for example 3.';

/** First words that several commands share. */
export const commandGroups: Readonly<Record<string, string>> = {
  pricing: 'the tables of prices and hardware',
  import: 'prices from the files of other tools',
};

/** Price files of other tools that can be carried over. */
const importFormats = ['litellm', 'models-dev', 'genai-prices', 'skypilot'] as const;

/** What `export` writes. */
const exportTargets = [...targetNames, 'all'] as const;

/** Every command, in the order of `--help`. A new command is one file in commands/ and one entry here. */
export const commands: readonly CommandEntry[] = [
  {
    words: ['assess'],
    arguments: [
      { name: '<scenario...>', help: 'scenario files, YAML or JSON; - reads standard input, one a line with -f jsonl' },
    ],
    summary: 'where this workload should run, what it costs, and why not elsewhere',
    options: [
      {
        flags: '-f, --format <name>',
        help: 'output format (default: table); jsonl has one result a line, for many scenarios',
        choices: assessFormats,
      },
      common.output,
      common.pricing,
      common.noCorrections,
      common.priceBook,
      common.set,
      common.asOf,
      { flags: '--option <id>', help: 'list this option whatever its rank; repeatable', repeatable: true },
      {
        flags: '--all-options',
        help: 'list every option that no other of its kind beats, and every API, with its rules',
      },
      { flags: '--detail <part>', help: 'show more (criteria: the scorecard)', choices: [...details, 'criteria'] },
      { flags: '--levers', help: 'what caching, batch, shorter prompts and other levers would save' },
      common.point,
      common.seed,
      common.noColor,
      common.quiet,
    ],
    examples: [
      'assess scenario.yaml',
      'assess scenario.yaml --set workload.volume=200k --format json',
      'assess scenario.yaml --detail full -o report.txt',
      'assess scenario.yaml --price-book contract.yaml',
      'assess scenario.yaml --set workload.volume=4k..6k --detail sure',
      'assess scenario.yaml --levers',
      'assess scenarios/*.yaml --format jsonl --point',
      'assess - --format jsonl --point < scenarios.jsonl',
    ],
    run: async (io, _, values) => (await import('./commands/assess.js')).runAssess(io, values),
  },
  breakEvenCommand,
  compareCommand,
  checkCommand,
  ...sweepCommands,
  backtestCommand,
  initCommand,
  importCommand,
  {
    words: ['explain'],
    arguments: [
      { name: '<scenario>', help: 'scenario file, YAML or JSON; - reads standard input' },
      {
        name: '[plan]',
        help: 'id of an option or a plan, a kind, or a few words (default: the recommended plan)',
        offers: ['places'],
      },
      { name: '[figure]', help: 'monthlyCost (default), costPerRequest, fteNeeded, people.run, …' },
    ],
    summary: 'where a figure comes from: every part, down to rows of tables, assumptions, the scenario',
    options: [
      { flags: '--depth <n>', help: 'levels of the tree to print (default: all)', check: levels },
      { flags: '--option <id>', help: 'the plan, as by its argument', offers: ['places'] },
      { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json'] },
      common.output,
      common.pricing,
      common.noCorrections,
      common.priceBook,
      common.set,
      common.asOf,
      common.pointAnyhow,
      common.seedAnyhow,
      common.noColor,
      common.quiet,
    ],
    examples: [
      'explain scenario.yaml',
      'explain scenario.yaml self-hosted-cloud people.run --depth 4',
      'explain scenario.yaml "own GPUs" costPerRequest --format json',
    ],
    run: async (io, file, values, ...rest) =>
      (await import('./commands/explain.js')).runExplain(io, file, values, ...rest),
  },
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
      common.pricing,
      common.noCorrections,
      common.priceBook,
      common.set,
      common.asOf,
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
  {
    words: ['pricing', 'show'],
    arguments: [],
    summary: 'the prices of a snapshot: filtered, sorted, each with its unit, date and source',
    options: [
      { flags: '--model <name>', help: 'an id, a family or another name; * stands for any text', offers: ['models'] },
      { flags: '--provider <name>', help: 'who sells it', offers: ['providers'] },
      { flags: '--accelerator <name>', help: 'a GPU', offers: ['accelerators'] },
      { flags: '--kind <name>', help: 'api, rental, hosting, a kind of placement or of offer', offers: ['places'] },
      common.pricing,
      common.noCorrections,
      common.priceBook,
      {
        flags: '--sort <key>',
        help: 'sort each table by this (default: as in the file)',
        choices: ['provider', 'name', 'model', 'accelerator', 'price', 'output', 'date'],
      },
      { flags: '--detail', help: 'source, confidence and date below each row' },
      { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json', 'csv'] },
      common.output,
      common.agesFrom,
      common.noColor,
      common.quiet,
    ],
    examples: [
      'pricing show --kind api --sort output',
      'pricing show --accelerator NAME --pricing 2023-11-30 --format csv',
    ],
    run: async (io, none, values) => (await import('./commands/pricing-show.js')).runPricingShow(io, none, values),
  },
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
  {
    words: ['pricing', 'quote'],
    arguments: [],
    summary: 'the exact bill of a call, of many, or of a month, part by part',
    options: [
      { flags: '--provider <id>', help: 'who sells the tokens', offers: ['providers'] },
      {
        flags: '--model <id>',
        help: 'the model, by its id or another name of the provider for it',
        offers: ['models'],
      },
      { flags: '--input <tokens>', help: 'input tokens of a call, cached ones included' },
      { flags: '--cached <tokens>', help: 'those of them read from the prompt cache' },
      { flags: '--cache-write <tokens>', help: 'those of them written to the prompt cache' },
      { flags: '--cache-write-1h <tokens>', help: 'those of them written to the prompt cache for an hour' },
      { flags: '--output <tokens>', help: 'output tokens of a call, reasoning included' },
      {
        flags: '--convention <name>',
        help: 'exclusive: --input counts neither cached nor written tokens',
        choices: ['inclusive', 'exclusive'],
      },
      { flags: '--batch', help: 'at the tariff for work that may wait' },
      {
        flags: '--at <date>',
        help: 'the day of the calls, YYYY-MM-DD, or an hour of it, 2026-11-20T14:00Z (default: that of the prices)',
        check: dayOrHour,
      },
      {
        flags: '--residency <region>',
        help: 'where the calls must be processed, such as eea: what an endpoint bound to it costs more; repeatable',
        repeatable: true,
      },
      { flags: '--requests <number|rate>', help: 'how many calls, or a rate whose month is billed: 1000, 1M/month' },
      common.pricing,
      common.noCorrections,
      common.priceBook,
      { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json'] },
      common.noColor,
      common.quiet,
    ],
    examples: [
      'pricing quote --provider NAME --model NAME --input 2000',
      'pricing quote --provider NAME --model NAME --input 2000 --batch',
    ],
    run: async (io, none, values) => (await import('./commands/pricing-quote.js')).runPricingQuote(io, none, values),
  },
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
  completionCommand(() => ({ commands, groups: commandGroups })),
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
