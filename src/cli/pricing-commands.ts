import { type CommandWords, common, day, dayOrHour, formats, tableOptions } from './command-entry.js';

export const pricingShowCommand = {
  words: ['pricing', 'show'],
  arguments: [],
  summary: 'the prices of a snapshot: filtered, sorted, each with its unit, date and source',
  options: [
    { flags: '--model <name>', help: 'an id, a family or another name; * stands for any text', offers: ['models'] },
    { flags: '--provider <name>', help: 'who sells it', offers: ['providers'] },
    { flags: '--accelerator <name>', help: 'a GPU', offers: ['accelerators'] },
    { flags: '--kind <name>', help: 'api, rental, hosting, a deployment type or type of offer', offers: ['places'] },
    common.pricing,
    common.noCorrections,
    common.priceBook,
    {
      flags: '--sort <key>',
      help: 'sort each table by this (default: as in the file)',
      choices: ['provider', 'name', 'model', 'accelerator', 'price', 'output', 'date'],
    },
    { flags: '--detail', help: 'source, confidence and date below each row' },
    ...tableOptions,
  ],
  examples: [
    'pricing show --kind api --sort output',
    'pricing show --accelerator NAME --pricing 2023-11-30 --format csv',
  ],
} as const satisfies CommandWords;

export const pricingQuoteCommand = {
  words: ['pricing', 'quote'],
  arguments: [],
  summary: 'the exact bill of a call, of many, or of a month, part by part',
  options: [
    { flags: '--provider <id>', help: 'who sells the tokens', offers: ['providers'] },
    { flags: '--model <id>', help: 'the model, by its id or another name of the provider for it', offers: ['models'] },
    { flags: '--input <tokens>', help: 'input tokens of a call, cached ones included' },
    { flags: '--cached <tokens>', help: 'those of them read from the prompt cache' },
    { flags: '--cache-write <tokens>', help: 'those of them written to the prompt cache' },
    { flags: '--cache-write-1h <tokens>', help: 'those of them written to the prompt cache for an hour' },
    { flags: '--output <tokens>', help: 'output tokens of a call, reasoning included' },
    {
      flags: '--tool <name=calls>',
      help: 'calls of a tool that a call makes, such as web-search=2; repeatable',
      repeatable: true,
    },
    {
      flags: '--convention <name>',
      help: 'exclusive: --input counts neither cached nor written tokens',
      choices: ['inclusive', 'exclusive'],
    },
    { flags: '--batch', help: 'at the tariff for work that may wait' },
    {
      flags: '--tier <name>',
      help: 'the service tier: flex (cheaper, later, may be refused), priority (dearer, before others), or batch',
      choices: ['standard', 'flex', 'priority', 'batch'],
    },
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
    formats(['table', 'json']),
    common.noColor,
    common.quiet,
  ],
  examples: [
    'pricing quote --provider NAME --model NAME --input 2000',
    'pricing quote --provider NAME --model NAME --input 2000 --batch',
  ],
} as const satisfies CommandWords;

export const pricingValidateCommand = {
  words: ['pricing', 'validate'],
  arguments: [{ name: '[folder]', help: 'folder with tables (default: those shipped)' }],
  summary: 'check that tables are complete and agree with each other',
  options: [],
  examples: ['pricing validate ./my-pricing'],
} as const satisfies CommandWords;

export const pricingListCommand = {
  words: ['pricing', 'list'],
  arguments: [],
  summary: 'the price snapshots: date, age, rows per table, sources',
  options: [formats(['table', 'json']), common.output, common.agesFrom, common.noColor, common.quiet],
  examples: ['pricing list'],
} as const satisfies CommandWords;

export const pricingDiffCommand = {
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
    formats(['table', 'json']),
    common.output,
    { flags: '--detail', help: 'every row, not the first of each part' },
    common.noCorrections,
    common.noColor,
    common.quiet,
  ],
  examples: ['pricing diff 2025-09-30 2026-08-21'],
} as const satisfies CommandWords;

export const pricingImportCommand = (format: string) =>
  ({
    words: ['pricing', 'import', format],
    arguments: [{ name: '<file|url>', key: 'source', help: 'the price file, - for standard input, or its address' }],
    summary: `a snapshot folder from a price file of ${format}`,
    options: [
      { flags: '-o, --output <folder>', help: 'new folder to write' },
      { flags: '--date <date>', help: 'the day the prices hold for, YYYY-MM-DD (default: today, UTC)', check: day },
      {
        flags: '--provider <name>',
        help: 'only this one, or whose prices these are; repeatable',
        repeatable: true,
        offers: ['providers'],
      },
      formats(['table', 'json']),
    ],
    examples: [`pricing import ${format} FILE -o my-prices`],
  }) as const satisfies CommandWords;
