import type { DateText } from './rows.js';

/** Whether a row's date lies before its snapshot's: as far as it is written, since a month may be all that is known. */
export function isOlder(rowDate: DateText, snapshot: DateText): boolean {
  return rowDate !== '' && rowDate < snapshot.slice(0, rowDate.length);
}
