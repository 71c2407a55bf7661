import type { Tables } from '../../src/tables/tables.js';
import { tablesWith } from './scenario.js';

const open = new Set(['qwen3-4b', 'gpt-oss-20b', 'llama-3.3-70b']);
const closed = new Set(['gpt-5-nano', 'gpt-5-mini', 'claude-haiku-4-5', 'claude-sonnet-5']);
const sellers = new Set(['openai', 'anthropic', 'azure', 'deepinfra']);
const clouds = new Set(['aws', 'azure', 'modal']);
const cards = new Set(['l4-24gb', 'h100-sxm-80gb', 'apple-a17-pro-8gb']);

/** Three open models, four closed ones, three machines and who sells them: a thousand options, of every kind of place. */
export function fewRows(tables: Tables): Tables {
  const models = tables.models.filter(({ family }) => open.has(family));
  return tablesWith(tables, {
    models,
    modelOf: new Map(models.map((model) => [model.family, model])),
    accelerators: tables.accelerators.filter(({ accelerator }) => cards.has(accelerator)),
    api: tables.api.filter(({ provider, family }) => sellers.has(provider) && (open.has(family) || closed.has(family))),
    rental: tables.rental.filter(({ provider, accelerator }) => clouds.has(provider) && cards.has(accelerator)),
    hosting: tables.hosting.filter(
      ({ provider, accelerator }) => clouds.has(provider) && (accelerator === null || cards.has(accelerator)),
    ),
  });
}
