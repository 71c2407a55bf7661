import { listText } from '../tables/column.js';
import { type SnapshotTable, snapshotTables } from '../tables/columns.js';
import type { Coverage } from '../tables/load.js';
import { type ListedOffer, perGpu } from '../tables/offers.js';
import { priceColumns } from '../tables/price-columns.js';
import { csvText } from './csv.js';
import { type Column, type Document, gap, indented, line, numberColumns, table, textColumns } from './document.js';
import { jsonText } from './json.js';
import { counted } from './numbers.js';
import { plainText } from './plain-text.js';
import { ageText, type PriceDate, sheetText } from './sheets.js';

/** Rows of the price lists of one snapshot. */
export type PriceListing = { prices: PriceDate; offers: readonly ListedOffer[] };

type Cell = Column & { show: (offer: ListedOffer) => string };
const unknown = '?';

/** A column for each price of a table. */
const prices = (name: SnapshotTable): Cell[] =>
  priceColumns[name].map(({ word, usual = false }) => ({
    title: word.replace(/ input$/, ' in').replace(/ output$/, ' out'),
    number: true,
    show: ({ prices }) => figure(prices.find((each) => each.name === word)?.usd ?? null, usual),
  }));
const fact = (title: string, header: string): Cell => ({
  title,
  show: ({ cells }) => cellText(cells[header] ?? null),
});
const provider = fact('provider', 'provider');
const accelerator = fact('accelerator', 'accelerator');
const gpus: Cell = { ...fact('GPUs', 'gpu_count'), number: true };
const rowDate: Cell = { title: 'as of', show: ({ older, date }) => (older ? date : '') };

/** What each table shows of its rows. */
const layouts: { readonly [Table in SnapshotTable]: { title: string; cells: readonly Cell[] } } = {
  api: {
    title: 'API tokens, USD per 1M tokens',
    cells: [
      provider,
      fact('model', 'model_id'),
      ...prices('api'),
      fact('long from', 'tier_above_input_tokens'),
      fact('until', 'until'),
      { ...fact('then in', 'next_input_usd_per_mtok'), number: true },
      { ...fact('then out', 'next_output_usd_per_mtok'), number: true },
      { ...fact('region %', 'regional_uplift_pct'), number: true },
      { ...fact('free tokens/month', 'free_tokens_per_month'), number: true },
      fact('retires', 'retires'),
      fact('also', 'aliases'),
      rowDate,
    ],
  },
  rental: {
    title: 'Rented GPUs, USD per instance-hour (GPU-hour where it says so)',
    cells: [
      provider,
      fact('instance', 'instance_type'),
      accelerator,
      gpus,
      fact('region', 'region'),
      ...prices('rental').slice(0, 1),
      {
        title: 'per GPU-hour',
        number: true,
        show: (offer) => figure(rounded(perGpu(offer, offer.prices[0]?.usd ?? null)), true),
      },
      ...prices('rental').slice(1),
      { title: 'host', show: ({ ownKind }) => (ownKind === 'marketplace' ? ownKind : '') },
      fact('sold in', 'sold_in'),
      rowDate,
    ],
  },
  hosting: {
    title: 'Managed hosting',
    cells: [
      provider,
      fact('product', 'product'),
      { title: 'kind', show: ({ ownKind }) => ownKind },
      accelerator,
      gpus,
      ...prices('hosting'),
      { title: 'unit', show: ({ unit }) => unit },
      { ...fact('min units', 'min_units'), number: true },
      { ...fact('min hours', 'min_commit_hours'), number: true },
      rowDate,
    ],
  },
};

/**
 * The rows as text, one grid for each table, with the notes of the rows below it. A figure that no source gives is `?`.
 * `detail` adds source, confidence and date below each row instead.
 */
export function pricingShowTable({ prices, offers }: PriceListing, detail: boolean): string {
  const head = line(`prices ${prices.snapshot} (${ageText(prices)}), ${counted(offers.length, 'row')}`);
  const parts = (Object.keys(layouts) as SnapshotTable[]).flatMap((name) => {
    const own = offers.filter((offer) => offer.table === name);
    return own.length === 0 ? [] : [gap, ...offersTable(name, own, detail)];
  });
  const legend =
    parts.length === 0
      ? 'this snapshot has no such price'
      : `${unknown} is unknown, never free; "as of" where a row is older than its snapshot`;
  return sheetText([head, ...parts, gap, line(legend)]);
}

