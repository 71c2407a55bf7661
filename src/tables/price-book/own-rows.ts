import { catalogSchemas } from '../catalog-columns.js';
import { bareWord, knownWords, type ProviderWords } from '../claim-words.js';
import { emptyCells } from '../column.js';
import type { AcceleratorRow, ApiRow, CapabilityRow, ProviderRow } from '../rows.js';
import { snapshotSchemas } from '../snapshot-columns.js';
import type { Tables } from '../tables.js';
import {
  type Entry,
  likelyOf,
  type OwnModel,
  type OwnModelPrice,
  type Price,
  type PriceBook,
  type ReportProblem,
  tokenFields,
  tokenPriceNames,
  usdPerUnit,
} from './price-book.js';
import { type Moved, rangesOfPrice } from './ranges.js';

/**
 * Rows for the models that books bring along, numbered on from those of the price list. A later book's model replaces an
 * earlier one of the same name.
 *
 * @param described providers that books describe
 */
export function ownModels(
  books: readonly PriceBook[],
  tables: Tables,
  described: readonly string[],
  report: ReportProblem,
): { row: ApiRow; entry: Entry; moved: Moved[] }[] {
  const found = new Map<string, { row: ApiRow; entry: Entry; moved: Moved[] }>();
  const listed = new Set(tables.api.map(({ provider, modelId }) => `${provider} ${modelId}`));
  const sold = tables.api.map(({ provider }) => provider);
  const providers = new Set([...tables.providerOf.keys(), ...sold, ...described]);
  const first = tables.api.reduce((most, { row }) => Math.max(most, row), -1) + 1;
  for (const book of books) {
    const own = new Set<string>();
    for (const [index, model] of (book.prices.models ?? []).entries()) {
      const path = ['models', index];
      const key = `${model.provider} ${model.model}`;
      if (listed.has(key)) {
        const message = `the tables of ${tables.snapshot.date} have ${model.provider} / ${model.model}: give it a price under rates`;
        report(book, [...path, 'model'], 'already-priced', message);
        continue;
      }
      if (own.has(key)) {
        report(book, [...path, 'model'], 'duplicate-model', `${model.provider} / ${model.model} stands here twice`);
        continue;
      }
      own.add(key);
      if (!providers.has(model.provider)) {
        const message = `the tables know nothing of ${model.provider}, so where its data go and what it signs is unknown: tell it under providers`;
        const near = { name: model.provider, among: [...providers] };
        report(book, [...path, 'provider'], 'new-provider', message, { severity: 'warning', near });
      }
      const like = likeOf(model, tables);
      if (model.like !== undefined && like === null) {
        const near = { name: model.like, among: [...tables.capabilityOf.keys()] };
        report(book, [...path, 'like'], 'unknown-model', `unknown model \`${model.like}\``, { near });
      }
      if (model.like === undefined) {
        const message = `without \`like\` nothing is known of what ${model.model} can do, so no task may use it`;
        report(book, path, 'unknown-capability', message, { severity: 'warning' });
      }
      const row = found.get(key)?.row.row ?? first + found.size;
      found.set(key, {
        row: rowOf(model, like, usdPerUnit(book), row),
        entry: { book, path, source: model.source },
        moved: pricesOf(model).flatMap(({ name, price }) =>
          rangesOfPrice(price, [...path, name], book).map(
            (range): Moved => ({ range, table: 'api', row, column: tokenFields[name] }),
          ),
        ),
      });
    }
  }
  return [...found.values()];
}

const ownPriceNames = tokenPriceNames.filter(
  (name): name is OwnModelPrice => name !== 'tierInput' && name !== 'tierOutput',
);

const pricesOf = (model: OwnModel): { name: OwnModelPrice; price: Price }[] =>
  ownPriceNames.flatMap((name) => {
    const price = model[name];
    return price === undefined ? [] : [{ name, price }];
  });

