import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { nearest } from '../units/problem.js';
import * as analysis from './analysis-commands.js';
import * as catalog from './catalog-commands.js';
import * as pricing from './catalog-commands.js';
import { bareName, type CommandEntry, type CommandWords, type Given, type OptionEntry } from './command-entry.js';
import { exitCodes, type Io, nodeIo, usageProblem } from './io.js';
import * as own from './own-commands.js';
import { indentOf, jsonWanted, optionsIn, tool, type Values } from './problems.js';
import { sparingWhatIsRead } from './write-files.js';

/** First words that several commands share. */
export const commandGroups: Readonly<Record<string, string>> = {
  pricing: 'the tables of prices and hardware',
  import: 'prices from the files of other tools',
};

/** Price files of other tools that can be carried over. */
const importFormats = ['litellm', 'genai-prices', 'skypilot'] as const;

const largerGrids = 'for larger grids write a scenario a line, and split the lines: docs/scale.md';

/** Spellings of before, and what does the same now. */
export const removed: readonly { words: readonly string[]; option?: string; instead: string }[] = [
  { words: ['glossary'], instead: 'see `docs/glossary.md`' },
  { words: ['sweep', 'merge'], instead: largerGrids },
  { words: ['sweep'], option: '--shard', instead: largerGrids },
  { words: ['sweep'], option: '--jobs', instead: largerGrids },
  {
    words: ['breakeven'],
    option: '--kinds',
    instead: 'name two of them with `--between`, or `--set preferences.only=[…]`',
  },
  { words: ['breakeven'], option: '--chart', instead: 'write `--format svg` or `--format html`' },
  { words: ['breakeven'], option: 'staffCost', instead: 'ask `sweep --vary team.yearlyCost=60k..200k:linear:8`' },
  { words: ['breakeven'], option: 'peakToMean', instead: 'ask `sweep --vary workload.profile.peakToMean=1,2,4,8`' },
  { words: ['breakeven'], option: 'utilization', instead: 'ask `--axis requestsPerDay`: each volume has its machines' },
  { words: ['pricing', 'import', 'models-dev'], instead: 'take the list of `litellm` or of `genai-prices`' },
  { words: ['check'], option: 'csv', instead: 'write `--format jsonl`, a result a line' },
  { words: ['compare'], option: 'csv', instead: 'write `--format jsonl`, a side or step a line' },
  { words: ['backtest'], option: 'csv', instead: 'read `months` of `--format json`' },
];

/** A command by its words; its code is loaded when called, for a fast start. */
const command = <Words extends CommandWords>(
  words: Words,
  load: () => Promise<{ run(io: Io, given: Given<Words>): Promise<void> }>,
): CommandEntry => ({ ...words, run: async (io, values) => (await load()).run(io, values as Given<Words>) });

/** Every command, in `--help` order. A new one is a file in commands/, its words and a line here. */
export const commands: readonly CommandEntry[] = [
  command(analysis.assessCommand, () => import('./commands/assess.js')),
  command(analysis.breakEvenCommand, () => import('./commands/breakeven.js')),
  command(analysis.compareCommand, () => import('./commands/compare.js')),
  command(analysis.checkCommand, () => import('./commands/check.js')),
  command(analysis.sweepCommand, () => import('./commands/sweep.js')),
  command(analysis.backtestCommand, async () => ({ run: (await import('./commands/analyses.js')).runBacktest })),
  command(own.initCommand, () => import('./commands/init.js')),
  command(own.importCommand, () => import('./commands/import.js')),
  command(analysis.explainCommand, async () => ({ run: (await import('./commands/analyses.js')).runExplain })),
  command(analysis.exportCommand, () => import('./commands/export.js')),
  command(pricing.pricingValidateCommand, async () => ({ run: (await import('./commands/pricing.js')).runValidate })),
  command(pricing.pricingListCommand, async () => ({ run: (await import('./commands/pricing.js')).runList })),
  command(pricing.pricingShowCommand, async () => ({ run: (await import('./commands/pricing.js')).runShow })),
  command(pricing.pricingDiffCommand, async () => ({ run: (await import('./commands/pricing.js')).runDiff })),
  command(pricing.pricingQuoteCommand, () => import('./commands/pricing-quote.js')),
  ...importFormats.map((format) =>
    command(pricing.pricingImportCommand(format), async () => {
      const { runPricingImport } = await import('./commands/pricing-import.js');
      return { run: (io, given) => runPricingImport(io, given, format) };
    }),
  ),
  command(analysis.guidesCommand, async () => ({ run: (await import('./commands/analyses.js')).runGuides })),
  command(catalog.capacityCommand, () => import('./commands/capacity.js')),
  command(catalog.modelsCommand, async () => ({ run: (await import('./commands/capacity.js')).runModels })),
  command(catalog.hardwareCommand, async () => ({ run: (await import('./commands/capacity.js')).runHardware })),
  command(own.mcpCommand, () => import('./commands/mcp.js')),
  command(own.completionCommand, () => import('./commands/completion.js')),
  command(own.schemaCommand, () => import('./commands/schema.js')),
];

