import { assignmentOf, type CommandWords, common, formats, tableOptions, written } from './command-entry.js';

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
