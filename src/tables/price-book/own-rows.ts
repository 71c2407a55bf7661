import { catalogSchemas } from '../catalog-columns.js';
import { bareWord, knownWords } from '../claim-words.js';
import { emptyCells } from '../column.js';
import { settablePrices } from '../price-columns.js';
import type { AcceleratorRow, ApiRow, CapabilityRow, ProviderRow } from '../rows.js';
import { snapshotSchemas } from '../snapshot-columns.js';
import type { Tables } from '../tables.js';
import {
  type Cell,
  cellOf,
  type Entry,
  entriesOf,
  type LaidRow,
  likelyOf,
  type OwnProvider,
  type Price,
  type PriceBook,
  type ReportProblem,
} from './price-book.js';

/** A row of a book, and the entry it is of. */
export type Own<Row> = { row: Row; entry: Entry };
type Books = readonly PriceBook[];

/**
 * Keeps a row for each name, numbered on from those listed. A later book's row replaces an earlier one's of the same name; twice in
 * one book is an error.
 */
function keeper<Row extends { row: number }, Kept extends Own<Row>>(listed: readonly Row[], report: ReportProblem) {
  const found = new Map<string, Kept>();
  const first = listed.reduce((most, { row }) => Math.max(most, row), -1) + 1;
  return {
    all: () => [...found.values()],
    isTwice: (name: string, entry: Entry, what: string, words: string): boolean => {
      const isTwice = found.get(name)?.entry.book === entry.book;
      if (isTwice) report(entry, [what], `duplicate-${what}`, `${words} stands here twice`);
      return isTwice;
    },
    numberOf: (name: string): number => found.get(name)?.row.row ?? first + found.size,
    keep: (name: string, kept: Kept): void => void found.set(name, kept),
  };
}

const warning = { severity: 'warning' } as const;

/**
 * Rows for the models that books bring along.
 *
 * @param described providers that books describe
 */
export function ownModels(books: Books, tables: Tables, described: readonly string[], report: ReportProblem) {
  const { api, providerOf, capabilityOf, snapshot } = tables;
  const own = keeper<ApiRow, Own<ApiRow> & { laid: LaidRow }>(api, report);
  const listed = new Set(api.map(({ provider, modelId }) => `${provider} ${modelId}`));
  const providers = new Set([...providerOf.keys(), ...api.map(({ provider }) => provider), ...described]);
  for (const { entry, item } of entriesOf(books, 'models')) {
    const { provider, model, like } = item;
    const name = `${provider} ${model}`;
    if (listed.has(name)) {
      const message = `the tables of ${snapshot.date} have ${provider} / ${model}: give it a price under rates`;
      report(entry, ['model'], 'already-priced', message);
      continue;
    }
    if (own.isTwice(name, entry, 'model', `${provider} / ${model}`)) continue;
    if (!providers.has(provider)) {
      const message = `the tables know nothing of ${provider}, so where its data go and what it signs is unknown: tell it under providers`;
      report(entry, ['provider'], 'new-provider', message, { ...warning, name: provider, among: providers });
    }
    // A family, or a provider's name for one.
    const family = api.find(({ modelId }) => modelId === like)?.family ?? '';
    const able = like === undefined ? undefined : (capabilityOf.get(like) ?? capabilityOf.get(family));
    if (like === undefined) {
      const message = `without \`like\` nothing is known of what ${model} can do, so no task may use it`;
      report(entry, [], 'unknown-capability', message, warning);
    } else if (able === undefined)
      report(entry, ['like'], 'unknown-model', `unknown model \`${like}\``, { name: like, among: capabilityOf.keys() });
    const openWeights = able?.openWeights ?? false;
    const isClosed = (item.kind ?? (openWeights ? 'open-model-api' : 'cloud-api')) === 'cloud-api';
    const cells: Record<string, Cell> = {};
    for (const { settable, field } of settablePrices('api')) {
      const price = item[settable];
      if (price !== undefined) cells[field] = cellOf(price, entry.book, [...entry.path, settable]);
    }
    const row = {
      ...emptyCells(snapshotSchemas.api),
      ...{ row: own.numberOf(name), confidence: 'high', provider, modelId: model, openWeights },
      endpointKind: isClosed ? 'first-party' : 'open-model-host',
      family: able?.family ?? model,
      contextWindow: item.context ?? null,
      maxOutput: item.maxOutput ?? null,
      ...Object.fromEntries(Object.entries(cells).map(([field, { usd }]) => [field, usd])),
    } as ApiRow;
    own.keep(name, { row, entry, laid: { table: 'api', row: row.row, cells } });
  }
  return own.all();
}

