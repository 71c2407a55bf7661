import { shiftDecimal } from '../../units/amount.js';
import { groupsTogether, number } from '../column.js';
import { priceColumns, type SnapshotTable, schemas } from '../columns.js';
import type { Tables } from '../tables.js';
import type { Fault, SourceRecord } from './format.js';
import {
  familyFinder,
  type ImportFormat,
  type LeftOut,
  type NameRow,
  namesFor,
  providerNamed,
  type Tally,
  tally,
  unitPlaces,
} from './format.js';

/** Cells of a row of ours, by header, as they will be written. */
export type OutputRow = Map<string, string>;

type CarryContext = {
  format: ImportFormat & { name: string };
  tables: Tables;
  names: readonly NameRow[];
  date: string;
  source: string;
  /** Names, ours or the format's, of the providers wanted; none: all. */
  providers: readonly string[];
};
type Carried = LeftOut & {
  /** Each row with where it stands in the source. */
  rows: ReadonlyMap<OutputRow, number>;
  faults: Fault[];
};

/** A row, or why there is none. */
type Made = { row: OutputRow } | { refused: string; about: string };
const refuse = (refused: string, about: string): Made => ({ refused, about });

/** The rows that our layout can hold; every other record is counted by reason, or a fault. */
export function carriedRows(records: readonly SourceRecord[], context: CarryContext): Carried {
  const { format, tables, names, source, date } = context;
  const faults: Fault[] = [];
  const [refused, left] = [tally(), tally()];
  const unrated = new Set<string>();
  const familyOf = familyFinder(tables);
  const { keep, rows } = rowKeeper(format.table, refused, faults);
  const ours = (theirs: string): string | null => providerNamed(names, format.name, theirs, tables)?.provider ?? null;
  const wanted = new Set(context.providers.flatMap((name) => [name, ours(name) ?? name]));

  /** Null if a figure of it is at fault. */
  const made = (record: SourceRecord): Made | null => {
    const { cells, id } = record;
    if (record.misfit !== undefined) return refuse(record.misfit, id);
    const theirs = record.provider || (context.providers[0] ?? '');
    const provider = ours(theirs);
    if (wanted.size > 0 && !wanted.has(theirs) && !wanted.has(provider ?? ''))
      return refuse('provider not asked for', theirs);
    for (const { key, values, reason } of format.needs) {
      const value = cells.get(key)?.text;
      if (value === undefined || !values.includes(value)) return refuse(reason, value ?? `no ${key}`);
    }
    const isBilled = (keys: RegExp) => [...cells].some(([key, { text }]) => keys.test(key) && Number(text) !== 0);
    const refusal = format.refuses.find(({ keys }) => isBilled(keys));
    if (refusal !== undefined) return refuse(refusal.reason, id);
    if (provider === null) return refuse('provider not in providers.csv', theirs || 'none');

    const { row, zeros, wrong } = mappedRow(format, record, left);
    faults.push(...wrong);
    if (wrong.length > 0) return null;
    const hourly = priceColumns.rental.some(({ header }) => row.has(header));
    const sides = priceColumns.api.flatMap(({ header, required }) => (required ? [header] : []));
    if (format.table === 'rental' && !hourly) return refuse('no price', id);
    if (sides.some((side) => zeros.has(side))) return refuse('price of 0: free of charge, or not known', id);
    if (format.table === 'api' && !sides.every((side) => row.has(side))) return refuse('no price per token', id);

    const completed =
      format.table === 'rental' ? rentalRow(row, record, context, provider) : completedApi(row, record, provider);
    if ('refused' in completed) return completed;
    for (const zero of zeros) left.add(`${zero}: 0 in the source, so unknown`, id);
    for (const key of unusedPrices(format, record)) left.add(`no column for ${key}`, id);
    return completed;
  };

  /** Completes a row of prices per token. */
  const completedApi = (row: OutputRow, { id }: SourceRecord, provider: string): Made => {
    const [first = '', ...rest] = id.split('/');
    const modelId = format.idsNameProvider && ours(first) === provider ? rest.join('/') || id : id;
    const kinds = tables.providerOf.get(provider)?.kinds ?? [];
    const [isClosed, isOpen] = [kinds.includes('cloud-api'), kinds.includes('open-model-api')];
    if (!isClosed && !isOpen) return refuse('provider has no API in providers.csv', id);
    // A provider of closed and of open models is a marketplace.
    const kind = isOpen ? (isClosed ? 'cloud-marketplace' : 'open-model-host') : 'first-party';
    // Above a prompt size, what a source leaves out costs what it costs below.
    for (const [side, other] of [sidesOf, [...sidesOf].reverse()])
      if (row.has(`tier_${other}`) && !row.has(`tier_${side}`)) row.set(`tier_${side}`, row.get(side as string) ?? '');
    for (const group of groups) {
      const filled = group.filter((header) => row.has(header));
      if (filled.length === 0 || filled.length === group.length) continue;
      for (const header of filled) row.delete(header);
      left.add(`${group.find((header) => header !== 'until')} without the figures that belong to it`, id);
    }
    const family = familyOf(provider, id) ?? modelId;
    const known = tables.capabilityOf.get(family);
    const released = [known?.released, tables.modelOf.get(family)?.released].filter((each) => typeof each === 'string');
    if (isLater(released.sort()[0], date)) return refuse('released after the date', id);
    row.set('open_weights', known?.openWeights ? 'yes' : 'no');
    if (!known) {
      unrated.add(family);
      row.set('note', 'open weights not stated, taken as no');
    }
    // Ids of a cloud's profiles begin with their region: `eu.maker.model`, `global.maker.model`.
    const [region = '', ...after] = modelId.split('.');
    if (after.length > 1 && tables.regionOf.has(region)) row.set('region', region);
    row.set('provider', provider).set('endpoint_kind', kind).set('model_id', modelId);
    return { row: row.set('family', family) };
  };

  for (const record of records) {
    const result = made(record);
    if (result === null) continue;
    if ('refused' in result) refused.add(result.refused, result.about);
    else {
      const own = result.row.get('source');
      keep(
        result.row.set('source', own ? `${source}: ${own.replace(/\s+/g, ' ')}` : source).set('confidence', 'medium'),
        record,
      );
    }
  }
  const counts = { notCarried: refused.counts(), figuresLeft: left.counts() };
  return { rows: rows(), faults, ...counts, unrated: [...unrated].sort() };
}