/** Runs a command line on this machine. */
export const runHere = (argv: readonly string[]): Promise<void> => run(argv, nodeIo());

/**
 * Runs one command line (without node and the script). Results and errors go to `io`; user errors end in an exit code,
 * never in an exception.
 */
export async function run(argv: readonly string[], io: Io): Promise<void> {
  try {
    // A shell requests the words for the end of its line.
    if (argv[0] === '__complete')
      return await (await import('./commands/completion.js')).runComplete(io, argv[1] ?? '', commands);
    refuseRemoved(argv);
    const root = program(io);
    await root.parseAsync(helpLast(argv, root), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander ends `--help` and `--version` by an exception too.
    if (error.exitCode !== 0) await usageError(error, argv, io);
  }
}

/** What was called so before ends with what does it now. */
function refuseRemoved(argv: readonly string[]): void {
  const isGiven = (option: string): boolean =>
    argv.some((word) => word === option || word.startsWith(`${option}=`) || word.endsWith(`=${option}`));
  const found = removed.find(
    ({ words, option }) => words.every((word, at) => argv[at] === word) && (option === undefined || isGiven(option)),
  );
  if (found === undefined) return;
  const name = found.option ?? found.words.join(' ');
  throw new CommanderError(2, 'deploy-advisor.removed', `error: ${name} was removed\n${found.instead}`);
}

function program(io: Io): Command {
  const root = new Command(tool.name)
    .description('Decides where an LLM workload should run, and when that answer changes.')
    .version(tool.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: () => undefined, // usageError prints it
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
    })
    // Every command has options; without the word there is room for what it does.
    .configureHelp({ subcommandTerm })
    .addHelpText('after', () => helpEnd(firstExamples(commands)))
    .exitOverride();
  for (const entry of commands) addCommand(root, entry, io);
  return root;
}

/** `help pricing list` as `pricing list --help`: commander reads one word, and shows all help for an unknown one. */
function helpLast(argv: readonly string[], root: Command): readonly string[] {
  const [word, ...asked] = argv;
  if (word !== 'help' || asked[0] === 'help') return argv;
  const path: string[] = [];
  let command = root;
  for (const name of asked) {
    const below = command.commands.find((each) => each.name() === name);
    // What a command takes is no command, nor is an option.
    if (below === undefined && (name.startsWith('-') || command.registeredArguments.length > 0)) break;
    command = below ?? refuseUnknown(name, command);
    path.push(name);
  }
  return path.length === 0 ? argv : [...path, '--help'];
}

function refuseUnknown(name: string, { commands: known }: Command): never {
  const near = nearest(
    name,
    known.map((each) => each.name()),
  );
  const hint = near === null ? '' : `\n(Did you mean ${near}?)`;
  throw new CommanderError(2, 'commander.unknownCommand', `error: unknown command '${name}'${hint}`);
}

const firstExamples = (entries: readonly CommandEntry[]): string[] =>
  entries.flatMap(({ examples }) => examples.slice(0, 1));