/** Models as the writer of a book judges them: the row of the tables with the stated index in every mode it has, or a new one. */
export function ownCapability(books: Books, tables: Tables, report: ReportProblem): Own<CapabilityRow>[] {
  const { api, modelOf, capabilityOf, capability, tiers, snapshot } = tables;
  const own = keeper<CapabilityRow, Own<CapabilityRow>>(capability, report);
  const families = new Set([...api.map(({ family }) => family), ...modelOf.keys(), ...capabilityOf.keys()]);
  for (const { entry, key: family, item } of entriesOf(books, 'capability')) {
    if (!families.has(family)) {
      const message = `the tables of ${snapshot.date} have no model \`${family}\``;
      report(entry, [], 'unknown-model', message, { name: family, among: families });
      continue;
    }
    const listed = capabilityOf.get(family) ?? {
      ...(emptyCells(catalogSchemas.capability) as CapabilityRow),
      ...{ row: own.numberOf(family), family, toolUse: 'unknown' as const, mode: 'standard' as const },
      openWeights: modelOf.has(family) || api.some((one) => one.family === family && one.openWeights),
      ...{ tier: 1 as const, modalities: modelOf.get(family)?.modalities ?? ['text'], indexStandard: 0 },
    };
    const { low, likely: index, high } = ends(item);
    const row: CapabilityRow = {
      ...listed,
      // Who states an index has judged the model for what it is to do.
      ...{ confidence: 'high', useLow: false, madeFor: null, method: 'stated' },
      ...{ index, indexLow: low, indexHigh: high },
      indexStandard: listed.indexStandard === null ? null : index,
      indexThinking: listed.indexThinking === null ? null : index,
      tier: tiers.findLast(({ fromIndex }) => index >= fromIndex)?.tier ?? listed.tier,
    };
    own.keep(family, { row, entry });
  }
  return own.all();
}

const ends = (price: Price) => (typeof price === 'number' ? { low: price, likely: price, high: price } : price);

/** Accelerators with the prices of books, which say that they can be bought. */
export function ownHardware(
  books: Books,
  { acceleratorOf, accelerators, snapshot }: Tables,
  report: ReportProblem,
): Own<AcceleratorRow>[] {
  const own = keeper<AcceleratorRow, Own<AcceleratorRow>>(accelerators, report);
  for (const { entry, key: name, item } of entriesOf(books, 'hardware')) {
    const listed = acceleratorOf.get(name);
    if (listed === undefined) {
      const message = `the tables of ${snapshot.date} have no accelerator \`${name}\``;
      report(entry, [], 'unknown-accelerator', message, { name, among: acceleratorOf.keys() });
      continue;
    }
    const usd = likelyOf(entry.book.prices.currency?.usdPerUnit ?? 1);
    const { low, likely, high } = ends(item);
    const prices = { listPriceUsd: likely * usd, listPriceLowUsd: low * usd, listPriceHighUsd: high * usd };
    own.keep(name, { row: { ...listed, ...prices, priceAsOf: null, offered: true }, entry });
  }
  return own.all();
}

/** Rows for the providers that books describe. */
export function ownProviders(books: Books, tables: Tables, report: ReportProblem): Own<ProviderRow>[] {
  const own = keeper<ProviderRow, Own<ProviderRow>>(tables.providers, report);
  const selling = new Set(entriesOf(books, 'models').map(({ item }) => item.provider));
  for (const { entry, item } of entriesOf(books, 'providers')) {
    const { provider, operator, regions = [], certs = [], agreements = [], options = [] } = item;
    if (tables.providerOf.has(provider)) {
      const message = `the tables know where ${provider} processes and what it signs: what you have agreed with it stands under data.agreements`;
      report(entry, ['provider'], 'known-provider', message);
      continue;
    }
    if (own.isTwice(provider, entry, 'provider', provider)) continue;
    if (!selling.has(provider)) {
      const message = `no model here is sold by ${provider}, so it has no effect`;
      report(entry, ['provider'], 'no-effect', message, { ...warning, name: provider, among: selling });
    }
    checkWords(item, entry, tables, report);
    const row: ProviderRow = {
      ...{ row: own.numberOf(provider), confidence: 'high', provider, kinds: [], operatorCountry: operator },
      ...{ regions, certs, agreements, options, billedApart: null, asOf: '' },
    };
    own.keep(provider, { row, entry });
  }
  return own.all();
}

/** Words that contradict each other, and those that nothing asks for. */
function checkWords(item: OwnProvider, entry: Entry, tables: Tables, report: ReportProblem): void {
  for (const column of ['regions', 'certs', 'agreements', 'options'] as const) {
    const words = (item[column] ?? []).map(bareWord);
    const known = words.length === 0 ? null : knownWords(column, tables);
    for (const [at, word] of words.entries()) {
      if (words.indexOf(word) < at) report(entry, [column, at], 'contradiction', `\`${word}\` stands here twice`);
      else if (known?.has(word) === false)
        report(entry, [column, at], 'no-effect', `unknown value \`${word}\`: it has no effect`, {
          ...{ ...warning, name: word, among: known },
        });
    }
  }
}
