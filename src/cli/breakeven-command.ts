import type { CommandEntry } from './command-entry.js';
import { common } from './common-options.js';

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
