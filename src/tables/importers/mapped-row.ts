import { shiftDecimal } from '../../units/amount.js';
import { number } from '../cell.js';
import type { Column } from '../column.js';
import { schemas } from '../columns.js';
import { type ImportFormat, unitPlaces } from './import-format.js';
import type { Fault } from './read-json.js';
import type { SourceCell, SourceRecord } from './source-text.js';
import type { Tally } from './tally.js';

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
  return { row, faults, zeros };
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
