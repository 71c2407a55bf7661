import { type SnapshotTable, schemas, snapshotTables } from './columns.js';
import type { Manifest } from './manifest.js';

/** What one snapshot holds, by its own account. */
export type Coverage = {
  date: string;
  /** Rows by table; null where the manifest does not say. */
  rows: { [Table in SnapshotTable]: number | null };
  sources: string[];
  coverage: string[];
  notes: string[];
};

/** The date, rows and sources that a snapshot's manifest states. */
export function coverageOf({ date, files, sources, coverage, notes }: Manifest): Coverage {
  const rows = snapshotTables.map((table) => [table, files[schemas[table].file]?.rows ?? null] as const);
  return { date, rows: Object.fromEntries(rows) as Coverage['rows'], sources, coverage, notes };
}
