import { placesIn } from '../../units/problem.js';
import {
  cellsBelow,
  type ImportFormat,
  mapped,
  objectFields,
  readJson,
  type SourceCell,
  type SourceRecord,
  type SourceText,
} from './format.js';

const token = 'USD per token' as const;

/** LiteLLM's price list: an object by model name, prices in USD per single token. */
export const litellm: ImportFormat = {
  title: 'LiteLLM model_prices_and_context_window.json',
  table: 'api',
  idsNameProvider: true,
  read,
  columns: [
    ...mapped(token, {
      input_usd_per_mtok: 'input_cost_per_token',
      output_usd_per_mtok: 'output_cost_per_token',
      cached_input_usd_per_mtok: 'cache_read_input_token_cost',
      cache_write_usd_per_mtok: 'cache_creation_input_token_cost',
      cache_write_1h_usd_per_mtok: 'cache_creation_input_token_cost_above_1hr',
      batch_input_usd_per_mtok: 'input_cost_per_token_batches',
      batch_output_usd_per_mtok: 'output_cost_per_token_batches',
      flex_input_usd_per_mtok: 'input_cost_per_token_flex',
      flex_cached_input_usd_per_mtok: 'cache_read_input_token_cost_flex',
      flex_output_usd_per_mtok: 'output_cost_per_token_flex',
      priority_input_usd_per_mtok: 'input_cost_per_token_priority',
      priority_cached_input_usd_per_mtok: 'cache_read_input_token_cost_priority',
      priority_output_usd_per_mtok: 'output_cost_per_token_priority',
      audio_input_usd_per_mtok: 'input_cost_per_audio_token',
      tier_input_usd_per_mtok: 'tier/1/input_cost_per_token',
      tier_output_usd_per_mtok: 'tier/1/output_cost_per_token',
    }),
    ...mapped('count', {
      tier_above_input_tokens: 'tier/1/above',
      context_window: 'max_input_tokens',
      max_output: 'max_output_tokens',
    }),
    ...mapped(undefined, {
      regional_uplifts: 'regional_uplifts',
      retires: 'deprecation_date',
      source: 'source',
    }),
  ],
  needs: [{ key: 'mode', values: ['chat', 'completion', 'responses'], reason: 'not a text model' }],
  refuses: [{ keys: /^(in|out)put_cost_per_(request|query)$/, reason: 'has a price per request' }],
  prices: /cost|multiplier/,
};

function read(text: string, file: string): SourceText {
  const { root, faults } = readJson(text);
  const where = placesIn(file, text);
  const models = objectFields(root);
  const records = [...(models ?? [])].flatMap(([id, node]): SourceRecord[] => {
    // The file begins with an entry that explains its keys in words.
    if (id === 'sample_spec') return [];
    if (objectFields(node) === null)
      return [{ at: node.at, provider: '', id, cells: new Map(), misfit: 'not an object with prices' }];
    const cells = cellsBelow(node);
    const provider = cells.get('litellm_provider')?.text ?? '';
    return [{ at: node.at, provider, id, cells: withTiers(withUplifts(cells)) }];
  });
  if (root !== null && !records.some(({ provider }) => provider !== ''))
    faults.push({ at: 0, code: 'not-this-format', message: 'no entry with a "litellm_provider" in it' });
  return { records, faults, where };
}

/** `regional_processing_uplift_multiplier_eu: 1.1` and its like as `regional_uplifts: eu=10`. */
function withUplifts(cells: Map<string, SourceCell>): Map<string, SourceCell> {
  const rest = new Map<string, SourceCell>();
  const uplifts: string[] = [];
  let at = 0;
  for (const [key, cell] of cells) {
    const [, region] = /^regional_processing_uplift_multiplier_([a-z-]+)$/.exec(key) ?? [];
    if (region === undefined) rest.set(key, cell);
    else {
      uplifts.push(`${region}=${Number(((Number(cell.text) - 1) * wholePercent).toFixed(6))}`);
      at = cell.at;
    }
  }
  if (uplifts.length > 0) rest.set('regional_uplifts', { text: uplifts.join(';'), at });
  return rest;
}

const wholePercent = 100;

/** `…_above_200k_tokens` and `tiered_pricing`, both for the whole request, as `tier/1/…`. */
function withTiers(cells: Map<string, SourceCell>): Map<string, SourceCell> {
  const tiers = new Map<number, Map<string, SourceCell>>();
  const tidy = new Map<string, SourceCell>();
  const put = (above: number, key: string, cell: SourceCell): void => {
    const tier = tiers.get(above) ?? new Map<string, SourceCell>();
    tiers.set(above, tier.set(key, cell));
  };
  for (const [key, cell] of cells) {
    const [, stem, thousands, suffix] = /^(\w+?)_above_(\d+)k_tokens(\w*)$/.exec(key) ?? [];
    const [, index, rate] = /^tiered_pricing\/(\d+)\/(\w+)$/.exec(key) ?? [];
    if (stem !== undefined) put(Number(thousands) * 1000, `${stem}${suffix}`, cell);
    else if (rate !== undefined) put(Number(cells.get(`tiered_pricing/${index}/range/0`)?.text ?? 0), rate, cell);
    else if (!key.startsWith('tiered_pricing/')) tidy.set(key, cell);
  }
  let place = 0;
  for (const [above, tier] of [...tiers].sort(([a], [b]) => a - b)) {
    // A tier from 0 tokens on is the base price.
    if (above > 0) place++;
    const prefix = above > 0 ? `tier/${place}/` : '';
    for (const [key, cell] of tier) tidy.set(prefix + key, cell);
    const [first] = tier.values();
    if (above > 0 && first) tidy.set(`${prefix}above`, { text: String(above), at: first.at });
  }
  return tidy;
}
