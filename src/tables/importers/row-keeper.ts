import { type SnapshotTable, schemas } from '../columns.js';
import type { OutputRow } from './mapped-row.js';
import type { Fault } from './read-json.js';
import type { SourceRecord } from './source-text.js';
import type { Tally } from './tally.js';

type Kept = { row: OutputRow; record: SourceRecord; zones: Set<string> };
export type RowKeeper = { keep: (row: OutputRow, record: SourceRecord) => void; places: () => Map<OutputRow, number> };

const hourly = ['on_demand_usd_per_hour', 'spot_usd_per_hour'] as const;

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
  for (const header of hourly) {
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
  return { at: record.at, code: 'duplicate-key', message: `${key} stands twice, with different figures` };
}