const isLater = (released: string | undefined, date: string): boolean =>
  released !== undefined && released.slice(0, 7) > date.slice(0, 7);

/** Prices that no column of ours takes, so that they can be counted. */
function unusedPrices({ prices, columns }: ImportFormat, { cells }: SourceRecord): string[] {
  const used = new Set(columns.flatMap(({ from }) => from));
  const plain = (key: string): string => key.replace(/^tier\/\d+\//, 'tier/1/');
  return [...cells].flatMap(([key, { text }]) =>
    prices.test(key) && !used.has(plain(key)) && Number(text) !== 0 ? [key] : [],
  );
}

const anyNumber = number();

/**
 * The cells of a record in our columns and units. A price that is no number, negative or out of range is a fault; a
 * price of 0 (free, or missing) and another unreadable figure are unknown, and counted.
 */
function mappedRow(format: ImportFormat, { cells, id }: SourceRecord, left: Tally) {
  const columns = new Map(Object.values(schemas[format.table].columns).map((column) => [column.header, column.read]));
  const row: OutputRow = new Map();
  const wrong: Fault[] = [];
  const zeros = new Set<string>();
  for (const { to, from, unit } of format.columns) {
    const cell = cells.get(from);
    if (cell === undefined) continue;
    const isPrice = unit?.startsWith('USD');
    const read = unit === undefined ? { value: cell.text.trim() } : inUnit(cell.text, unitPlaces[unit]);
    const result = 'value' in read ? columns.get(to)?.(String(read.value)) : read;
    if (result && 'fault' in result) {
      const { code, message } = result.fault;
      if (isPrice) wrong.push({ at: cell.at, code, message: `${from}: ${message}` });
      else left.add(`unreadable ${to}`, id);
    } else if ('value' in read) {
      if (isPrice && Number(read.value) === 0) zeros.add(to);
      else if (read.value !== '') row.set(to, String(read.value));
    }
  }
  const further = furtherTiers(format, cells, row);
  if (further !== '') row.set('further_tiers', further);
  return { row, zeros, wrong };
}

function inUnit(text: string, places: number): ReturnType<typeof anyNumber> {
  const read = anyNumber(text.trim());
  return 'fault' in read ? read : { value: shiftDecimal(read.value, places) };
}

/** Prices above the second and further prompt sizes, in our column. A side that a step leaves out is unchanged. */
function furtherTiers({ columns }: ImportFormat, cells: SourceRecord['cells'], row: OutputRow): string {
  let last = sidesOf.map((side) => row.get(`tier_${side}`) ?? row.get(side));
  const steps: string[] = [];
  const figure = (to: string, place: number): string | undefined => {
    const { from = '', unit = 'count' } = columns.find((column) => column.to === to) ?? {};
    const text = cells.get(from.replace('tier/1/', `tier/${place}/`))?.text;
    return text === undefined ? undefined : shiftDecimal(Number(text), unitPlaces[unit]).toString();
  };
  for (let place = 2; cells.has(`tier/${place}/above`); place++) {
    last = sidesOf.map((side, at) => figure(`tier_${side}`, place) ?? last[at]);
    steps.push(`${figure('tier_above_input_tokens', place)}=${last.join('/')}`);
  }
  return steps.join(';');
}

const sidesOf = ['input_usd_per_mtok', 'output_usd_per_mtok'] as const;

/** Columns that mean something together only. */
const groups: readonly (readonly string[])[] = groupsTogether(schemas.api).map(({ columns }) => [
  ...(columns.some(({ header }) => header.startsWith('next_')) ? ['until'] : []),
  ...columns.map(({ header }) => header),
]);

/**
 * Keeps one row for each key of a table. Zones of a region become one row with the lowest price; two providers of the
 * source that are one of ours keep separate by their full name; an equal row counts once. Any other duplicate is a
 * fault.
 */
function rowKeeper(table: SnapshotTable, refused: Tally, faults: Fault[]) {
  const kept = new Map<string, { row: OutputRow; record: SourceRecord; zones: Set<string> }>();
  const columns = schemas[table].columns as Record<string, { header: string }>;
  const headers = schemas[table].key.map((field) => columns[field]?.header ?? '');
  const keyOf = (row: OutputRow): string => headers.map((header) => row.get(header)).join(' / ');
  return {
    rows: () => new Map([...kept.values()].map(({ row, record }) => [row, record.at])),
    keep: (row: OutputRow, record: SourceRecord): void => {
      const zone = record.cells.get('AvailabilityZone')?.text ?? '';
      const key = keyOf(row);
      const first = kept.get(key);
      if (!first) kept.set(key, { row, record, zones: new Set([zone]) });
      else if (table === 'rental' && !first.zones.has(zone)) {
        for (const { header } of priceColumns.rental) {
          const prices = [first.row.get(header), row.get(header)].flatMap((price) => price ?? []);
          const [least] = prices.sort((a, b) => Number(a) - Number(b));
          if (least !== undefined) first.row.set(header, least);
        }
        first.row.set('note', `lowest price of ${first.zones.add(zone).size} zones`);
        refused.add('further zone of a region, whose lowest price is carried', '');
      } else if (figures(row) === figures(first.row)) refused.add('same prices a second time', record.id);
      else {
        const prefix = `${record.provider}/`;
        const fullName = record.id.startsWith(prefix) ? record.id : prefix + record.id;
        const renamed = new Map(row).set('model_id', fullName);
        const isNew = table === 'api' && record.provider !== '' && !kept.has(keyOf(renamed));
        if (isNew) kept.set(keyOf(renamed), { row: renamed, record, zones: new Set() });
        else {
          const message = `${key} is defined twice, with different figures`;
          faults.push({ at: record.at, code: 'duplicate-key', message });
        }
      }
    },
  };
}

/** All of a row but where it comes from. */
const figures = (row: OutputRow): string =>
  JSON.stringify([...row].filter(([header]) => header !== 'source' && header !== 'note').sort());

const mibPerGib = 1024;
/** Drivers report a little less than the nominal size, some lists a little more. */
const memoryTolerance = 0.12;

/** Completes a row of an instance, or says why it cannot be one. */
function rentalRow(
  row: OutputRow,
  { cells }: SourceRecord,
  { tables, format, names, date }: CarryContext,
  provider: string,
): Made {
  const cell = (key: string): string => cells.get(key)?.text ?? '';
  const [instance, theirs] = [cell('InstanceType'), cell('AcceleratorName')];
  if (theirs === '') return refuse('instance without an accelerator', '');
  if (instance === '') return refuse('accelerator without its host: the price is a part only', theirs);
  if (!row.has('gpu_count')) return refuse('part of an accelerator', theirs);
  const asked = { format: format.name, provider, instance, theirs };
  const named = namesFor(names, { ...asked, kind: 'accelerator' });
  if (named.length === 0) return refuse('accelerator not in accelerators.csv', theirs);
  const known = named.flatMap((name) => tables.acceleratorOf.get(name) ?? []);
  const found = known.find(({ memoryGib }) => fits(memoryGib, cell('GpuInfo'), Number(row.get('gpu_count'))));
  if (!found) return refuse('accelerator with another memory than ours of that name', theirs);
  if (isLater(found.released, date)) return refuse('released after the date', theirs);
  const [tenancy = 'cloud'] = namesFor(names, { ...asked, kind: 'tenancy' });
  row.set('as_of', date).set('provider', provider).set('accelerator', found.accelerator);
  return { row: row.set('tenancy', tenancy) };
}

/** Lists give the memory of one accelerator, or of all in the instance, or none. */
function fits(memoryGib: number, gpuInfo: string, count: number): boolean {
  const [, mib] = /'SizeInMiB':\s*(\d+(?:\.\d+)?)/.exec(gpuInfo) ?? [];
  if (mib === undefined) return true;
  const gib = Number(mib) / mibPerGib;
  return [gib, gib / count].some((each) => Math.abs(each / memoryGib - 1) <= memoryTolerance);
}
