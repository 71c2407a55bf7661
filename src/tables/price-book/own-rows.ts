import { catalogSchemas } from '../catalog-columns.js';
import { bareWord, knownWords, type ProviderWords } from '../claim-words.js';
import { emptyCells } from '../column.js';
import type { AcceleratorRow, ApiRow, CapabilityRow, ProviderRow } from '../rows.js';
import { snapshotSchemas } from '../snapshot-columns.js';
import { type Applied, type Laid, laidRow, pricesIn } from './laid-rows.js';
import { cellOf, type Entry, endsOf, entriesOf, rateOf } from './price-book.js';
import { ownProse } from './sources.js';

/** Tables that get a row for each entry of a block. */
const tableOf = { models: 'api', providers: 'providers', capability: 'capability', hardware: 'accelerators' } as const;
type Block = keyof typeof tableOf;
type EntryOf<Name extends Block> = ReturnType<typeof entriesOf<Name>>[number];

/** Rows of books by name. */
export type Own<Row> = Map<string, Laid<Row> & { entry: Entry }>;

/** The number of a row after those that are listed. */
export const rowAfter = (listed: readonly { row: number }[]): number =>
  listed.reduce((most, { row }) => Math.max(most, row), -1) + 1;

/**
 * A row for each name in a block, numbered after the listed ones. A later book's row replaces an earlier one's; twice
 * in one book is an error.
 *
 * @param make the row of an entry, and the cells of it that ranges may move; null: it has none, which was reported
 */
function ownRows<Name extends Block, Row>(
  { books, tables, report }: Applied,
  block: Name,
  nameOf: (one: EntryOf<Name>) => string,
  make: (one: EntryOf<Name>, row: number) => { row: Row; cells?: Laid<Row>['cells'] } | null,
): Own<Row> {
  const found: Own<Row> = new Map();
  const first = rowAfter(tables[tableOf[block]]);
  const what = block.slice(0, -1);
  for (const [at, one] of entriesOf(books, block).entries()) {
    const { entry } = one;
    const name = nameOf(one);
    const isTwice = found.get(name)?.entry.book === entry.book;
    const made = isTwice
      ? report(entry, [what], `duplicate-${what}`, `${name} stands here twice`)
      : make(one, first + at);
    if (made !== null) found.set(name, { cells: {}, ...made, prose: () => ownProse(entry), entry });
  }
  return found;
}

/**
 * Rows for the models of books.
 *
 * @param described providers that books describe
 */
export function ownModels(applied: Applied, described: Iterable<string>): Own<ApiRow> {
  const { tables, report } = applied;
  const { api, providerOf, capabilityOf, snapshot } = tables;
  const nameOf = ({ item }: EntryOf<'models'>) => `${item.provider} / ${item.model}`;
  const listed = new Set(api.map(({ provider, modelId }) => `${provider} / ${modelId}`));
  const providers = new Set([...providerOf.keys(), ...api.map(({ provider }) => provider), ...described]);
  return ownRows(applied, 'models', nameOf, (one, row) => {
    const { entry, item } = one;
    const { provider, model, like } = item;
    const twice = `the tables of ${snapshot.date} have ${nameOf(one)}: give it a price under rates`;
    if (listed.has(nameOf(one))) return report(entry, ['model'], 'already-priced', twice);
    const stranger = `the tables know nothing of ${provider}, so where its data go and what it signs is unknown: tell it under providers`;
    if (!providers.has(provider)) report(entry, ['provider'], 'new-provider', stranger, provider, providers);
    // A family, or a provider's name for one.
    const family = api.find(({ modelId }) => modelId === like)?.family ?? '';
    const able = like === undefined ? undefined : (capabilityOf.get(like) ?? capabilityOf.get(family));
    const unlike = `without \`like\` nothing is known of what ${model} can do, so no task may use it`;
    if (like === undefined) report(entry, [], 'unknown-capability', unlike);
    else if (able === undefined)
      report(entry, ['like'], 'unknown-model', `unknown model \`${like}\``, like, capabilityOf.keys());
    const openWeights = able?.openWeights ?? false;
    const isClosed = (item.kind ?? (openWeights ? 'open-model-api' : 'cloud-api')) === 'cloud-api';
    const blank = {
      ...emptyCells(snapshotSchemas.api),
      ...{ row, confidence: 'high', provider, modelId: model, openWeights },
      endpointKind: isClosed ? 'first-party' : 'open-model-host',
      family: able?.family ?? model,
      contextWindow: item.context ?? null,
      maxOutput: item.maxOutput ?? null,
    } as ApiRow;
    const cells = pricesIn(item).map(({ name, field, price }) => [field, cellOf(price, entry, name)]);
    return laidRow(blank, Object.fromEntries(cells), null);
  });
}

