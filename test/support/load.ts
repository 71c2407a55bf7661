import { readdirSync, readFileSync } from 'node:fs';
import { loadTables } from '../../src/tables/load.js';
import type { TableFile } from '../../src/tables/parse.js';
import type { Prose, Tables } from '../../src/tables/tables.js';

const pricing = new URL('../../pricing/', import.meta.url);
/** The snapshot the tests know by heart: `vitest.config.ts` sets it for commands. */
export const newestSnapshot = '2026-08-21';

/** Texts of the shipped files of one snapshot and the catalog; without corrections. */
export function shippedFiles(snapshot: string = newestSnapshot): TableFile[] {
  return [snapshot, 'catalog'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, pricing))
      .filter((name) => /\.(csv|yaml)$/.test(name) && name !== 'corrections.csv')
      .map((name) => ({
        file: `pricing/${folder}/${name}`,
        text: readFileSync(new URL(`${folder}/${name}`, pricing), 'utf8'),
      })),
  );
}

/** The newest of the shipped snapshots. */
export const latestSnapshot = '2026-11-10';

const loaded = new Map<string, { tables: Tables; prose: Prose }>();

/** Shipped tables, read from pricing/ once per test file. */
export async function shipped(snapshot: string = newestSnapshot): Promise<{ tables: Tables; prose: Prose }> {
  let known = loaded.get(snapshot);
  if (known === undefined) {
    const { tables, prose, problems } = loadTables(shippedFiles(snapshot));
    if (tables === null || prose === null) throw new Error(`shipped tables: ${JSON.stringify(problems[0])}`);
    known = { tables, prose };
    loaded.set(snapshot, known);
  }
  return known;
}

/** The newest shipped tables, for tests of what stands on them. */
export async function shippedTables(): Promise<Tables> {
  return (await shipped()).tables;
}
