import { ruleForms } from '../analyses/check/rules.js';
import { isDay } from '../units/month.js';
import type { Problem } from '../units/problem.js';
import { type ExitCode, fileProblem, type Io } from './io.js';
import type { NameList } from './names.js';
import { indentOf, type Values } from './problems.js';

/** Format and file of an answer. `color` (default true) and `quiet` (no warnings) are also for stderr. */
type AnswerOptions = { format?: string; output?: string; color?: boolean; quiet?: boolean };

/** Whether one of them keeps the command from answering. */
export const haveErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === 'error');

/** A warning on a file (empty: the command line). */
export const warningOf = (code: string, file: string, message: string, suggestion: string | null = null): Problem => ({
  ...fileProblem(code, file, message, suggestion),
  severity: 'warning',
});

/** The file an answer goes to; null: standard output. */
export const fileOf = ({ output = '-' }: AnswerOptions): string | null => (output === '-' ? null : output);

/** How an answer is shown at its destination: only a terminal has colors and a width. */
export function viewOf({ stdout }: Io, options: AnswerOptions): { color: boolean; width: number } {
  const { color = true } = options;
  return fileOf(options) === null
    ? { color: color && stdout.color, width: stdout.columns ?? 80 }
    : { color: false, width: 80 };
}

/** Writes a text to stdout or the given file; returns the problem if it cannot. */
export function write(io: Io, text: string, options: AnswerOptions): Problem[] {
  const file = fileOf(options);
  const unwritten = file === null ? io.out(text) : io.writeText(file, text);
  return unwritten ? [unwritten] : [];
}

/** Prints the answer, or with an error among the problems those, as `report`. */
export async function answer(
  io: Io,
  options: AnswerOptions,
  text: string | null,
  problems: readonly Problem[],
): Promise<void> {
  const written = text === null || haveErrors(problems) ? [] : write(io, text, options);
  await report(io, options, [...problems, ...written]);
}

/** Errors exit with 2, or the given code; in JSON they go to stdout as a document or line. Warnings never do. */
export async function report(
  io: Io,
  { format, color = true, quiet = false }: AnswerOptions,
  problems: readonly Problem[],
  exitCode: ExitCode = 2,
): Promise<void> {
  if (problems.length === 0) return;
  const { problemsDocument, renderProblems } = await import('./problems.js');
  const errors = problems.filter(({ severity }) => severity === 'error');
  const asJson = format === 'json' || format === 'jsonl';
  const shown = problems.filter(({ severity }) => (severity === 'error' ? !asJson : !quiet));
  if (errors.length > 0) io.setExitCode(exitCode);
  if (errors.length > 0 && asJson) io.out(problemsDocument(errors, indentOf(format)));
  if (shown.length > 0) io.err(renderProblems(shown, { color: color && io.stderr.color }));
}

/** What completion offers for a text: names, any files, YAML or JSON (`documents`), or folders. */
export type Offered = NameList | 'files' | 'documents' | 'folders';

/** One option of a command: commander's flags and help, and the form of its text. */
export type OptionEntry = {
  flags: string;
  help: string;
  choices?: readonly string[];
  /** What completion offers, if not `choices` or the text in `<>`. */
  offers?: readonly Offered[];
  /** Further words for completion. */
  words?: readonly string[];
  /** May be given several times; the values gather in a list. */
  repeatable?: boolean;
  /** What is wrong with the text given, or null. */
  check?: (text: string) => string | null;
};
/** A `<required>`, `[optional]` or `<several...>` argument; `key`: its key if not its name. */
type ArgumentEntry = {
  name: string;
  help: string;
  key?: string;
  choices?: readonly string[];
  offers?: readonly Offered[];
};

/** What the command line says of a command. */
export type CommandWords = {
  /** Words before the arguments: `['pricing', 'validate']`. */
  words: readonly [string, ...string[]];
  arguments: readonly ArgumentEntry[];
  summary: string;
  options: readonly OptionEntry[];
  examples: readonly string[];
  /** Lines of the help before the examples. */
  notes?: () => readonly string[];
};

/** A command with what it does with its arguments and options. */
export type CommandEntry = CommandWords & { run: (io: Io, values: Values) => Promise<void> };

/** `--ttft-p95` of `ttftP95`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** `scenarios` of `<scenarios...>`. */
export const bareName = (argument: string): string => argument.replace(/[<>[\]]|\.\.\./g, '');

/** `ttftP95` of `ttft-p95`, as commander has it. */
type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name;

/** What the text of an argument or option is called. */
type NameOf<One> = One extends { key: infer Key extends string }
  ? Key
  : One extends { name: `<${infer Name}...>` }
    ? Name
    : One extends { name: `<${infer Name}>` | `[${infer Name}]` }
      ? Name
      : One extends { flags: `--no-${infer Name}` | `${string}--${infer Name} <${string}` }
        ? Camel<Name>
        : One extends { flags: `${string}--${infer Name}` }
          ? Camel<Name>
          : never;

