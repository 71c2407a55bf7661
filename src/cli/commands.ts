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
  command(analysis.backtestCommand, () => import('./commands/backtest.js')),
  command(own.initCommand, () => import('./commands/init.js')),
  command(own.importCommand, () => import('./commands/import.js')),
  command(analysis.explainCommand, () => import('./commands/explain.js')),
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
  command(analysis.guidesCommand, () => import('./commands/guides.js')),
  command(catalog.capacityCommand, () => import('./commands/capacity.js')),
  command(catalog.modelsCommand, async () => ({ run: (await import('./commands/catalog.js')).runModels })),
  command(catalog.hardwareCommand, async () => ({ run: (await import('./commands/catalog.js')).runHardware })),
  command(own.mcpCommand, () => import('./commands/mcp.js')),
  command(own.completionCommand, () => import('./commands/completion.js')),
  command(own.schemaCommand, () => import('./commands/schema.js')),
];
