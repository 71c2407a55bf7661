import { shiftDecimal } from '../../units/amount.js';
import { type Column, groupsTogether, number } from '../column.js';
import { type SnapshotTable, schemas } from '../columns.js';
import { priceColumns } from '../price-columns.js';
import type { Tables } from '../tables.js';
import { type ImportFormat, type NameRow, namesFor, type Tally, unitPlaces } from './format.js';
import type { Fault, SourceCell, SourceRecord } from './read-json.js';

/** Cells of a row of ours, by header, as they will be written. */
export type OutputRow = Map<string, string>;

const anyNumber = number();

/**
 * The cells of a record in our columns and units. A price that is no number, is negative or out of range is a fault; a
 * price of 0 is not known (a source may mean free, or nothing at all), and so is another figure that cannot be read:
 * both are counted.
 */
export function mappedRow(
  format: ImportFormat,
  record: SourceRecord,
  left: Tally,
): { row: OutputRow; faults: Fault[]; zeros: Set<string> } {
  const columns = new Map<string, Column<unknown>>(
    Object.values(schemas[format.table].columns).map((column) => [column.header, column as Column<unknown>]),
  );
  const row: OutputRow = new Map();
  const faults: Fault[] = [];
  const zeros = new Set<string>();
  for (const { to, from, unit } of format.columns) {
    const key = from.find((each) => record.cells.has(each));
    if (key === undefined) continue;
    const cell = record.cells.get(key) as SourceCell;
    const isPrice = unit?.startsWith('USD');
    const read = unit === undefined ? { text: cell.text.trim() } : inUnit(cell.text, unitPlaces[unit]);
    const result = 'text' in read ? columns.get(to)?.read(ownText(to, read.text)) : read;
    if (result && 'fault' in result) {
      const { code, message } = result.fault;
      if (isPrice) faults.push({ at: cell.at, code, message: `${key}: ${message}` });
      else left.add(`unreadable ${to}`, record.id);
    } else if (isPrice && 'text' in read && Number(read.text) === 0) {
      zeros.add(to);
    } else if ('text' in read && read.text !== '') row.set(to, ownText(to, read.text));
  }
  const further = furtherTiers(format, record, row);
  if (further !== '') row.set('further_tiers', further);
  return { row, faults, zeros };
}

/** Prices above a second prompt size and larger ones, as the column of ours has them. A side that a step leaves out costs what it did. */
function furtherTiers({ columns }: ImportFormat, { cells }: SourceRecord, row: OutputRow): string {
  const below = (side: string) => row.get(`tier_${side}_usd_per_mtok`) ?? row.get(`${side}_usd_per_mtok`);
  let [lastInput, lastOutput] = [below('input'), below('output')];
  const steps: string[] = [];
  const figure = (to: string, place: number): string | undefined => {
    const { from: [key = ''] = [], unit = 'count' } = columns.find((column) => column.to === to) ?? {};
    const text = cells.get(key.replace('tier/1/', `tier/${place}/`))?.text;
    return text === undefined ? undefined : shiftDecimal(Number(text), unitPlaces[unit]).toString();
  };
  for (let place = 2; cells.has(`tier/${place}/above`); place++) {
    const [above, input, output] = [
      figure('tier_above_input_tokens', place),
      figure('tier_input_usd_per_mtok', place),
      figure('tier_output_usd_per_mtok', place),
    ];
    [lastInput, lastOutput] = [input ?? lastInput, output ?? lastOutput];
    steps.push(`${above}=${lastInput}/${lastOutput}`);
  }
  return steps.join(';');
}

function inUnit(text: string, places: number): { text: string } | { fault: { code: string; message: string } } {
  const read = anyNumber(text.trim());
  return 'fault' in read ? read : { text: String(shiftDecimal(read.value, places)) };
}

/** JSON says `true` where our tables say `yes`. */
function ownText(header: string, text: string): string {
  if (header !== 'open_weights') return text;
  return text === 'true' ? 'yes' : text === 'false' ? 'no' : text;
}

type Kept = { row: OutputRow; record: SourceRecord; zones: Set<string> };
export type RowKeeper = { keep: (row: OutputRow, record: SourceRecord) => void; places: () => Map<OutputRow, number> };

/**
 * Keeps one row for each key of a table. Zones of a region become one row with the lowest price; two providers of the
 * source that are one of ours keep apart by the source's full name; the same row twice counts once. Anything else under
 * a key that is taken is a fault.
 */
