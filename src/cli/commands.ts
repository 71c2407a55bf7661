import * as analysis from './analysis-commands.js';
import * as catalog from './catalog-commands.js';
import type { CommandEntry, CommandWords, Given } from './command-entry.js';
import type { Io } from './io.js';
import * as own from './own-commands.js';
import * as pricing from './pricing-commands.js';

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

/** A command by what the command line says of it; what it does is loaded only when it is called, so that others start fast. */
const command = <Words extends CommandWords>(
  words: Words,
  load: () => Promise<(io: Io, given: Given<Words>) => Promise<void>>,
): CommandEntry => ({ ...words, run: async (io, values) => (await load())(io, values as Given<Words>) });

/** Every command, in the order of `--help`. A new command is one file in commands/, its words and one line here. */
export const commands: readonly CommandEntry[] = [
  command(analysis.assessCommand, async () => (await import('./commands/assess.js')).runAssess),
  command(analysis.breakEvenCommand, async () => (await import('./commands/breakeven.js')).runBreakEven),
  command(analysis.compareCommand, async () => (await import('./commands/compare.js')).runCompare),
  command(analysis.checkCommand, async () => (await import('./commands/check.js')).runCheck),
  command(analysis.sweepCommand, async () => (await import('./commands/sweep.js')).runSweep),
  command(analysis.backtestCommand, async () => (await import('./commands/backtest.js')).runBacktest),
  command(own.initCommand, async () => (await import('./commands/init.js')).runInit),
  command(own.importCommand, async () => (await import('./commands/import.js')).runImport),
  command(analysis.explainCommand, async () => (await import('./commands/explain.js')).runExplain),
  command(analysis.exportCommand, async () => (await import('./commands/export.js')).runExport),
  command(pricing.pricingValidateCommand, async () => (await import('./commands/pricing.js')).validatePricing),
  command(pricing.pricingListCommand, async () => (await import('./commands/pricing-list.js')).runPricingList),
  command(pricing.pricingShowCommand, async () => (await import('./commands/pricing-show.js')).runPricingShow),
  command(pricing.pricingDiffCommand, async () => (await import('./commands/pricing-diff.js')).runPricingDiff),
  command(pricing.pricingQuoteCommand, async () => (await import('./commands/pricing-quote.js')).runPricingQuote),
  ...importFormats.map((format) =>
    command(pricing.pricingImportCommand(format), async () => {
      const { runPricingImport } = await import('./commands/pricing-import.js');
      return (io, given) => runPricingImport(io, given, format);
    }),
  ),
  command(analysis.guidesCommand, async () => (await import('./commands/guides.js')).runGuides),
  command(catalog.capacityCommand, async () => (await import('./commands/capacity.js')).runCapacity),
  command(catalog.modelsCommand, async () => (await import('./commands/catalog.js')).runModels),
  command(catalog.hardwareCommand, async () => (await import('./commands/catalog.js')).runHardware),
  command(own.mcpCommand, async () => (await import('./commands/mcp.js')).runMcp),
  command(own.completionCommand, async () => (await import('./commands/completion.js')).runCompletion),
  command(own.schemaCommand, async () => (await import('./commands/schema.js')).runSchema),
];
