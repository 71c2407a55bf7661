import { checkFormats } from './check-formats.js';
import type { CommandEntry } from './command-entry.js';
import { common } from './common-options.js';

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
