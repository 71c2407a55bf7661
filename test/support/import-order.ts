import { readFileSync } from 'node:fs';
import { readNames } from '../../src/tables/importers/format.js';
import {
  type ImportFormatName,
  type ImportOrder,
  importFormats,
  importPrices,
} from '../../src/tables/importers/import-prices.js';
import { loadTables } from '../../src/tables/load.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import { shipped } from './load.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

export const namesText = read('../../pricing/import/names.csv');

/** The hand-made file in the shape of each format. */
export const fixtures: Readonly<Record<ImportFormatName, string>> = {
  litellm: read('../fixtures/import/litellm.json'),
  'genai-prices': read('../fixtures/import/genai-prices.json'),
  skypilot: read('../fixtures/import/aws/vms.csv'),
};

/** Imports a text (by default the hand-made one) as of 2026-08-21. */
export async function imported(format: ImportFormatName, text = fixtures[format], more: Partial<ImportOrder> = {}) {
  return importPrices({
    format,
    file: 'prices',
    text,
    source: 'prices',
    date: '2026-08-21',
    providers: importFormats[format] === importFormats.skypilot ? ['aws'] : [],
    names: readNames('names.csv', namesText).names,
    base: await shipped(),
    ...more,
  });
}

/** The tables that `--pricing <folder>` would read after an import. */
export async function importedTables(
  format: ImportFormatName,
  text?: string,
  more?: Partial<ImportOrder>,
): Promise<{ tables: Tables; prose: Prose }> {
  const { imported: made, problems } = await imported(format, text, more);
  if (made === null) throw new Error(JSON.stringify(problems, null, 1));
  const files = made.files.map((file) => ({ file: file.name, text: file.text }));
  const { tables, prose, problems: found } = loadTables(files, await shipped());
  if (tables === null || prose === null) throw new Error(JSON.stringify(found, null, 1));
  return { tables, prose };
}
