import { isUtf8 } from 'node:buffer';
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
import { type Given, report } from '../command-entry.js';
import {
  fileProblem,
  type Io,
  packagePath,
  type ReadText,
  shownName,
  usageProblem,
  visibleJson,
  visibleText,
} from '../io.js';
import { tool } from '../problems.js';
import { readShippedTables } from '../read-tables.js';
import { writeFolder } from '../write-files.js';

type FetchLimits = { maxBytes: number; timeoutMs: number; maxRedirects: number };

/** Whether a source is an address of the network rather than a file. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

/** An address without what may be secret in it: user, password, query and fragment. */
export function publicUrl(address: string): string {
  if (!URL.canParse(address)) return address.replace(/[?#].*$/, '');
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}

/**
 * The whole text at an address: within a total time, at most `maxBytes` after decompression, over at most
 * `maxRedirects` redirects, with status 200, the announced length, and in UTF-8. Else the problem; no retries.
 */
export async function fetchText(address: string, limits: FetchLimits): Promise<ReadText> {
  const shown = publicUrl(address);
  const refuse = (code: string, message: string, suggestion: string | null = null): ReadText => ({
    text: null,
    problem: fileProblem(code, shown, message, suggestion),
  });
  const signal = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await followed(address, limits.maxRedirects, signal);
    if ('refused' in response) return refuse('not-fetched', response.refused);
    if (response.status !== 200) {
      void response.body?.cancel();
      return refuse('not-fetched', `the server answered ${response.status} ${response.statusText}`.trimEnd());
    }
    const bytes = await body(response, limits.maxBytes);
    if (bytes === null) return refuse('file-too-large', `larger than ${limits.maxBytes} bytes`);
    if (bytes.includes(0) || !isUtf8(bytes)) return refuse('not-utf8', 'not text in UTF-8');
    return { text: new TextDecoder().decode(bytes), problem: null };
  } catch (error) {
    if (signal.aborted) return refuse('not-fetched', `no whole answer within ${limits.timeoutMs / 1000} s`);
    return refuse('not-fetched', `cannot fetch this: ${reason(error)}`, 'download it and import the file');
  }
}

async function followed(
  address: string,
  maxRedirects: number,
  signal: AbortSignal,
): Promise<Response | { refused: string }> {
  let url = new URL(address);
  for (let redirects = 0; ; redirects++) {
    if (!isUrl(url.href)) return { refused: `redirected to ${url.protocol}, which is not followed` };
    const response = await fetch(url, { redirect: 'manual', signal, credentials: 'omit' });
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    void response.body?.cancel();
    if (redirects === maxRedirects) return { refused: `more than ${maxRedirects} redirects` };
    url = new URL(location, url);
  }
}

/** The bytes of a body; null as soon as there are too many. */
async function body(response: Response, maxBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Node wraps what happened ("fetch failed"); the cause says it. */
function reason(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message;
}

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
