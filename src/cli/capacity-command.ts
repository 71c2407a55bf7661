import type { CommandEntry } from './command-entry.js';
import { assignmentOf, common } from './common-options.js';

const whole = (text: string): string | null =>
  /^[1-9]\d{0,8}$/.test(text) ? null : 'Expected a whole number from 1, for example 8.';
const cards = (text: string): string | null =>
  /^[1-9]\d{0,3}$/.test(text) ? null : 'Expected a number of cards, for example 4.';
const tokens = (text: string): string | null =>
  /^(0|[1-9]\d{0,8})$/.test(text) ? null : 'Expected a whole number of tokens, for example 1500.';
const draft = (text: string): string | null =>
  /^[1-9]\d?:(?:0?\.\d+|\d{1,2}(?:\.\d+)?%)$/.test(text) ? null : 'Expected tokens:acceptance, for example 4:80%.';

/** `capacity`: what hardware carries. */
export const capacityCommand: CommandEntry = {
  words: ['capacity'],
  arguments: [],
  summary: 'what hardware carries: fit, throughput, latency at a load, replicas, cost; with its error',
  options: [
    { flags: '--model <name>', help: 'an open model', offers: ['families'] },
    { flags: '--accelerator <name>', help: 'what it runs on', offers: ['accelerators'] },
    { flags: '--count <n>', help: 'cards of one replica (default: 1)', check: cards },
    { flags: '--quantization <scheme>', help: 'of the weights (default: as released)', offers: ['quantizations'] },
    { flags: '--input <tokens>', help: 'prompt tokens of a request, mean', check: tokens },
    { flags: '--output <tokens>', help: 'tokens written in a request, mean', check: tokens },
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
    { flags: '--detail', help: 'all hardware of --best, every group of --accuracy' },
    { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json', 'csv'] },
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
  run: async (io, none, values) => (await import('./commands/capacity.js')).runCapacity(io, none, values),
};
