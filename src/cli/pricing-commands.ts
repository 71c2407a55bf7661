import { type CommandEntry, common, dayOrHour, told } from './command-entry.js';

/** `pricing show`: rows of the price lists. */
export const pricingShowCommand: CommandEntry = {
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
    ...told,
  ],
  examples: [
    'pricing show --kind api --sort output',
    'pricing show --accelerator NAME --pricing 2023-11-30 --format csv',
  ],
  run: async (io, none, values) => (await import('./commands/pricing-show.js')).runPricingShow(io, none, values),
};

/** `pricing quote`: what calls cost. */
export const pricingQuoteCommand: CommandEntry = {
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
    { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json'] },
    common.noColor,
    common.quiet,
  ],
  examples: [
    'pricing quote --provider NAME --model NAME --input 2000',
    'pricing quote --provider NAME --model NAME --input 2000 --batch',
  ],
  run: async (io, none, values) => (await import('./commands/pricing-quote.js')).runPricingQuote(io, none, values),
};
