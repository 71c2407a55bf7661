import type { DateText } from './rows.js';
import type { RowsByTable } from './tables.js';

/** What is wrong with one row, by the column it shows in. */
export type Complaint = { header: string; code: string; message: string; severity?: 'warning' };

/** What a row is judged by beside itself. */
export type Around = { rows: RowsByTable; date: DateText | ''; cell: (header: string) => string };
