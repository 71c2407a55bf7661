import type { Problem } from '../units/problem.js';
import { warningOf } from './answer.js';
import { isTracked, type Revision } from './git.js';
import type { Io } from './io.js';
import { namesSnapshot } from './read-tables.js';
import type { WorkloadOptions } from './read-workload.js';

type Asked = WorkloadOptions & { baselinePricing?: string };

/**
 * How the prices of a revision are read. Those that it cannot have are no part of the change: they hold as they are now
 * for both sides, or a contract that is kept out of git would seem to be signed by every change.
 */
export async function heldPrices(
  now: Io,
  revision: Revision,
  { baselinePricing, priceBook, ...rest }: Asked,
): Promise<{ io: Io; options: WorkloadOptions; problems: Problem[] }> {
  const { io: then } = revision;
  const pricing = baselinePricing ?? rest.pricing;
  const folder = folderHeld(now, revision, pricing);
  const book = await bookHeld(revision, priceBook);
  const own = pricing?.replace(/[/\\]+$/, '');
  const inFolder = (file: string): boolean => folder !== null && (file === pricing || file.startsWith(`${own}/`));
  const isHeld = (file: string): boolean => inFolder(file) || (typeof book === 'string' && file === priceBook);
  const problems = [
    ...(typeof book === 'string' && priceBook !== undefined ? [told(priceBook, book, revision.name)] : []),
    // A folder that is named for the baseline, and that git cannot have, is meant as it is.
    ...(folder !== null && baselinePricing === undefined ? [told(String(pricing), folder, revision.name)] : []),
  ];
  return {
    io: {
      ...then,
      readText: (file, maxBytes) => (isHeld(file) ? now : then).readText(file, maxBytes),
      listFolder: (name) => (inFolder(name) ? now : then).listFolder(name),
    },
    options: { ...rest, pricing, priceBook: book === false ? undefined : priceBook },
    problems,
  };
}

/** Where a price book is of which the revision says nothing; true: it has it; false: there was none. */
async function bookHeld({ io, outOfReach }: Revision, book: string | undefined): Promise<string | boolean> {
  if (book === undefined) return false;
  if (book === '-') return 'standard input';
  const { problem } = await io.readText(book);
  if (problem?.code !== 'file-not-found') return true;
  // Unlike a scenario, a book that nobody added is seldom about to be: a job puts it there.
  return outOfReach(book) ?? (isTracked(book) ? false : 'not tracked by git');
}

/** Where a folder of prices is that the revision cannot have; null: it has it, or there was none. */
function folderHeld(now: Io, { io, outOfReach }: Revision, folder: string | undefined): string | null {
  const isFolder = folder !== undefined && !namesSnapshot(folder) && now.listFolder(folder) !== null;
  return isFolder && io.listFolder(folder) === null ? outOfReach(`${folder}/snapshot.yaml`) : null;
}

const told = (file: string, where: string, revision: string): Problem =>
  warningOf(
    'baseline-held',
    file,
    `it is ${where}, so what it was as of ${revision} is unknown: both sides are judged by it as it is now`,
  );
