import { checkFormats } from './check-formats.js';
import { assignmentOf, type CommandEntry, common, day, ownDate } from './command-entry.js';
import { sweepFormats } from './sweep-formats.js';

/** `backtest`: what was predicted against what was paid. */
export const backtestCommand: CommandEntry = {
  words: ['backtest'],
  arguments: [
    { name: '<scenario>', help: 'scenario file, YAML or JSON; - reads standard input' },
    {
      name: '<actuals>',
      help: 'CSV: month,requests,input_tokens,output_tokens,cost; also task. - reads standard input',
    },
  ],
  summary: 'predicted against paid: the error by volume, mix and price, and what to correct',
  options: [
    { flags: '--option <id>', help: 'the plan that was paid for (default: today.option, else the recommended one)' },
    { flags: '--point', help: 'no band: uncertain inputs are not drawn' },
    common.seed,
    { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json', 'csv'] },
    common.output,
    common.pricing,
    common.noCorrections,
    common.priceBook,
    common.set,
    common.asOf,
    common.noColor,
    common.quiet,
  ],
  examples: [
    'backtest scenario.yaml actuals.csv',
    'backtest scenario.yaml actuals.csv --option cloud-api/NAME/MODEL --pricing 2026-03-31',
    'backtest scenario.yaml actuals.csv --format csv -o errors.csv',
  ],
  run: async (io, scenario, values, actuals) =>
    (await import('./commands/backtest.js')).runBacktest(io, scenario, values, actuals),
};

/** `breakeven`: when the answer changes. */
export const breakEvenCommand: CommandEntry = {
  words: ['breakeven'],
  arguments: [{ name: '<scenario>', help: 'scenario file, YAML or JSON; - reads standard input' }],
  summary: 'from which volume, price, month or load on another plan is cheaper',
  options: [
    {
      flags: '--axis <name>',
      offers: ['axes'],
      help: 'requestsPerDay (default), months, utilization, apiPrice, staffCost, peakToMean, task:<name>',
    },
    {
      flags: '--between <ids...>',
      offers: ['places'],
      help: 'two plans or options by id, or kinds of places',
      repeatable: true,
    },
    { flags: '--option <id>', help: 'pairs with this option or plan too, by id; repeatable', repeatable: true },
    { flags: '--kinds <list>', help: 'pairs among these kinds only, separated by commas', offers: ['places'] },
    { flags: '--detail', help: 'every rung of the ladder and every crossing' },
    { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json', 'csv'] },
    common.output,
    common.pricing,
    common.noCorrections,
    common.priceBook,
    common.set,
    common.asOf,
    common.pointAnyhow,
    common.seedAnyhow,
    common.noColor,
    common.silent,
  ],
  examples: [
    'breakeven scenario.yaml',
    'breakeven scenario.yaml --axis months --between cloud-api self-hosted-cloud',
    'breakeven scenario.yaml --axis apiPrice --format csv',
  ],
  run: async (io, file, values) => (await import('./commands/breakeven.js')).runBreakEven(io, file, values),
};

/** `check`: whether scenarios are still answered as they should be. */
export const checkCommand: CommandEntry = {
  words: ['check'],
  arguments: [
    {
      name: '<scenarios...>',
      help: 'scenario files, YAML or JSON, or folders of them with the YAML in folders below',
      offers: ['documents'],
    },
  ],
  summary: 'whether scenarios meet their expect blocks and your rules, alone or against a baseline',
  options: [
    common.failOn,
    { flags: '--baseline <file>', help: 'compare with a result kept earlier: JSON of assess or check' },
    { flags: '--baseline-ref <revision>', help: 'compare with the files as they were there, for example origin/main' },
    {
      flags: '--baseline-pricing <date|folder>',
      help: 'prices of the baseline at that revision (default: those of --pricing)',
    },
    common.exitZero,
    { flags: '-f, --format <name>', help: 'output format (default: table)', choices: checkFormats },
    common.output,
    common.pricing,
    common.noCorrections,
    common.priceBook,
    common.set,
    { flags: '--option <id>', help: 'tell of this option or plan too, in JSON; repeatable', repeatable: true },
    { flags: '--detail', help: 'every price and plan that moved, in markdown' },
    common.asOf,
    common.point,
    common.seed,
    common.noColor,
    common.silent,
  ],
  examples: [
    'check scenarios/*.yaml',
    'check scenarios/*.yaml --baseline-ref origin/main --fail-on flip --fail-on "cost>+10%"',
    'check scenarios/*.yaml --format json -o baseline.json',
    'check scenarios/*.yaml --baseline baseline.json --fail-on flip --format markdown',
    'check scenario.yaml --fail-on "stale>90d" --format sarif -o result.sarif --exit-zero',
  ],
  run: async (io, _none, values) => (await import('./commands/check.js')).runCheck(io, values),
};

/** `compare`: what changed between prices, scenarios or results. */
export const compareCommand: CommandEntry = {
  words: ['compare'],
  arguments: [
    {
      name: '<files...>',
      help: 'a scenario for several prices, or several scenarios or results (JSON)',
      offers: ['documents'],
    },
  ],
  summary: 'what moved, what it did to the cost of each plan, and whether the advice changed',
  options: [
    {
      flags: '--pricing <date|folder>',
      help: 'prices to compare, repeatable (default, for one scenario: all snapshots)',
      repeatable: true,
    },
    common.failOnSteps,
    common.exitZero,
    { flags: '--option <id>', help: 'follow this option or plan too, whatever its rank; repeatable', repeatable: true },
    { flags: '--detail', help: 'every input, price and plan that moved' },
    { flags: '-f, --format <name>', help: 'output format (default: table)', choices: checkFormats },
    common.output,
    common.priceBook,
    common.set,
    {
      flags: '--as-of <date>',
      help: `the day to judge by, YYYY-MM-DD, or ${ownDate}: each by the date of its prices (default: today, UTC)`,
      check: (text) =>
        text === ownDate || day(text) === null ? null : `Expected a date as YYYY-MM-DD, or ${ownDate}.`,
      words: [ownDate],
    },
    common.point,
    common.seed,
    common.noColor,
    common.silent,
  ],
  examples: [
    'compare scenario.yaml',
    'compare scenario.yaml --pricing 2025-09-30 --pricing 2026-08-21',
    'compare scenario.yaml cheaper.yaml',
    'compare base.json head.json --format markdown',
  ],
  run: async (io, _none, values) => (await import('./commands/compare.js')).runCompare(io, values),
};

/** `guides`: second opinions. */
export const guidesCommand: CommandEntry = {
  words: ['guides'],
  arguments: [{ name: '<scenario>', help: 'scenario file, YAML or JSON; - reads standard input' }],
  summary: 'what published rules of thumb say beside the decision, who disagrees, what settles it',
  options: [
    {
      flags: '--answer <guide.input=value>',
      offers: ['guide_answers'],
      help: 'tell a guide what a scenario cannot; repeatable',
      repeatable: true,
      check: assignmentOf('GUIDE.input=value, for example G003.stage=mvp'),
    },
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
  examples: ['guides scenario.yaml', 'guides scenario.yaml --answer G003.stage=mvp --format json'],
  run: async (io, file, values) => (await import('./commands/guides.js')).runGuides(io, file, values),
};

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
      common.noCorrections,
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