export function rowKeeper(table: SnapshotTable, refused: Tally, faults: Fault[]): RowKeeper {
  const kept = new Map<string, Kept>();
  const columns = schemas[table].columns as Record<string, { header: string }>;
  const headers = schemas[table].key.map((field) => columns[field]?.header ?? '');
  const keyOf = (row: OutputRow): string => headers.map((header) => row.get(header)).join('\0');

  return {
    places: () => new Map([...kept.values()].map(({ row, record }) => [row, record.at])),
    keep: (row, record) => {
      const zone = record.cells.get('AvailabilityZone')?.text ?? '';
      const first = kept.get(keyOf(row));
      if (!first) kept.set(keyOf(row), { row, record, zones: new Set([zone]) });
      else if (table === 'rental' && !first.zones.has(zone)) {
        first.zones.add(zone);
        mergeZone(first, row);
        refused.add('further zone of a region, whose lowest price is carried', '');
      } else if (figures(row) === figures(first.row)) refused.add('same prices a second time', record.id);
      else {
        const prefix = `${record.provider}/`;
        const fullName = record.id.startsWith(prefix) ? record.id : prefix + record.id;
        const renamed = new Map(row).set('model_id', fullName);
        if (table === 'api' && record.provider !== '' && !kept.has(keyOf(renamed)))
          kept.set(keyOf(renamed), { row: renamed, record, zones: new Set() });
        else faults.push(twice(record, headers.map((header) => row.get(header)).join(' / ')));
      }
    },
  };
}

function mergeZone({ row, zones }: Kept, other: OutputRow): void {
  for (const { header } of priceColumns.rental) {
    const [mine, theirs] = [row.get(header), other.get(header)];
    if (theirs !== undefined && (mine === undefined || Number(theirs) < Number(mine))) row.set(header, theirs);
  }
  row.set('note', `lowest price of ${zones.size} zones`);
}

/** All of a row but where it comes from. */
function figures(row: OutputRow): string {
  return JSON.stringify([...row].filter(([header]) => header !== 'source' && header !== 'note').sort());
}

function twice(record: SourceRecord, key: string): Fault {
  return { at: record.at, code: 'duplicate-key', message: `${key} is defined twice, with different figures` };
}

export type ApiContext = {
  tables: Tables;
  date: string;
  provider: string;
  modelId: string;
  familyOf: (provider: string, id: string) => string | null;
};

/** Columns that mean something together only. */
const groups: readonly (readonly string[])[] = groupsTogether(schemas.api).map(({ columns }) => [
  ...(columns.some(({ header }) => header.startsWith('next_')) ? ['until'] : []),
  ...columns.map(({ header }) => header),
]);

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

  const region = regionOf(modelId, tables);
  if (region !== null) row.set('region', region);
  row.set('provider', provider).set('endpoint_kind', kind).set('model_id', modelId);
  return { row: row.set('family', family) };
}

/** Ids of a cloud's profiles begin with the region they process in: `eu.maker.model`, `global.maker.model`. */
function regionOf(modelId: string, { regionOf: known }: Tables): string | null {
  const [prefix = '', ...rest] = modelId.split('.');
  return rest.length > 1 && known.has(prefix) ? prefix : null;
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

const mibPerGib = 1024;
/** Drivers report a little less than the nominal size, some lists a little more. */
const memoryTolerance = 0.12;

/** Completes a row of an instance, or says why it cannot be one. */
export function rentalRow(
  row: OutputRow,
  record: SourceRecord,
  context: { tables: Tables; format: string; names: readonly NameRow[]; date: string; provider: string },
): { row: OutputRow } | { refused: string; about: string } {
  const { tables, format, names, date, provider } = context;
  const cell = (key: string): string => record.cells.get(key)?.text ?? '';
  const [instance, theirs] = [cell('InstanceType'), cell('AcceleratorName')];
  if (theirs === '') return { refused: 'instance without an accelerator', about: '' };
  if (instance === '') return { refused: 'accelerator without its host: the price is a part only', about: theirs };
  if (!row.has('gpu_count')) return { refused: 'part of an accelerator', about: theirs };

  const asked = { format, provider, instance };
  const named = namesFor(names, { ...asked, kind: 'accelerator', theirs });
  if (named.length === 0) return { refused: 'accelerator not in accelerators.csv', about: theirs };
  const known = named.flatMap((name) => tables.acceleratorOf.get(name) ?? []);
  const found = known.find(({ memoryGib }) => fits(memoryGib, cell('GpuInfo'), Number(row.get('gpu_count'))));
  if (!found) return { refused: 'accelerator with another memory than ours of that name', about: theirs };
  if (found.released.slice(0, 7) > date.slice(0, 7)) return { refused: 'released after the date', about: theirs };

  const [tenancy = 'cloud'] = namesFor(names, { ...asked, kind: 'tenancy', theirs });
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
