import { details } from '../report/view.js';
import type { Io } from './io.js';

/** One option of a command: flags and help as commander writes them, and what its text must look like. */
export type OptionEntry = {
  flags: string;
  help: string;
  choices?: readonly string[];
  /** May be given several times; the values gather in a list. */
  repeatable?: boolean;
  /** What is wrong with the text given, or null. */
  check?: (text: string) => string | null;
};
export type Values = { readonly [option: string]: string | boolean | string[] | undefined };
export type CommandEntry = {
  /** Words before the arguments: `['pricing', 'validate']`. */
  words: readonly [string, ...string[]];
  /** `<required>` and `[optional]` arguments, with their help. */
  argument: { name: string; help: string };
  summary: string;
  options: readonly OptionEntry[];
  examples: readonly string[];
  /** Loads the command only when it is called, so that others start fast. */
  run: (io: Io, argument: string | undefined, values: Values) => Promise<void>;
};

const isoDate = /^(\d{4})-(\d{2})-(\d{2})$/;
const day = (text: string): string | null => {
  const real = isoDate.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
  return real ? null : 'Expected a date as YYYY-MM-DD.';
};
const seed = (text: string): string | null =>
  /^\d{1,15}$/.test(text) ? null : 'Expected a whole number from 0 to 999999999999999.';
const assignment = (text: string): string | null =>
  /^[^=\s][^=]*=/.test(text) ? null : 'Expected path=value, for example workload.volume=20k/day.';

/** First words that several commands share. */
export const commandGroups: Readonly<Record<string, string>> = { pricing: 'the tables of prices and hardware' };

/** Every command, in the order of `--help`. A new command is one file in commands/ and one entry here. */
export const commands: readonly CommandEntry[] = [
  {
    words: ['assess'],
    argument: { name: '<scenario>', help: 'scenario file, YAML or JSON; - reads standard input' },
    summary: 'where this workload should run, what it costs, and why not elsewhere',
    options: [
      { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json'] },
      { flags: '-o, --output <file>', help: 'write the result to a file' },
      { flags: '--pricing <date|folder>', help: 'price snapshot by its date, or a folder with your own tables' },
      { flags: '--set <path=value>', help: 'change the scenario; repeatable', repeatable: true, check: assignment },
      { flags: '--as-of <date>', help: 'the day to judge by, YYYY-MM-DD (default: today, UTC)', check: day },
      { flags: '--option <id>', help: 'list this option whatever its rank; repeatable', repeatable: true },
      { flags: '--detail <part>', help: 'show more', choices: details },
      { flags: '--point', help: 'the decision alone: no ranges, flips or levers' },
      { flags: '--seed <n>', help: 'seed of the random draws', check: seed },
      { flags: '--no-color', help: 'no colors (NO_COLOR does the same)' },
      { flags: '-q, --quiet', help: 'no warnings' },
    ],
    examples: [
      'assess scenario.yaml',
      'assess scenario.yaml --set workload.volume=200k --format json',
      'assess scenario.yaml --detail full -o report.txt',
    ],
    run: async (...call) => (await import('./commands/assess.js')).runAssess(...call),
  },
  {
    words: ['pricing', 'validate'],
    argument: { name: '[folder]', help: 'folder with tables (default: those shipped)' },
    summary: 'check that tables are complete and agree with each other',
    options: [],
    examples: ['pricing validate ./my-pricing'],
    run: async (io, folder) => (await import('./commands/pricing.js')).validatePricing(io, folder),
  },
  {
    words: ['schema'],
    argument: { name: '[name]', help: 'scenario (default) or result' },
    summary: 'JSON Schema of the scenario file or of the JSON result',
    options: [],
    examples: ['schema scenario > scenario.schema.json'],
    run: async (io, name) => (await import('./commands/schema.js')).runSchema(io, name),
  },
];