const subcommandTerm = (command: Command): string =>
  [
    command.name(),
    ...command.registeredArguments.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`)),
  ].join(' ');

function addCommand(root: Command, entry: CommandEntry, io: Io): void {
  const groups = entry.words.slice(0, -1);
  const parent = groups.reduce(
    (command, word, depth) =>
      command.commands.find((child) => child.name() === word) ??
      command
        .command(word)
        .description(commandGroups[word] ?? '')
        .addHelpText('after', () => helpEnd(firstExamples(commands.filter(({ words }) => words[depth] === word))))
        .helpCommand(false),
    root,
  );
  // Options behind a subcommand are its own, even if the parent has the same.
  if (parent !== root) for (const above of [root, parent]) above.enablePositionalOptions();
  const command = parent
    .command(entry.words.at(-1) ?? '')
    .description(entry.summary)
    .addHelpText('after', () => helpEnd(entry.examples, entry.notes?.()))
    .action((...given: unknown[]) => {
      // Commander passes the arguments, then the options, then the command.
      const texts = entry.arguments.map(({ name, key = bareName(name) }, at) => [key, given[at]]);
      const values: Values = { ...(given[entry.arguments.length] as Values), ...Object.fromEntries(texts) };
      return entry.run(sparingWhatIsRead(io, outputOf(entry, values)), values);
    });
  for (const { name, help, choices } of entry.arguments) {
    const argument = new Argument(name, help);
    command.addArgument(choices ? argument.choices(choices) : argument);
  }
  for (const option of entry.options) command.addOption(declared(option));
}

/** Where the result goes by `-o`, under whatever long name; null: to stdout. */
function outputOf({ options }: CommandEntry, values: Values): string | null {
  const option = options.find(({ flags }) => flags.startsWith('-o,'));
  const output = option && values[new Option(option.flags).attributeName()];
  if (output === '')
    throw new CommanderError(
      2,
      'commander.invalidArgument',
      'error: -o has no name\nwrite one after it, or leave it out',
    );
  return typeof output === 'string' ? output : null;
}

function declared({ flags, help, choices, repeatable, check }: OptionEntry): Option {
  const option = new Option(flags, help);
  if (choices) option.choices(choices);
  else if (flags.includes('<')) {
    option.argParser<unknown>((text, earlier) => {
      const wrong = check?.(text) ?? null;
      if (wrong !== null) throw new InvalidArgumentError(wrong);
      return repeatable ? [...((earlier as string[] | undefined) ?? []), text] : text;
    });
  }
  return option;
}

function helpEnd(examples: readonly string[], notes: readonly string[] = []): string {
  const codes = [...exitCodes].sort((a, b) => a.code - b.code);
  return [
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
    'Examples:',
    ...examples.map((example) => `  ${tool.name} ${example}`),
    '',
    'Exit codes:',
    ...codes.map(({ code, meaning }) => `  ${String(code).padEnd(4)}${meaning}`),
  ].join('\n');
}

const wrongArgument = /^command-argument value '(.*)' is invalid for argument '(.*)'/;

/** Commander lists the choices; this finds the nearest one. */
function nearChoice(message: string): string | null {
  const [, written = '', choices = ''] = / '([^']*)'(?: is invalid)?\. Allowed choices are (.*)\.$/.exec(message) ?? [];
  const near = nearest(written, choices.split(', '));
  return near === null || near === '' ? null : `did you mean ${near}?`;
}

async function usageError(error: CommanderError, argv: readonly string[], io: Io): Promise<void> {
  io.setExitCode(2);
  const isHelp = error.code === 'commander.help';
  // Without a command, commander has printed the help already.
  const form = jsonWanted(argv);
  if (isHelp && form === null) return;
  const called = commands.findLast(({ words }) => words.every((word, index) => argv[index] === word));
  const help = [tool.name, ...(called?.words ?? []), '--help'].join(' ');
  const [first = '', second = null] = isHelp
    ? ['no command given', `${tool.name} --help lists the commands`]
    : error.message
        .replace(/^error: /, '')
        .replace(wrongArgument, "there is no $2 '$1'")
        .split('\n');
  const suggestion =
    second?.replace(/^\(Did you mean (.*)\?\)$/, 'did you mean $1?') ?? nearChoice(first) ?? `see ${help}`;
  const { problemsDocument, renderProblems } = await import('./problems.js');
  const problems = [usageProblem(first, suggestion)];
  if (form !== null) io.out(problemsDocument(problems, indentOf(form)));
  else io.err(renderProblems(problems, { color: io.stderr.color && !optionsIn(argv).includes('--no-color') }));
}
