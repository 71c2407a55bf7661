import type { CommandEntry } from './command-entry.js';
import { common } from './common-options.js';

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