/** The model that lends its capability: a family, or a provider's name for one. */
function likeOf({ like }: OwnModel, { capabilityOf, api }: Tables): CapabilityRow | null {
  if (like === undefined) return null;
  const family = api.find(({ modelId }) => modelId === like)?.family ?? '';
  return capabilityOf.get(like) ?? capabilityOf.get(family) ?? null;
}

function rowOf(model: OwnModel, like: CapabilityRow | null, usd: number, row: number): ApiRow {
  const openWeights = like?.openWeights ?? false;
  const kind = model.kind ?? (openWeights ? 'open-model-api' : 'cloud-api');
  return {
    ...emptyCells(snapshotSchemas.api),
    row,
    confidence: 'high',
    provider: model.provider,
    endpointKind: kind === 'cloud-api' ? 'first-party' : 'open-model-host',
    modelId: model.model,
    family: like?.family ?? model.model,
    openWeights,
    ...Object.fromEntries(pricesOf(model).map(({ name, price }) => [tokenFields[name], likelyOf(price) * usd])),
    contextWindow: model.contextTokens ?? null,
    maxOutput: model.maxOutputTokens ?? null,
  } as ApiRow;
}

/**
 * Models as the writer of a book judges them: the row of the tables with the stated index in every mode it has, or a row for
 * a family that has none. A later book's word replaces an earlier one's.
 */
export function ownCapability(
  books: readonly PriceBook[],
  tables: Tables,
  report: ReportProblem,
): { row: CapabilityRow; entry: Entry }[] {
  const families = new Set([
    ...tables.api.map(({ family }) => family),
    ...tables.modelOf.keys(),
    ...tables.capabilityOf.keys(),
  ]);
  const found = new Map<string, { row: CapabilityRow; entry: Entry }>();
  let next = tables.capability.reduce((most, { row }) => Math.max(most, row), -1) + 1;
  for (const book of books)
    for (const [family, stated] of Object.entries(book.prices.capability ?? {})) {
      const path = ['capability', family];
      if (!families.has(family)) {
        const message = `the tables of ${tables.snapshot.date} have no model \`${family}\``;
        report(book, path, 'unknown-model', message, { near: { name: family, among: [...families] } });
        continue;
      }
      const row = judged(tables.capabilityOf.get(family) ?? unjudged(family, tables, next), stated, tables);
      if (row.row === next) next++;
      found.set(family, { row, entry: { book, path, source: undefined } });
    }
  return [...found.values()];
}

/** Accelerators with the prices of books, which say that they can be bought. A later book's price replaces an earlier one's. */
export function ownHardware(
  books: readonly PriceBook[],
  { acceleratorOf, snapshot }: Tables,
  report: ReportProblem,
): { row: AcceleratorRow; entry: Entry }[] {
  const found = new Map<string, { row: AcceleratorRow; entry: Entry }>();
  for (const book of books)
    for (const [name, price] of Object.entries(book.prices.hardware ?? {})) {
      const path = ['hardware', name];
      const listed = acceleratorOf.get(name);
      if (listed === undefined) {
        const message = `the tables of ${snapshot.date} have no accelerator \`${name}\``;
        report(book, path, 'unknown-accelerator', message, { near: { name, among: [...acceleratorOf.keys()] } });
        continue;
      }
      const usd = usdPerUnit(book);
      const { low, high } = typeof price === 'number' ? { low: price, high: price } : price;
      const row: AcceleratorRow = {
        ...listed,
        listPriceUsd: likelyOf(price) * usd,
        listPriceLowUsd: low * usd,
        listPriceHighUsd: high * usd,
        priceAsOf: null,
        offered: true,
      };
      found.set(name, { row, entry: { book, path, source: undefined } });
    }
  return [...found.values()];
}

