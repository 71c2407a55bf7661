import type { SourceText } from './source-text.js';

/** Powers of ten from a source's unit to that of our columns: USD per 1e6 tokens, USD per hour, tokens. */
export const unitPlaces = {
  'USD per token': 6,
  'USD per 1M tokens': 0,
  'USD per hour': 0,
  count: 0,
} as const;
export type Unit = keyof typeof unitPlaces;

/** From the first of the source's keys that is filled to one of our columns; without a unit, the text as it is. */
export type ColumnMap = { to: string; from: readonly string[]; unit?: Unit };

/**
 * A format as data. The keys are the format's own, as `SourceRecord` writes them; prices above a prompt size stand under
 * `tier/1/`, those above a second one under `tier/2/` and so on, each with its size in `above`.
 */
export type ImportFormat = {
  /** What people call the file. */
  title: string;
  table: 'api' | 'rental';
  /** A file holds one provider's prices, and does not say whose. */
  oneProvider?: true;
  /** Ids begin with the provider and a slash, which are not part of the name. */
  idsNameProvider?: true;
  /** `date` chooses among prices that a source dates. */
  read: (text: string, date: string) => SourceText;
  columns: readonly ColumnMap[];
  /** The value of a key must be one of these; `orAbsent`: or not be there. */
  needs: readonly { key: string; values: readonly string[]; orAbsent?: true; reason: string }[];
  /** Rows with one of these keys would be billed otherwise than our columns can say. */
  refuses: readonly { keys: RegExp; reason: string }[];
  /** Keys of prices. Those that no column takes are counted: the rest of the row is right without them. */
  prices: RegExp;
};
