import type { CommandEntry } from './command-entry.js';
import { common } from './common-options.js';

const tokens = (text: string): string | null =>
  /^[1-9]\d{0,8}$/.test(text) ? null : 'Expected a whole number of tokens, for example 8192.';
const amount =
  (example: string) =>
  (text: string): string | null =>
    /^\d{1,9}(\.\d{1,9})?$/.test(text) ? null : `Expected a number, for example ${example}.`;
const billions = (text: string): string | null =>
  /^\d{1,9}(\.\d{1,9})?b?$/i.test(text) ? null : 'Expected parameters in 1e9, for example 70 or 70b.';
const machine = (text: string): string | null =>
  /^[^:]*[^:\s][^:]*(:[1248])?$/.test(text) ? null : 'Expected accelerator or accelerator:count, count 1, 2, 4 or 8.';

/** Commands about what the tables know of models and hardware. */
export const catalogCommands: readonly CommandEntry[] = [
  {
    words: ['models'],
    arguments: [
      { name: '[name]', help: 'a model, by its family or another name: all that is known of it', offers: ['families'] },
    ],
    summary: 'open models: memory, cache, quality by scheme, and what they fit on',
    options: [
      { flags: '--vendor <name>', help: 'only of this maker', offers: ['model_makers'] },
      { flags: '--max-params <1e9>', help: 'only up to so many parameters, in 1e9: 70 or 70b', check: billions },
      {
        flags: '--fits <machine>',
        offers: ['accelerators'],
        help: 'only what fits on an accelerator, or on 2, 4 or 8: NAME:4',
        check: machine,
      },
      { flags: '--min-index <n>', help: 'only from this capability index up', check: amount('60') },
      {
        flags: '--sort <key>',
        help: 'newest, smallest, most capable or least cache first (default: name)',
        choices: ['name', 'released', 'params', 'capability', 'kv'],
      },
      { flags: '--context <tokens>', help: 'tokens of a sequence for fit and cache (default: 8192)', check: tokens },
      {
        flags: '--accelerator <name>',
        help: 'with a model: what it fits on, for this one only',
        offers: ['accelerators'],
      },
      common.catalogAt,
      { flags: '--detail', help: 'source, confidence and note of the rows' },
      { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json', 'csv'] },
      common.output,
      common.agesFrom,
      common.noColor,
      common.quiet,
    ],
    examples: ['models --min-index 60 --sort params', 'models NAME --accelerator NAME --context 32768'],
    run: async (io, name, values) => (await import('./commands/models.js')).runModels(io, name, values),
  },
  {
    words: ['hardware'],
    arguments: [{ name: '[name]', help: 'an accelerator: all that is known of it', offers: ['accelerators'] }],
    summary: 'accelerators: memory, speed, price, rental, and which models fit',
    options: [
      { flags: '--vendor <name>', help: 'only of this maker', offers: ['hardware_makers'] },
      {
        flags: '--kind <name>',
        help: 'only of this kind',
        choices: ['datacenter', 'workstation', 'consumer', 'soc', 'phone', 'cpu'],
      },
      { flags: '--min-memory <GiB>', help: 'only with so much memory', check: amount('80') },
      { flags: '--rentable', help: 'only what the snapshot has a rental price for' },
      {
        flags: '--sort <key>',
        help: 'most memory or bandwidth, newest, cheapest to rent first (default: name)',
        choices: ['name', 'memory', 'bandwidth', 'released', 'price'],
      },
      { flags: '--context <tokens>', help: 'with a name: tokens of a sequence (default: 8192)', check: tokens },
      common.catalogAt,
      { flags: '--detail', help: 'source, confidence and note of the rows' },
      { flags: '-f, --format <name>', help: 'output format (default: table)', choices: ['table', 'json', 'csv'] },
      common.output,
      common.agesFrom,
      common.noColor,
      common.quiet,
    ],
    examples: ['hardware --rentable --sort price', 'hardware NAME'],
    run: async (io, name, values) => (await import('./commands/hardware.js')).runHardware(io, name, values),
  },
];