function offersTable(name: SnapshotTable, offers: readonly ListedOffer[], detail: boolean): Document {
  const { title, cells } = layouts[name];
  const notes = [...new Set(offers.map(({ note }) => note).filter((note) => note !== ''))];
  const noteOf = ({ note }: ListedOffer): string => (detail || note === '' ? '' : `[${notes.indexOf(note) + 1}]`);
  const rows = offers.map((offer) => ({
    cells: [...cells.map(({ show }) => show(offer)), noteOf(offer)],
    below: detail ? origin(offer) : [],
  }));
  const footnotes = detail ? [] : notes.map((note, at) => line(`[${at + 1}] ${plainText(note)}`));
  return [line(title), table([...cells, ...textColumns('note')], rows), ...footnotes];
}

function origin({ source, confidence, date, note }: ListedOffer): Document {
  const from = `  ${confidence} confidence, as of ${date}: ${source}`;
  return [from, ...(note === '' ? [] : [`  note: ${note}`])].map((words) => line(plainText(words)));
}

/** A quotient may have any number of digits. */
function rounded(usd: number | null): number | null {
  return usd === null ? null : Number(usd.toPrecision(6));
}

function figure(usd: number | null, always: boolean): string {
  if (usd === null) return always ? unknown : '';
  return String(usd);
}

/** The rows with every cell of their files; null is unknown. */
export function pricingShowJson({ prices, offers }: PriceListing): string {
  const rows = offers.map(({ table, kind, name, unit, fields, confidence, date, older, source, note }) => ({
    table,
    placementKind: kind,
    name,
    priceUnit: unit,
    ...fields,
    confidence,
    date,
    olderThanSnapshot: older,
    source,
    note,
  }));
  return jsonText({ schemaVersion: '1.0.0', prices, rows });
}

/** The rows with every cell of their files, an empty one where it is unknown; the columns of all tables shown. */
export function pricingShowCsv({ offers }: PriceListing): string {
  const own = [...new Set(offers.flatMap(({ cells }) => Object.keys(cells)))];
  const header = ['table', 'placement_kind', 'price_unit', ...own, 'confidence', 'date', 'source', 'note'];
  const rows = offers.map(({ table, kind, unit, cells, confidence, date, source, note }) => [
    table,
    kind,
    unit,
    ...own.map((name) => cellText(cells[name] ?? null)),
    confidence,
    date,
    source,
    note,
  ]);
  return csvText(header, rows);
}

function cellText(value: ListedOffer['cells'][string]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? listText(value) : String(value ?? '');
}

/** Snapshots, oldest first, and how old each is on the day asked about. */
export type SnapshotList = { asOf: string; snapshots: readonly (Coverage & { ageDays: number })[] };

/** One line for each snapshot, and below it what its tables hold and where they come from. */
export function pricingListTable({ asOf, snapshots }: SnapshotList, width: number): string {
  const columns = [
    ...textColumns('snapshot', `age on ${asOf}`),
    ...numberColumns(...snapshotTables.map((name) => `${name} rows`)),
  ];
  const rows = snapshots.map(({ date, ageDays, rows }) => [
    date,
    ageText({ snapshot: date, asOf, ageDays }),
    ...snapshotTables.map((name) => String(rows[name] ?? unknown)),
  ]);
  const about = snapshots.flatMap(({ date, coverage, sources }) => [
    gap,
    line(date),
    ...[...coverage, ...sources.map((source) => `source: ${source}`)].map((words) => indented(plainText(words), 2)),
  ]);
  return sheetText([table(columns, rows), ...about], width);
}

/** The same with the notes of each snapshot. */
export function pricingListJson({ asOf, snapshots }: SnapshotList): string {
  return jsonText({ schemaVersion: '1.0.0', asOf, snapshots });
}
