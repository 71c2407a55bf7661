import type { CommandEntry } from './command-entry.js';
import { assignmentOf, common } from './common-options.js';
import { sweepFormats } from './sweep-formats.js';

const shard = (text: string): string | null => {
  const [, index = '', of = ''] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  return Number(index) >= 1 && Number(index) <= Number(of) ? null : 'Expected a shard from 1 on, for example 1/8.';
};
const jobs = (text: string): string | null =>
  /^[1-9]\d{0,2}$/.test(text) ? null : 'Expected a number of threads, for example 2.';

/** `sweep` and `sweep merge`: what is advised at every combination of some values. */
export const sweepCommands: readonly CommandEntry[] = [
  {
    words: ['sweep'],
    arguments: [{ name: '<scenario>', help: 'scenario file, YAML or JSON; - reads standard input' }],
    summary: 'what is advised, and at what cost, at every combination of some values',
    options: [
      {
        flags: '--vary <path=values>',
        offers: ['settings'],
        help: 'what varies, as in --set: a,b,c or low..high:log:25 or low..high:linear:5; repeatable',
        repeatable: true,
        check: assignmentOf('path=values, for example workload.volume=1k..10M:log:25'),
      },
      { flags: '-f, --format <name>', help: 'output format (default: table)', choices: sweepFormats },
      { flags: '-o, --output <file>', help: 'write the result to a file; stopped, the same command goes on' },
      { flags: '--shard <i/n>', help: 'decide one of n parts, for `sweep merge`; i from 1', check: shard },
      { flags: '--jobs <n>', help: 'threads (default: all cores)', check: jobs },
      common.pricing,
      common.priceBook,
      common.set,
      common.asOf,
      common.pointAnyhow,
      common.seedAnyhow,
      common.noColor,
      common.silent,
    ],
    examples: [
      'sweep scenario.yaml --vary workload.volume=1k..10M:log:25',
      'sweep scenario.yaml --vary workload.volume=1k..1M:log:7 --vary data.sensitivity=public,pii',
      'sweep scenario.yaml --vary assumptions.tieBand=0,0.1 --format csv -o sweep.csv',
      'sweep scenario.yaml --vary workload.volume=1k..10M:log:5000 --shard 1/8 -o part-1',
    ],
    run: async (io, file, values) => (await import('./commands/sweep.js')).runSweep(io, file, values),
  },
  {
    words: ['sweep', 'merge'],
    arguments: [{ name: '<part...>', help: 'files that `sweep --shard` wrote, in any order' }],
    summary: 'all shards as one sweep: the same bytes as without shards',
    options: [
      {
        flags: '-f, --format <name>',
        help: 'output format (default: that of the shards, else table)',
        choices: sweepFormats,
      },
      common.output,
      common.noColor,
      common.quiet,
    ],
    examples: ['sweep merge part-* --format csv -o sweep.csv'],
    run: async (io, _, values) => (await import('./commands/sweep-merge.js')).runSweepMerge(io, values),
  },
];
