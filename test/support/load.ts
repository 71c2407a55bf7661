import { readdirSync, readFileSync } from 'node:fs';
import { loadTables } from '../../src/tables/load.js';
import type { TableFile } from '../../src/tables/table-file.js';
import type { Prose, Tables } from '../../src/tables/tables.js';

const pricing = new URL('../../pricing/', import.meta.url);
/** The snapshot the tests know by heart. */
export const newestSnapshot = '2026-08-21';

/** Texts of the shipped files of one snapshot and the catalog. */
export function shippedFiles(snapshot: string = newestSnapshot): TableFile[] {
  return [snapshot, 'catalog', 'catalog/guides'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, pricing))
      .filter((name) => /\.(csv|yaml)$/.test(name))
      .map((name) => ({
        file: `pricing/${folder}/${name}`,
        text: readFileSync(new URL(`${folder}/${name}`, pricing), 'utf8'),
      })),
  );
}

let loaded: { tables: Tables; prose: Prose } | null = null;

/** The newest shipped tables, read from pricing/ once per test file. */
export async function shipped(): Promise<{ tables: Tables; prose: Prose }> {
  if (loaded === null) {
    const { tables, prose, problems } = loadTables(shippedFiles());
    if (tables === null || prose === null) throw new Error(`shipped tables: ${JSON.stringify(problems[0])}`);
    loaded = { tables, prose };
  }
  return loaded;
}

/** The newest shipped tables, for tests of what stands on them. */
export async function shippedTables(): Promise<Tables> {
  return (await shipped()).tables;
}