type ValueOf<One> = One extends { repeatable: true } | { name: `<${string}...>` }
  ? string[]
  : One extends { choices: readonly (infer Choice)[] }
    ? Choice
    : One extends { name: string } | { flags: `${string}<${string}` }
      ? string
      : One extends { flags: `--no-${string}` }
        ? boolean
        : true;

type Needed = { name: `<${string}` };
type Parts<Command extends CommandWords> = Command['arguments'][number] | Command['options'][number];

/** The texts that a command is given, by the names of its arguments and options. */
export type Given<Command extends CommandWords> = {
  [One in Parts<Command> as One extends Needed ? NameOf<One> : never]: ValueOf<One>;
} & { [One in Parts<Command> as One extends Needed ? never : NameOf<One>]?: ValueOf<One> };

/** What an option's text must look like, and what is said where it does not. */
export const written =
  (form: RegExp, otherwise: string) =>
  (text: string): string | null =>
    form.test(text) ? null : otherwise;

/** Whether an option's text is a day that there is. */
export const day = (text: string): string | null => (isDay(text) ? null : 'Expected a date as YYYY-MM-DD.');

/** Checks that a value is a day, or an hour of one. */
export const dayOrHour = (text: string): string | null =>
  isDay(text.slice(0, 10)) && /^(T([01]\d|2[0-3]):[0-5]\dZ)?$/.test(text.slice(10))
    ? null
    : 'Expected a date as YYYY-MM-DD, or an hour of one as YYYY-MM-DDTHH:MMZ.';

/** Checks that a value names what it changes; `form` says how to write it. */
export const assignmentOf = (form: string) => written(/^[^=\s][^=]*=/, `Expected ${form}.`);

/** The word of `--as-of` for prices that are each judged on their own date. */
export const ownDate = 'snapshot';

const failOn = (where: string) => ({
  flags: '--fail-on <rule>' as const,
  help: `end with 1 where this holds${where}; repeatable: ${ruleForms.join(', ')}`,
  repeatable: true as const,
  offers: ['rules' as const],
});

const seeded = (help: string) => ({
  flags: '--seed <n>' as const,
  help,
  check: written(/^\d{1,15}$/, 'Expected a whole number from 0 to 999999999999999.'),
});

/** Options that mean the same wherever a command takes them. */
export const common = {
  output: { flags: '-o, --output <file>', help: 'write the result to a file' },
  pricing: { flags: '--pricing <date|folder>', help: 'price snapshot by its date, or a folder with your own tables' },
  noCorrections: { flags: '--no-corrections', help: 'a snapshot as it was released, without what was corrected since' },
  catalogAt: { flags: '--pricing <date|folder>', help: 'as of this snapshot: what was released later is left out' },
  priceBook: { flags: '--price-book <file>', help: 'your own prices: discounts, rates, reserved machines, models' },
  set: {
    flags: '--set <path=value>',
    offers: ['settings'],
    help: 'change the scenario, as workload.volume=20k/day; repeatable',
    repeatable: true,
    check: assignmentOf('path=value, for example workload.volume=20k/day'),
  },
  asOf: { flags: '--as-of <date>', help: 'the day to judge by, YYYY-MM-DD (default: today, UTC)', check: day },
  agesFrom: { flags: '--as-of <date>', help: 'the day ages count from, YYYY-MM-DD (default: today, UTC)', check: day },
  seed: seeded('seed of the simulations (default: 0)'),
  point: { flags: '--point', help: 'the decision alone: no simulations, changes or levers' },
  /** For commands without simulations: options of deciding commands fit all. */
  pointAnyhow: { flags: '--point', help: 'no effect here: this command never simulates' },
  seedAnyhow: seeded('no effect here: this command never simulates'),
  failOn: failOn(''),
  failOnSteps: failOn(' (flip, cost>+: at any step; others: of the last side)'),
  exitZero: { flags: '--exit-zero', help: 'report only: end with 0 in place of 1 and 3' },
  noColor: { flags: '--no-color', help: 'no colors (NO_COLOR does the same)' },
  quiet: { flags: '-q, --quiet', help: 'no warnings' },
  silent: { flags: '-q, --quiet', help: 'no warnings, no progress' },
} as const satisfies Record<string, OptionEntry>;

/** What a scenario is judged by. */
export const priceOptions = [common.pricing, common.noCorrections, common.priceBook, common.set, common.asOf] as const;

/** The formats of a command, the first of them where none is named. */
export const formats = <const Names extends readonly string[]>(choices: Names, about = '') => ({
  flags: '-f, --format <name>' as const,
  help: `output format (default: ${choices[0]})${about}`,
  choices,
});

/** Options of commands that list rows of tables. */
export const tableOptions = [
  formats(['table', 'json', 'csv']),
  common.output,
  common.agesFrom,
  common.noColor,
  common.quiet,
] as const;
