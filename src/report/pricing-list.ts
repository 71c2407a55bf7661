import { snapshotTables } from '../tables/columns.js';
import type { Coverage } from '../tables/coverage.js';
import { grid } from './grid.js';
import { jsonText } from './json-text.js';
import { plainText } from './plain-text.js';
import { ageText } from './price-date.js';
import { wrap } from './wrap.js';

/** Snapshots, oldest first, and how old each is on the day asked about. */
export type SnapshotList = { asOf: string; snapshots: readonly (Coverage & { ageDays: number })[] };

const unknown = '?';

/** One line for each snapshot, and below it what its tables hold and where they come from. */
export function pricingListTable({ asOf, snapshots }: SnapshotList, width: number): string {
  const columns = [
    { title: 'snapshot' },
    { title: `age on ${asOf}` },
    ...snapshotTables.map((title) => ({ title: `${title} rows`, number: true as const })),
  ];
  const rows = snapshots.map(({ date, ageDays, rows }) => [
    date,
    ageText({ snapshot: date, asOf, ageDays }),
    ...snapshotTables.map((table) => String(rows[table] ?? unknown)),
  ]);
  const details = snapshots.map(({ date, coverage, sources }) => {
    const lines = [...coverage, ...sources.map((source) => `source: ${source}`)];
    return `${date}\n${lines.flatMap((line) => hanging(plainText(line), width)).join('')}`;
  });
  return [grid(columns, rows), ...details].join('\n');
}

function hanging(text: string, width: number): string[] {
  return wrap(text, Math.max(20, width - 4)).map((line, at) => `${at === 0 ? '  ' : '    '}${line}\n`);
}

/** The same with the notes of each snapshot. */
export function pricingListJson({ asOf, snapshots }: SnapshotList): string {
  return jsonText({ schemaVersion: '1.0.0', asOf, snapshots });
}
