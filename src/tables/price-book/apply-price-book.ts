import { suggestion } from '../../units/problem.js';
import { catalogSchemas } from '../catalog-columns.js';
import { emptyCells } from '../column.js';
import type { AcceleratorRow, ApiRow, CapabilityRow, ProviderRow } from '../columns.js';
import { rentalForms, snapshotSchemas } from '../columns.js';
import { withRows } from '../query.js';
import { bareWord, knownWords, type ProviderWords } from '../rules.js';
import type { Origin, Prose, Reserved, Tables } from '../tables.js';
import {
  type Applied,
  discounts,
  fixedPrices,
  type Laid,
  laidHosting,
  laidMachine,
  laidRow,
  laidTokens,
  ownProse,
  type Priced,
  pricesIn,
} from './laid-rows.js';
import {
  type BookPath,
  cellOf,
  type Entry,
  endsOf,
  entriesOf,
  type Fixed,
  type Off,
  type PriceBook,
  priceRanges,
  type RangedCells,
  type ReportProblem,
  type RowCells,
  rateOf,
} from './price-book.js';

/** Tables that get a row for each entry of a block. */
const tableOf = { models: 'api', providers: 'providers', capability: 'capability', hardware: 'accelerators' } as const;
type Block = keyof typeof tableOf;
type EntryOf<Name extends Block> = ReturnType<typeof entriesOf<Name>>[number];

/** Rows of books by name. */
export type Own<Row> = Map<string, Laid<Row> & { entry: Entry }>;

