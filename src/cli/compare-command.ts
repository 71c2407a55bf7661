import { checkFormats } from './check-formats.js';
import { type CommandEntry, day } from './command-entry.js';
import { common, ownDate } from './common-options.js';

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
