import type { ImportFormat } from './format.js';
import { cellsBelow, objectFields, readJson, type SourceCell, type SourceText, whereInText } from './read-json.js';

const million = 'USD per 1M tokens';

/** models.dev's list: providers, each with models by id; prices in USD per 1e6 tokens. */
export const modelsDev: ImportFormat = {
  title: 'models.dev api.json',
  table: 'api',
  read,
  columns: [
    { to: 'input_usd_per_mtok', from: ['cost/input'], unit: million },
    { to: 'output_usd_per_mtok', from: ['cost/output'], unit: million },
    { to: 'cached_input_usd_per_mtok', from: ['cost/cache_read'], unit: million },
    { to: 'cache_write_usd_per_mtok', from: ['cost/cache_write'], unit: million },
    { to: 'tier_above_input_tokens', from: ['tier/1/above'], unit: 'count' },
    { to: 'tier_input_usd_per_mtok', from: ['tier/1/input'], unit: million },
    { to: 'tier_output_usd_per_mtok', from: ['tier/1/output'], unit: million },
    { to: 'context_window', from: ['limit/context'], unit: 'count' },
    { to: 'max_output', from: ['limit/output'], unit: 'count' },
    { to: 'open_weights', from: ['open_weights'] },
    { to: 'note', from: ['status'] },
  ],
  needs: [{ key: 'modalities/output/0', values: ['text'], orAbsent: true, reason: 'not a text model' }],
  refuses: [{ keys: /^modalities\/output\/[1-9]/, reason: 'makes more than text' }],
  prices: /^(cost|tier\/\d+)\/(?!above$)/,
};

function read(text: string): SourceText {
  const { root, faults } = readJson(text);
  const records = [...(objectFields(root) ?? [])].flatMap(([provider, node]) => {
    const models = objectFields(objectFields(node)?.get('models'));
    if (models === null)
      faults.push({ at: node.at, code: 'not-this-format', message: `"${provider}" has no "models" by id` });
    return [...(models ?? [])].map(([id, model]) => ({
      at: model.at,
      provider,
      id,
      cells: withTiers(cellsBelow(model)),
    }));
  });
  if (root !== null && root.kind !== 'object')
    faults.push({ at: root.at, code: 'not-this-format', message: 'not an object of providers' });
  return { records, faults, where: whereInText(text) };
}

/** `cost.tiers`, or `cost.context_over_200k` where a file is older than those, as `tier/1/…`. */
function withTiers(cells: Map<string, SourceCell>): Map<string, SourceCell> {
  const tidy = new Map<string, SourceCell>();
  const sizes = [...cells].flatMap(([key, cell]) => {
    const [, index] = /^cost\/tiers\/(\d+)\/tier\/size$/.exec(key) ?? [];
    return index === undefined ? [] : [{ index, above: cell }];
  });
  sizes.sort((a, b) => Number(a.above.text) - Number(b.above.text));
  for (const [key, cell] of cells) {
    const [, index, rate] = /^cost\/tiers\/(\d+)\/(\w+)$/.exec(key) ?? [];
    const [, old] = /^cost\/context_over_200k\/(\w+)$/.exec(key) ?? [];
    const place = sizes.findIndex((size) => size.index === index) + 1;
    if (rate !== undefined && place > 0) tidy.set(`tier/${place}/${rate}`, cell);
    else if (old !== undefined && sizes.length === 0) {
      tidy.set(`tier/1/${old}`, cell);
      tidy.set('tier/1/above', { text: '200000', at: cell.at });
    } else if (!key.startsWith('cost/tiers/') && old === undefined) tidy.set(key, cell);
  }
  sizes.forEach(({ above }, place) => void tidy.set(`tier/${place + 1}/above`, above));
  return tidy;
}
