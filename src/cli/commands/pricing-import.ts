import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../report/numbers.js';
import { countText, type ImportFormat, readNames } from '../../tables/importers/format.js';
import {
  type Imported,
  type ImportFormatName,
  importFormats,
  importPrices,
} from '../../tables/importers/import-prices.js';
import type { Problem } from '../../units/problem.js';
import type { pricingImportCommand } from '../catalog-commands.js';
import type { Given } from '../command-entry.js';
import { report } from '../command-entry.js';
import { fetchText, isUrl, publicUrl } from '../fetch-text.js';
import { fileProblem, type Io, packagePath, shownName, usageProblem, visibleJson, visibleText } from '../io.js';
import { tool } from '../problems.js';
import { readShippedTables } from '../read-tables.js';
import { writeFolder } from '../write-files.js';

const schemaVersion = '1.0.0';
const maxBytes = 50 * 1024 * 1024;
const limits = { maxBytes, timeoutMs: 60_000, maxRedirects: 5 };
const namesFile = 'pricing/import/names.csv';
const shownFamilies = 10;

/**
 * `pricing import <format> <file|url> -o <folder>`: writes a snapshot folder from another tool's price file. Its
 * content goes to stdout; left-out rows with reasons to stderr. With an error nothing is written.
 */
export async function runPricingImport(
  io: Io,
  options: Given<ReturnType<typeof pricingImportCommand>>,
  format: ImportFormatName,
): Promise<void> {
  const { source, output: folder } = options;
  if (folder === undefined) {
    const message = 'an import needs a file or address to read, and a folder to write: -o <folder>';
    return report(io, options, [usageProblem(message)]);
  }
  const taken = folderTaken(io, folder);
  if (taken) return report(io, options, [taken]);

  const read = isUrl(source) ? await fetchText(source, limits) : await io.readText(source, maxBytes);
  if (read.problem) return report(io, options, [read.problem]);
  const [shipped, names] = await Promise.all([readShippedTables(), io.readText(packagePath(namesFile))]);
  if (shipped.tables === null || names.problem) throw new Error('the shipped tables cannot be read');

  const file = isUrl(source) ? publicUrl(source) : shownName(source);
  const providers = options.provider ?? [];
  const { oneProvider }: ImportFormat = importFormats[format];
  const guessed = oneProvider && providers.length === 0 ? folderName(file) : null;
  if (oneProvider && guessed === null && providers.length !== 1) {
    const message = 'this format does not say whose prices these are: name one provider, --provider <name>';
    return report(io, options, [fileProblem('usage', file, message)]);
  }
  const { imported, problems } = importPrices({
    format,
    file,
    text: read.text,
    // Local folders and secrets of an address must not be in a shared file.
    source: isUrl(source)
      ? file
      : file
          .split(/[/\\]/)
          .slice(oneProvider ? -2 : -1)
          .join('/'),
    date: options.date ?? io.today(),
    providers: guessed === null ? providers : [guessed],
    names: readNames(namesFile, names.text).names,
    base: { tables: shipped.tables, prose: await shipped.prose() },
  });
  if (imported === null) return report(io, options, problems);
  const written = imported.files.map(({ name, text }) => ({ path: join(folder, name), text }));
  const unwritten = writeFolder(io, folder, written);
  if (unwritten.length > 0) return report(io, options, unwritten);
  io.err(leftOut(imported));
  io.out(options.format === 'json' ? json(imported, folder) : summary(imported, folder));
}

/** Released snapshots are never edited, so neither is one that is already there. */
function folderTaken(io: Io, folder: string): Problem | null {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    return fileProblem('not-a-folder', folder, 'this is a file: a snapshot is a folder', 'name a new folder');
  const present = (io.listFolder(folder) ?? []).filter((name) => /\.(csv|yaml)$/.test(name));
  if (present.length === 0) return null;
  const message = `this folder already holds ${present.slice(0, 3).join(', ')}`;
  return fileProblem('folder-not-empty', folder, message, 'name a new folder');
}

/** Where files hold one provider's prices, the folder is named after it. */
function folderName(file: string): string | null {
  return file.split(/[/\\]/).at(-2) || null;
}

function leftOut({ notCarried, figuresLeft, unrated }: Imported): string {
  const lines = [
    ...notCarried.map((count) => `not carried, ${countText(count)}`),
    ...figuresLeft.map((count) => `without a figure, ${countText(count)}`),
  ];
  if (unrated.length > 0) {
    const shown = unrated.slice(0, shownFamilies).join(', ');
    const more = unrated.length > shownFamilies ? ', …' : '';
    lines.push(`of unknown capability, so never recommended: ${counted(unrated.length, 'model')} (${shown}${more})`);
  }
  return lines.map((line) => `${visibleText(line)}\n`).join('');
}

function summary({ rows }: Imported, folder: string): string {
  const lines = Object.entries(rows).map(
    ([table, count]) => `  ${`${table}.csv`.padEnd(20)}${String(count).padStart(6)}`,
  );
  return `${[visibleText(folder), ...lines].join('\n')}\n`;
}

function json({ rows, notCarried, figuresLeft, unrated }: Imported, folder: string): string {
  return `${visibleJson({ schemaVersion, tool, folder, rows, notCarried, figuresLeft, unrated })}\n`;
}