/** Models as judged in a book: the table's row with the stated index in every mode, or a new one. */
export function ownCapability(applied: Applied): Own<CapabilityRow> {
  const { tables, report } = applied;
  const { api, modelOf, capabilityOf, tiers, snapshot } = tables;
  const families = new Set([...api.map(({ family }) => family), ...modelOf.keys(), ...capabilityOf.keys()]);
  return ownRows(
    applied,
    'capability',
    ({ key }) => key,
    ({ entry, key: family, item }, row) => {
      const unknown = `the tables of ${snapshot.date} have no model \`${family}\``;
      if (!families.has(family)) return report(entry, [], 'unknown-model', unknown, family, families);
      const listed = capabilityOf.get(family) ?? {
        ...(emptyCells(catalogSchemas.capability) as CapabilityRow),
        ...{ row, family, toolUse: 'unknown' as const, mode: 'standard' as const },
        openWeights: modelOf.has(family) || api.some((one) => one.family === family && one.openWeights),
        ...{ tier: 1 as const, modalities: modelOf.get(family)?.modalities ?? ['text'], indexStandard: 0 },
      };
      const { low: indexLow, likely: index, high: indexHigh } = endsOf(item);
      const judged: CapabilityRow = {
        ...listed,
        // Who states an index has judged the model for what it is to do.
        ...{ confidence: 'high', useLow: false, madeFor: null, method: 'stated' },
        ...{ index, indexLow, indexHigh },
        indexStandard: listed.indexStandard === null ? null : index,
        indexThinking: listed.indexThinking === null ? null : index,
        tier: tiers.findLast(({ fromIndex }) => index >= fromIndex)?.tier ?? listed.tier,
      };
      return { row: judged };
    },
  );
}

/** Accelerators with the prices of books, which say that they can be bought. */
export function ownHardware(applied: Applied): Own<AcceleratorRow> {
  const { acceleratorOf, snapshot } = applied.tables;
  return ownRows(
    applied,
    'hardware',
    ({ key }) => key,
    ({ entry, key: name, item }) => {
      const listed = acceleratorOf.get(name);
      const unknown = `the tables of ${snapshot.date} have no accelerator \`${name}\``;
      if (listed === undefined)
        return applied.report(entry, [], 'unknown-accelerator', unknown, name, acceleratorOf.keys());
      const usd = endsOf(rateOf(entry.book)).likely;
      const { low, likely, high } = endsOf(item);
      const prices = { listPriceUsd: likely * usd, listPriceLowUsd: low * usd, listPriceHighUsd: high * usd };
      return { row: { ...listed, ...prices, priceAsOf: null, offered: true } };
    },
  );
}

/** Rows for the providers that books describe. */
export function ownProviders(applied: Applied): Own<ProviderRow> {
  const { books, tables, report } = applied;
  const selling = new Set(entriesOf(books, 'models').map(({ item }) => item.provider));
  return ownRows(
    applied,
    'providers',
    ({ item }) => item.provider,
    ({ entry, item }, row) => {
      const { provider, operator, regions = [], certs = [], agreements = [], options = [] } = item;
      const known = `the tables know where ${provider} processes and what it signs: what you have agreed with it stands under data.agreements`;
      if (tables.providerOf.has(provider)) return report(entry, ['provider'], 'known-provider', known);
      const unsold = `no model here is sold by ${provider}, so it has no effect`;
      if (!selling.has(provider)) report(entry, ['provider'], 'no-effect', unsold, provider, selling);
      const words = { regions, certs, agreements, options };
      checkWords(words, entry, applied);
      const more = { kinds: [], operatorCountry: operator, billedApart: null, asOf: '' };
      return { row: { row, confidence: 'high', provider, ...more, ...words } };
    },
  );
}

/** Words that contradict each other, or are never required. */
function checkWords(words: Record<ProviderWords, string[]>, entry: Entry, { tables, report }: Applied): void {
  for (const [column, told] of Object.entries(words) as [ProviderWords, string[]][])
    for (const [at, word] of told.map(bareWord).entries()) {
      const known = knownWords(column, tables);
      const unknown = `unknown value \`${word}\`: it has no effect`;
      if (told.map(bareWord).indexOf(word) < at)
        report(entry, [column, at], 'contradiction', `\`${word}\` stands here twice`);
      else if (!known.has(word)) report(entry, [column, at], 'no-effect', unknown, word, known);
    }
}
