import type { Tables } from '../../src/tables/tables.js';
import { tablesWith } from './scenario.js';

const open = ['qwen3-4b', 'gpt-oss-20b', 'llama-3.3-70b'];
const closed = ['gpt-5-nano', 'gpt-5-mini', 'claude-haiku-4-5', 'claude-sonnet-5'];
const sellers = ['openai', 'anthropic', 'azure', 'deepinfra'];
const clouds = ['aws', 'azure', 'modal'];
const cards = ['l4-24gb', 'h100-sxm-80gb', 'apple-a17-pro-8gb'];

/**
 * Three open models, four closed ones, three machines and who sells them: a thousand options, of every deployment type.
 *
 * @param more names of other models, sellers and machines that a test is about
 */
export function fewRows(tables: Tables, more: readonly string[] = []): Tables {
  const isOpen = oneOf(open, more);
  const isClosed = oneOf(closed, more);
  const sells = oneOf(sellers, more);
  const rents = oneOf(clouds, more);
  const isCard = oneOf(cards, more);
  const models = tables.models.filter(({ family }) => isOpen(family));
  return tablesWith(tables, {
    models,
    modelOf: new Map(models.map((model) => [model.family, model])),
    accelerators: tables.accelerators.filter(({ accelerator }) => isCard(accelerator)),
    api: tables.api.filter(({ provider, family }) => sells(provider) && (isOpen(family) || isClosed(family))),
    rental: tables.rental.filter(({ provider, accelerator }) => rents(provider) && isCard(accelerator)),
    hosting: tables.hosting.filter(
      ({ provider, accelerator }) => rents(provider) && (accelerator === null || isCard(accelerator)),
    ),
  });
}

function oneOf(names: readonly string[], more: readonly string[]): (name: string) => boolean {
  const known = new Set([...names, ...more]);
  return (name) => known.has(name);
}

/** Assumptions: fewer of everything that is counted, so that a decision takes a second. */
export const fewDecisions: Record<string, unknown> = {
  drawCount: 128,
  drawCountWithoutRanges: 64,
  flipsShown: 3,
};
