import { type CommandEntry, day } from './command-entry.js';

const assignment = (text: string): string | null =>
  /^[^=\s][^=]*=/.test(text) ? null : 'Expected path=value, for example workload.volume=20k/day.';

/** `breakeven`: when the answer changes. */
export const breakEvenCommand: CommandEntry = {
  words: ['breakeven'],
  arguments: [{ name: '<scenario>', help: 'scenario file, YAML or JSON; - reads standard input' }],
  summary: 'from which volume, price, month or load on another plan is cheaper',
  options: [
    {
      flags: '--axis <name>',
      help: 'requestsPerDay (default), months, utilization, apiPrice, staffCost, peakToMean, task:<name>',
    },
    { flags: '--between <ids...>', help: 'two plans or options by id, or kinds of places', repeatable: true },
    { flags: '--kinds <list>', help: 'pairs among these kinds only, separated by commas' },
    { flags: '--detail', help: 'every rung of the ladder and every crossing' },
    { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json', 'csv'] },
    { flags: '-o, --output <file>', help: 'write the result to a file' },
    { flags: '--pricing <date|folder>', help: 'price snapshot by its date, or a folder with your own tables' },
    { flags: '--price-book <file>', help: 'your own prices: discounts, rates, reserved machines, models' },
    { flags: '--set <path=value>', help: 'change the scenario; repeatable', repeatable: true, check: assignment },
    { flags: '--as-of <date>', help: 'the day to judge by, YYYY-MM-DD (default: today, UTC)', check: day },
    { flags: '--no-color', help: 'no colors (NO_COLOR does the same)' },
    { flags: '-q, --quiet', help: 'no warnings, no progress' },
  ],
  examples: [
    'breakeven scenario.yaml',
    'breakeven scenario.yaml --axis months --between cloud-api self-hosted-cloud',
    'breakeven scenario.yaml --axis apiPrice --format csv',
  ],
  run: async (io, file, values) => (await import('./commands/breakeven.js')).runBreakEven(io, file, values),
};