/** What the tables say of a family without an index. */
const unjudged = (family: string, { api, modelOf }: Tables, row: number): CapabilityRow => ({
  ...emptyCells(catalogSchemas.capability),
  row,
  confidence: 'high',
  family,
  openWeights: modelOf.has(family) || api.some((one) => one.family === family && one.openWeights),
  index: 0,
  indexLow: 0,
  indexHigh: 0,
  tier: 1,
  released: null,
  contextTokens: null,
  modalities: modelOf.get(family)?.modalities ?? ['text'],
  toolUse: 'unknown',
  mode: 'standard',
  indexStandard: 0,
  indexThinking: null,
  reasoningTokenShare: null,
  useLow: false,
  madeFor: null,
  method: 'stated',
});

function judged(row: CapabilityRow, stated: Price, { tiers }: Tables): CapabilityRow {
  const index = likelyOf(stated);
  const { low, high } = typeof stated === 'number' ? { low: stated, high: stated } : stated;
  return {
    ...row,
    confidence: 'high',
    index,
    indexLow: low,
    indexHigh: high,
    indexStandard: row.indexStandard === null ? null : index,
    indexThinking: row.indexThinking === null ? null : index,
    tier: tiers.findLast(({ fromIndex }) => index >= fromIndex)?.tier ?? row.tier,
    useLow: false,
    // Who states an index has judged it for what it is to do.
    madeFor: null,
    method: 'stated',
  };
}

const columns = ['regions', 'certs', 'agreements', 'options'] as const satisfies readonly ProviderWords[];

/**
 * Rows for the providers that books describe, numbered on from those of the catalog. A later book's provider replaces an
 * earlier one of the same name.
 */
export function ownProviders(
  books: readonly PriceBook[],
  tables: Tables,
  report: ReportProblem,
): { row: ProviderRow; entry: Entry }[] {
  const found = new Map<string, { row: ProviderRow; entry: Entry }>();
  const first = tables.providers.reduce((most, { row }) => Math.max(most, row), -1) + 1;
  const selling = new Set(books.flatMap(({ prices }) => prices.models ?? []).map((model) => model.provider));
  for (const book of books) {
    const own = new Set<string>();
    for (const [index, one] of (book.prices.providers ?? []).entries()) {
      const { provider, operator, source } = one;
      const path = ['providers', index];
      if (tables.providerOf.has(provider)) {
        const message = `the tables know where ${provider} processes and what it signs: what you have agreed with it stands under data.agreements`;
        report(book, [...path, 'provider'], 'known-provider', message);
        continue;
      }
      if (own.has(provider)) {
        report(book, [...path, 'provider'], 'duplicate-provider', `${provider} stands here twice`);
        continue;
      }
      own.add(provider);
      if (!selling.has(provider)) {
        const message = `no model here is sold by ${provider}, so it has no effect`;
        const near = { name: provider, among: [...selling] };
        report(book, [...path, 'provider'], 'no-effect', message, { severity: 'warning', near });
      }
      for (const column of columns) {
        const words = (one[column] ?? []).map(bareWord);
        const known = words.length === 0 ? null : knownWords(column, tables);
        for (const [at, word] of words.entries()) {
          const where = [...path, column, at];
          if (words.indexOf(word) < at) report(book, where, 'contradiction', `\`${word}\` stands here twice`);
          else if (known?.has(word) === false) {
            const message = `unknown value \`${word}\`: it has no effect`;
            report(book, where, 'no-effect', message, {
              severity: 'warning',
              near: { name: word, among: [...known] },
            });
          }
        }
      }
      found.set(provider, {
        row: {
          row: found.get(provider)?.row.row ?? first + found.size,
          confidence: 'high',
          provider,
          kinds: [],
          operatorCountry: operator,
          regions: one.regions ?? [],
          certs: one.certs ?? [],
          agreements: one.agreements ?? [],
          options: one.options ?? [],
          billedApart: null,
          asOf: '',
        },
        entry: { book, path, source },
      });
    }
  }
  return [...found.values()];
}
