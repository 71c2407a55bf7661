import { isDay } from '../units/month.js';
import type { Io } from './io.js';
import type { Values } from './values.js';

/** What a shell offers where a text is wanted: names, files of any kind, of YAML or JSON (`documents`), or folders. */
export type Offered = NameList | FileKind;
export type FileKind = 'files' | 'documents' | 'folders';
/** Lists of names, of the shipped tables or of the command line. */
export type NameList =
  | 'snapshots'
  | 'models'
  | 'families'
  | 'model_makers'
  | 'accelerators'
  | 'hardware_makers'
  | 'providers'
  | 'engines'
  | 'quantizations'
  | 'places'
  | 'axes'
  | 'settings'
  | 'capacity_settings'
  | 'guide_answers'
  | 'rules';

/** One option of a command: flags and help as commander writes them, and what its text must look like. */
export type OptionEntry = {
  flags: string;
  help: string;
  choices?: readonly string[];
  /** What completion offers, where that is not said by `choices` or by what stands in `<>`. */
  offers?: readonly Offered[];
  /** Words that completion offers beside those, or where nothing else can be said. */
  words?: readonly string[];
  /** May be given several times; the values gather in a list. */
  repeatable?: boolean;
  /** What is wrong with the text given, or null. */
  check?: (text: string) => string | null;
};
export type CommandEntry = {
  /** Words before the arguments: `['pricing', 'validate']`. */
  words: readonly [string, ...string[]];
  /**
   * `<required>` and `[optional]` arguments, at most three, with their help. The texts of `<several...>` stand in the
   * values, under that name.
   */
  arguments: readonly { name: string; help: string; choices?: readonly string[]; offers?: readonly Offered[] }[];
  summary: string;
  options: readonly OptionEntry[];
  examples: readonly string[];
  /** Loads the command only when it is called, so that others start fast. */
  run: (
    io: Io,
    argument: string | undefined,
    values: Values,
    second: string | undefined,
    third: string | undefined,
  ) => Promise<void>;
};

/** Whether an option's text is a day that there is. */
export const day = (text: string): string | null => (isDay(text) ? null : 'Expected a date as YYYY-MM-DD.');