/** The number of a row after those that are listed. */
const rowAfter = (listed: readonly { row: number }[]): number =>
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
function ownModels(applied: Applied, described: Iterable<string>): Own<ApiRow> {
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
function ownCapability(applied: Applied): Own<CapabilityRow> {
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
function ownHardware(applied: Applied): Own<AcceleratorRow> {
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
function ownProviders(applied: Applied): Own<ProviderRow> {
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

/** A problem with an entry; the reader of the book knows the line. */
export type BookProblem = {
  severity: 'error' | 'warning';
  code: string;
  path: BookPath;
  message: string;
  /** The name that was meant. */
  suggestion: string | null;
};

/** All else is an error. */
const warnings = ['ended-rate', 'two-changes', 'new-provider', 'unknown-capability', 'no-effect'];

/** One row of one table, as an entry of a set. */
export const rowKey = ({ table, row }: Origin): string => `${table} ${row}`;

/**
 * The tables with the prices of a book: its providers and models are added, then its rates and contracts fix prices,
 * then its discounts apply to the rest. Changed rows name the book as their source. Applied to tables with a book, both
 * hold, and the later one wins for a price: discounts do not add up.
 *
 * @param prose sources of `tables`
 * @param asOf the day of the assessment, by which a rate of exchange must be known; null: not checked
 * @returns new tables (`tables` stay as they are), their prose, the rows that changed, and what is wrong with `book`;
 * with an error among the problems the tables are not to be used
 */
export function applyPriceBook(
  tables: Tables,
  prose: Prose,
  book: PriceBook,
  asOf: string | null = null,
): { tables: Tables; prose: Prose; changed: ReadonlySet<string>; problems: BookProblem[] } {
  const list = tables.ownPricing?.list ?? { tables, prose };
  const books = [...(tables.ownPricing?.books ?? []), book];
  const problems: BookProblem[] = [];
  // Problems of earlier books were reported when they were applied.
  const report: ReportProblem = (entry, at, code, message, name, among = []) => {
    const severity = warnings.includes(code) ? 'warning' : 'error';
    const meant = name === undefined ? null : suggestion(name, [...new Set(among)], 'known');
    if (entry.book === book)
      problems.push({ severity, code, path: [...entry.path, ...at], message, suggestion: meant });
    return null;
  };
  const applied = { books, tables: list.tables, asOf, report };
  checkCurrency(book, asOf, report);

  const sources = new Map<string, NonNullable<Laid<unknown>['prose']>>();
  const laid: RowCells[] = [];
  /** Notes where rows are from and which of their cells may move. */
  const noted = <Row extends { row: number }>(table: Origin['table'], all: Iterable<Laid<Row>>): Row[] =>
    [...all].map(({ row, cells, prose }) => {
      const origin = { table, row: row.row };
      if (prose !== null) sources.set(rowKey(origin), prose);
      laid.push({ ...origin, cells } as RowCells);
      return row;
    });

  const providers = ownProviders(applied);
  const models = ownModels(applied, providers.keys());
  const added = [...models.values()];
  const known = withRows(list.tables, { api: [...list.tables.api, ...added.map(({ row }) => row)] });
  const fixed = fixedPrices({ ...applied, tables: known });
  const off = discounts({ ...applied, tables: known });
  for (const { row, cells } of added) {
    // Prices of a book's own model are fixed: no discount applies.
    off.delete(row);
    for (const field of fixed.get(row)?.cells.keys() ?? []) delete cells[field];
  }

  const laidOver = <Row extends Priced>(
    table: RangedCells['table'],
    rows: readonly Row[],
    lay: (row: Row, rate: Fixed, off: Off | null) => Laid<Row>[],
  ): Row[] =>
    rows.flatMap((row) => {
      const [rate, less] = [fixed.get(row), off.get(row) ?? null];
      if (rate === undefined && less === null) return [row];
      // The rest of the list's row comes first.
      return noted(table, lay(row, rate ?? { cells: new Map(), until: null }, less).toReversed()).toReversed();
    });
  const api = [...laidOver('api', list.tables.api, laidTokens), ...laidOver('api', noted('api', added), laidTokens)];
  const reserved: Reserved[] = [];
  let next = rowAfter(known.rental);
  const rental = laidOver('rental', known.rental, (row, rate, less) => {
    const made = laidMachine(row, rate, less, next);
    for (const { field, purchase } of rentalForms) {
      const count = rate.cells.get(field)?.count ?? null;
      if (count !== null) reserved.push({ row: next, purchase, count });
    }
    if (rate.cells.size > 0) next++;
    return made;
  });
  const hosting = laidOver('hosting', known.hosting, laidHosting);

  type Index<Row> = ReadonlyMap<string, Row>;
  /** Catalog tables in which rows of books replace those of the same name, or are added. */
  const inCatalog = <Row extends { row: number }>(
    table: Origin['table'],
    own: Index<Laid<Row>>,
    replaced: (over: (index: Index<Row>) => Index<Row>) => Partial<Tables>,
  ): Partial<Tables> => {
    noted(table, own.values());
    const rows = [...own].map(([name, { row }]) => [name, row] as const);
    return rows.length === 0 ? {} : replaced((index) => new Map([...index, ...rows]));
  };
  const catalog = {
    ...inCatalog('providers', providers, (over) => {
      const providerOf = over(list.tables.providerOf);
      return { providerOf, providers: [...providerOf.values()] };
    }),
    ...inCatalog('capability', ownCapability({ ...applied, tables: known }), (over) => {
      const capabilityOf = over(list.tables.capabilityOf);
      return { capabilityOf, capability: [...capabilityOf.values()], yardstickOf: over(list.tables.yardstickOf) };
    }),
    ...inCatalog('accelerators', ownHardware(applied), (over) => {
      const acceleratorOf = over(list.tables.acceleratorOf);
      return { acceleratorOf, accelerators: [...acceleratorOf.values()] };
    }),
  };
  const changed = new Set(sources.keys());
  const ownPricing = { books, changed, reserved, ranges: priceRanges(laid), list };
  return {
    tables: withRows(list.tables, { api, rental, hosting, ownPricing, ...catalog }),
    prose: (origin) => {
      const listed = list.prose(origin);
      return sources.get(rowKey(origin))?.(listed) ?? listed;
    },
    changed,
    problems,
  };
}

function checkCurrency(book: PriceBook, asOf: string | null, report: ReportProblem): void {
  const { currency } = book.prices;
  if (currency === undefined) return;
  const entry = { book, path: ['currency'] };
  if (currency.code === 'USD' && currency.usdPerUnit !== 1)
    report(entry, ['usdPerUnit'], 'bad-value', 'one US dollar is 1 USD');
  if (asOf !== null && currency.asOf > asOf)
    report(entry, ['asOf'], 'future-rate', `this rate of exchange is of a day after ${asOf}`);
}
