import { type Mode, modesOf, optionId } from '../places/option.js';
import { findApiRow } from '../tables/aliases.js';
import { type NameRow, namesFor, providerNamed } from '../tables/importers/format.js';
import { apiKindOf } from '../tables/query.js';
import type { ApiRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';

/** The price list row of a record's provider and model, as its format names them; null: none, or several. */
export type FindRow = (format: string, provider: string | null, model: string | null) => ApiRow | null;

/**
 * A look-up by the names of pricing/import/names.csv. The provider is the format's own, the record's, or else the maker
 * if it sells the model, or the only seller.
 */
export function rowFinder(tables: Tables, names: readonly NameRow[]): FindRow {
  const providers = [...new Set(tables.api.map(({ provider }) => provider))];
  const sellers = (model: string): ApiRow[] =>
    providers.flatMap((provider) => findApiRow(tables, provider, model) ?? []);
  const find: FindRow = (format, provider, model) => {
    if (model === null) return null;
    const [only] = namesFor(names, { format, kind: 'provider', theirs: '', provider: '', instance: '' });
    const named = provider === null ? only : providerNamed(names, format, provider.toLowerCase(), tables)?.provider;
    if (named !== undefined) return findApiRow(tables, named, model);
    if (provider !== null) return null;
    const rows = sellers(model);
    const makers = rows.filter(({ endpointKind }) => endpointKind === 'first-party');
    const [row] = makers.length > 0 ? makers : rows;
    return (makers.length > 0 ? makers : rows).length === 1 ? (row ?? null) : null;
  };
  // A look-up reads the whole price list, and a thousand groups may be of a few models.
  const known = new Map<string, ApiRow | null>();
  return (...named) => {
    const key = named.join('\0');
    const row = known.has(key) ? (known.get(key) ?? null) : find(...named);
    known.set(key, row);
    return row;
  };
}

/** The mode in use: thinking with reasoning tokens, or as the only one. */
export function modeInUse(row: ApiRow, reasons: boolean, tables: Tables): Mode {
  const modes = modesOf(tables.capabilityOf.get(row.family) ?? null);
  if (modes.length === 1) return modes[0] as Mode;
  return reasons ? 'thinking' : 'standard';
}

/** Id of the option that a row is; null where it is none by itself. */
export function optionInUse(row: ApiRow, mode: Mode): string | null {
  const kind = apiKindOf(row);
  const none = { quantization: null, instance: null, region: null, purchase: null };
  return kind && optionId({ ...none, kind, provider: row.provider, model: row.modelId, mode });
}
