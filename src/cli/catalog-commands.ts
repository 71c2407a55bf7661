import {
  assignmentOf,
  type CommandWords,
  common,
  day,
  dayOrHour,
  formats,
  tableOptions,
  written,
} from './command-entry.js';

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

const tokens = written(/^[1-9]\d{0,8}$/, 'Expected a whole number of tokens, for example 8192.');
const amount = (example: string) => written(/^\d{1,9}(\.\d{1,9})?$/, `Expected a number, for example ${example}.`);
const billions = written(/^\d{1,9}(\.\d{1,9})?b?$/i, 'Expected parameters in 1e9, for example 70 or 70b.');
const machine = written(
  /^[^:]*[^:\s][^:]*(:[1248])?$/,
  'Expected accelerator or accelerator:count, count 1, 2, 4 or 8.',
);

/** Options that commands of the catalog share. */
const ofCatalog = [
  common.catalogAt,
  common.noCorrections,
  { flags: '--detail', help: 'source, confidence and note of the rows' },
  ...tableOptions,
] as const;

export const modelsCommand = {
  words: ['models'],
  arguments: [
    { name: '[name]', help: 'a model, by its family or another name: all that is known of it', offers: ['families'] },
  ],
  summary: 'open models: memory, cache, quality by scheme, and what they fit on',
  options: [
    { flags: '--vendor <name>', help: 'only of this maker', offers: ['model_makers'] },
    { flags: '--max-params <1e9>', help: 'only up to so many parameters, in 1e9: 70 or 70b', check: billions },
    {
      flags: '--fits <machine>',
      offers: ['accelerators'],
      help: 'only what fits on an accelerator, or on 2, 4 or 8: NAME:4',
      check: machine,
    },
    { flags: '--min-index <n>', help: 'only from this capability index up', check: amount('60') },
    {
      flags: '--sort <key>',
      help: 'newest, smallest, most capable or least cache first (default: name)',
      choices: ['name', 'released', 'params', 'capability', 'kv'],
    },
    { flags: '--context <tokens>', help: 'tokens of a sequence for fit and cache (default: 8192)', check: tokens },
    {
      flags: '--accelerator <name>',
      help: 'with a model: what it fits on, for this one only',
      offers: ['accelerators'],
    },
    ...ofCatalog,
  ],
  examples: ['models --min-index 60 --sort params', 'models NAME --accelerator NAME --context 32768'],
} as const satisfies CommandWords;

export const hardwareCommand = {
  words: ['hardware'],
  arguments: [{ name: '[name]', help: 'an accelerator: all that is known of it', offers: ['accelerators'] }],
  summary: 'accelerators: memory, speed, price, rental, and which models fit',
  options: [
    { flags: '--vendor <name>', help: 'only of this maker', offers: ['hardware_makers'] },
    {
      flags: '--kind <name>',
      help: 'only of this kind',
      choices: ['datacenter', 'workstation', 'consumer', 'soc', 'phone', 'cpu'],
    },
    { flags: '--min-memory <GiB>', help: 'only with so much memory', check: amount('80') },
    { flags: '--rentable', help: 'only what the snapshot has a rental price for' },
    {
      flags: '--sort <key>',
      help: 'most memory or bandwidth, newest, cheapest to rent first (default: name)',
      choices: ['name', 'memory', 'bandwidth', 'released', 'price'],
    },
    { flags: '--context <tokens>', help: 'with a name: tokens of a sequence (default: 8192)', check: tokens },
    ...ofCatalog,
  ],
  examples: ['hardware --rentable --sort price', 'hardware NAME'],
} as const satisfies CommandWords;

const whole = written(/^[1-9]\d{0,8}$/, 'Expected a whole number from 1, for example 8.');
const cards = written(/^[1-9]\d{0,3}$/, 'Expected a number of cards, for example 4.');
const tokenCount = written(/^(0|[1-9]\d{0,8})$/, 'Expected a whole number of tokens, for example 1500.');
const draft = written(/^[1-9]\d?:(?:0?\.\d+|\d{1,2}(?:\.\d+)?%)$/, 'Expected tokens:acceptance, for example 4:80%.');

export const capacityCommand = {
  words: ['capacity'],
  arguments: [],
  summary: 'what hardware can serve: memory, throughput, latency, replicas and cost, with the accuracy',
  options: [
    { flags: '--model <name>', help: 'an open model', offers: ['families'] },
    { flags: '--accelerator <name>', help: 'what it runs on', offers: ['accelerators'] },
    { flags: '--count <n>', help: 'cards of one replica (default: 1)', check: cards },
    { flags: '--quantization <scheme>', help: 'of the weights (default: as released)', offers: ['quantizations'] },
    { flags: '--input <tokens>', help: 'prompt tokens of a request, mean', check: tokenCount },
    { flags: '--output <tokens>', help: 'tokens written in a request, mean', check: tokenCount },
    { flags: '--rate <rate>', help: 'requests, as 8/s or 20k/day; a bare number is a second' },
    { flags: '--users <n>', help: 'or: people who each have one request under way', check: whole },
    { flags: '--ttft-p95 <time>', help: 'slowest first token, with its unit, as 1s' },
    { flags: '--tpot-p95 <time>', help: 'slowest further token, with its unit, as 50ms' },
    { flags: '--total-p95 <time>', help: 'slowest whole answer, with its unit, as 20s' },
    { flags: '--engine <name>', help: 'serving engine (default: the usual one of engines.csv)', offers: ['engines'] },
    { flags: '--kv-cache <format>', help: 'of the cache, as fp8 (default: 16 bits)' },
    { flags: '--parallel <form>', help: 'how cards divide the work: tp8, pp2, tp4pp2, layer-split' },
    { flags: '--max-num-seqs <n>', help: "the engine's limit of sequences", check: whole },
    { flags: '--speculative <draft>', help: 'tokens a draft proposes and their acceptance, as 4:80%', check: draft },
    { flags: '--prefix-hit <share>', help: 'of prompt tokens found in a prefix cache, as 50%' },
    { flags: '--context <tokens>', help: 'longest request, from prompt and answer on (default)', check: whole },
    { flags: '--fixed-lengths', help: 'all requests as long as the mean, as in a benchmark' },
    { flags: '--best', help: 'rank all hardware: by USD/h for a load, per token without one' },
    { flags: '--from <rows.csv>', help: 'predict every row of a table of measurements, - reads standard input' },
    { flags: '--accuracy', help: 'how wrong predictions are' },
    {
      flags: '--calibrate-with <file>',
      help: 'measurements of your own: GuideLLM, vllm bench, llama-bench, CSV; repeatable',
      repeatable: true,
    },
    {
      flags: '--set <name=value>',
      offers: ['capacity_settings'],
      help: 'change an assumption; repeatable',
      repeatable: true,
      check: assignmentOf('name=value, for example highestLoad=0.8'),
    },
    common.pricing,
    common.noCorrections,
    { flags: '--detail', help: 'all hardware of --best, every group of --accuracy' },
    formats(['table', 'json', 'csv']),
    { flags: '-o, --to <file>', help: 'write the result to a file' },
    common.agesFrom,
    common.noColor,
    common.quiet,
  ],
  examples: [
    'capacity --model M --accelerator A --input 1500 --output 500',
    'capacity --model M --best --input 1500 --output 500 --users 300',
    'capacity --from rows.csv --format csv -o predicted.csv',
    'capacity --accuracy',
  ],
} as const satisfies CommandWords;
