import type { Tables } from '../tables.js';
import type { OutputRow } from './mapped-row.js';
import type { SourceRecord } from './source-text.js';
import type { Tally } from './tally.js';

export type ApiContext = {
  tables: Tables;
  date: string;
  provider: string;
  modelId: string;
  familyOf: (provider: string, id: string) => string | null;
};

/** Columns that mean something together only. */
const groups = [
  ['batch_input_usd_per_mtok', 'batch_output_usd_per_mtok'],
  ['tier_above_input_tokens', 'tier_input_usd_per_mtok', 'tier_output_usd_per_mtok'],
  ['until', 'next_input_usd_per_mtok', 'next_output_usd_per_mtok'],
] as const;

/** Completes a row of prices per token, or says why it cannot be one. `unrated` gets families of unknown capability. */
export function apiRow(
  row: OutputRow,
  record: SourceRecord,
  { tables, date, provider, modelId, familyOf }: ApiContext,
  { left, unrated }: { left: Tally; unrated: Set<string> },
): { row: OutputRow } | { refused: string } {
  const kind = endpointKind(tables.providerOf.get(provider)?.kinds ?? []);
  if (kind === null) return { refused: 'provider has no API in providers.csv' };

  if (row.has('tier_above_input_tokens')) fillTier(row);
  for (const group of groups) {
    const filled = group.filter((header) => row.has(header));
    if (filled.length === 0 || filled.length === group.length) continue;
    for (const header of filled) row.delete(header);
    left.add(`${group[0]} without the figures that belong to it`, record.id);
  }

  const family = familyOf(provider, record.id) ?? modelId;
  const known = tables.capabilityOf.get(family);
  const released = [known?.released, tables.modelOf.get(family)?.released].filter((each) => typeof each === 'string');
  const first = released.sort()[0];
  if (first !== undefined && first.slice(0, 7) > date.slice(0, 7)) return { refused: 'released after the date' };
  if (!known) unrated.add(family);
  if (known) row.set('open_weights', known.openWeights ? 'yes' : 'no');
  else if (!row.has('open_weights')) row.set('open_weights', 'no').set('note', 'open weights not stated, taken as no');

  row.set('provider', provider).set('endpoint_kind', kind).set('model_id', modelId);
  return { row: row.set('family', family) };
}

/** A provider of closed and of open models is a marketplace; the first kind of API it has tells otherwise. */
function endpointKind(kinds: readonly string[]): string | null {
  const closed = kinds.includes('cloud-api');
  if (kinds.includes('open-model-api')) return closed ? 'cloud-marketplace' : 'open-model-host';
  return closed ? 'first-party' : null;
}

/** Above a prompt size, what a source leaves out costs what it costs below. */
function fillTier(row: OutputRow): void {
  const sides = ['input', 'output'] as const;
  if (!sides.some((side) => row.has(`tier_${side}_usd_per_mtok`))) return;
  for (const side of sides) {
    const base = row.get(`${side}_usd_per_mtok`);
    if (base !== undefined && !row.has(`tier_${side}_usd_per_mtok`)) row.set(`tier_${side}_usd_per_mtok`, base);
  }
}
