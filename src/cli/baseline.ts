import path from 'node:path';
import { keptResults } from '../analyses/check/rules.js';
import { type Compared, decide, type Judge, judgedBy } from '../analyses/compare/compare.js';
import { readResults } from '../analyses/compare/read-result.js';
import type { Decision } from '../decide/decision.js';
import { bookLabels } from '../tables/price-book/price-book.js';
import type { Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import type { ReadScenario } from '../workload/read.js';
import { warningOf } from './command-entry.js';
import { atRevision, isTracked, type Revision } from './git.js';
import { type Io, maxResultBytes, shownName } from './io.js';
import { tool } from './problems.js';
import { namesSnapshot } from './read-tables.js';
import { readPriced, readScenarioFile, type WorkloadOptions } from './read-workload.js';

/** The earlier scenario: decided again from its files, or a stored result; null: none. */
type Before = {
  before: Compared | null;
  /** Why its earlier state is unknown; null: known. */
  untold: string | null;
  problems: Problem[];
};

/** What scenarios are compared with. */
export type Baseline = {
  name: string;
  of(file: string, read: ReadScenario, now: Decision): Promise<Before>;
  /** What is said where it has none of all scenarios. */
  unmatched?: Problem;
};

/** A baseline, or why there is none; with warnings. */
export type ReadBaseline = { baseline: Baseline | null; problems: Problem[] };

/** What was broken before does not keep a change from being checked that mends it. */
function unreadThen(file: string, baseline: string, why: string, suggestion: string | null = null): Before {
  const message = `as of ${baseline} it cannot be read, so nothing is compared: ${why}`;
  return { before: null, untold: null, problems: [warningOf('baseline-unread', file, message, suggestion)] };
}

/** Results kept in a file. */
export async function keptBaseline(io: Io, from: string, files: readonly string[]): Promise<ReadBaseline> {
  const name = shownName(from);
  const { text, problem } = await io.readText(from, maxResultBytes);
  if (text === null) return { baseline: null, problems: [problem] };
  const { problems, ...kept } = readResults(text, name);
  const find = keptResults(kept, files.map(oneName), oneName);
  const of: Baseline['of'] = async (file, _, now) => {
    const { decision, untold, unlike, unread } = find({ file: oneName(file), name: now.scenario.name });
    if (unread) return unreadThen(file, name, 'it has its mistakes in place of a result');
    if (decision === null) return nothing(file, name, untold);
    const { scenario } = decision;
    // Compared all the same: whoever names one result and one scenario means that.
    const other = `it is compared with a result of ${scenario.file}, \`${scenario.name}\``;
    const problems = unlike ? [warningOf('baseline-other', file, other)] : [];
    return { before: { name, decision, judged: null }, untold: null, problems };
  };
  const held = kept.decided.map(({ scenario }) => scenario.file).join(', ');
  const message = `holds none of these scenarios, so nothing is compared: ${held}`;
  const unmatched = warningOf('baseline-unmatched', name, message);
  return { baseline: { name, of, unmatched }, problems };
}

/** A file by one name, however it was written; null: standard input, which has none. */
const oneName = (file: string): string | null =>
  file === '-' || file === '<stdin>' ? null : path.relative(process.cwd(), path.resolve(file));

/** It may be there, and git cannot get at it. */
const unreachable = 'not-readable';

const isError = ({ severity }: Problem): boolean => severity === 'error';

/** The files as they were in a revision, decided by the same rules on the same day. */
export async function revisionBaseline(
  io: Io,
  name: string,
  options: WorkloadOptions & { baselinePricing?: string },
  now: Judge,
): Promise<ReadBaseline> {
  const { revision, problem } = atRevision(io, name);
  if (revision === null) return { baseline: null, problems: [problem] };
  const held = await pricesAtRevision(io, revision, options);
  const priced = await readPriced(held.io, held.options, true);
  const { tables } = priced;
  if (tables === null && options.baselinePricing !== undefined) return { baseline: null, problems: priced.problems };
  const errors = priced.problems.filter(isError);
  const why = errors.map(({ file, message }) => `${file}: ${message}`).join('; ');
  if (tables === null || errors.length > 0) {
    // Other prices help if these are missing; the user's price book works with any.
    const suggestion = tables === null ? `name prices to judge ${name} by: --baseline-pricing <date|folder>` : null;
    const of: Baseline['of'] = async (file) =>
      errors.some(({ code }) => code === unreachable)
        ? nothing(file, name, why)
        : unreadThen(file, name, why, suggestion);
    return { baseline: { name, of }, problems: held.problems };
  }
  const shared = { ...priced, asOf: now.asOf };
  const of: Baseline['of'] = async (file, read, decidedNow) => {
    const { scenario, problems, judge: own } = await readScenarioFile(revision.io, file, held.options, shared);
    if (scenario === null || own.tables === null) {
      const why = problems.map(({ message }) => message).join('; ');
      const [code] = problems.map((one) => one.code);
      if (code === unreachable) return nothing(file, name, why);
      if (code !== 'file-not-found') return unreadThen(file, name, why);
      const where = revision.outOfReach(file);
      return nothing(file, name, where && `it is ${where}`);
    }
    const isSame = scenario.text === read.text && sameTables(own.tables, decidedNow);
    const decision = isSame ? decidedNow : decide(scenario, own, { tool, draws: false });
    const former = revision.former(file);
    const before = { name: former === null ? name : `${name}:${former}`, decision, judged: judgedBy(scenario, own) };
    return { before, untold: null, problems: [] };
  };
  return { baseline: { name, of }, problems: held.problems };
}

/** Nothing to compare with: there was nothing, or (`why`) that cannot be told. */
const nothing = (file: string, name: string, why: string | null): Before => ({
  before: null,
  untold: why,
  problems: why === null ? [] : [warningOf('baseline-unknown', file, `what it was in ${name} cannot be told: ${why}`)],
});

/** Whether all prices are the same, the user's own included. */
const sameTables = (tables: Tables, { tables: decided }: Decision): boolean =>
  tables.snapshot.sha256 === decided.sha256 && bookLabels(tables) === decided.priceBook;

type PriceOptions = WorkloadOptions & { baselinePricing?: string };

/**
 * Reads the prices of a revision. Unavailable ones count as unchanged: a contract kept out of git would otherwise seem
 * to be signed by every change.
 */
async function pricesAtRevision(
  now: Io,
  revision: Revision,
  { baselinePricing, priceBook, ...rest }: PriceOptions,
): Promise<{ io: Io; options: WorkloadOptions; problems: Problem[] }> {
  const { io: then } = revision;
  const pricing = baselinePricing ?? rest.pricing;
  const folder = folderOutOfReach(now, revision, pricing);
  const book = await bookOutOfReach(revision, priceBook);
  const own = pricing?.replace(/[/\\]+$/, '');
  const inFolder = (file: string): boolean => folder !== null && (file === pricing || file.startsWith(`${own}/`));
  const isHeld = (file: string): boolean => inFolder(file) || (typeof book === 'string' && file === priceBook);
  const problems = [
    ...(typeof book === 'string' && priceBook !== undefined ? [heldWarning(priceBook, book, revision.name)] : []),
    // A folder named for the baseline that git cannot have is used as it is.
    ...(folder !== null && baselinePricing === undefined ? [heldWarning(String(pricing), folder, revision.name)] : []),
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

/** Why git cannot have the revision's price book; true: it has; false: there was none. */
async function bookOutOfReach({ io, outOfReach }: Revision, book: string | undefined): Promise<string | boolean> {
  if (book === undefined) return false;
  if (book === '-') return 'standard input';
  const { problem } = await io.readText(book);
  if (problem?.code !== 'file-not-found') return true;
  // An untracked book, unlike a scenario, is usually put there by a job.
  return outOfReach(book) ?? (isTracked(book) ? false : 'not tracked by git');
}

/** Why git cannot have the revision's price folder; null: it has, or there was none. */
function folderOutOfReach(now: Io, { io, outOfReach }: Revision, folder: string | undefined): string | null {
  const isFolder = folder !== undefined && !namesSnapshot(folder) && now.listFolder(folder) !== null;
  return isFolder && io.listFolder(folder) === null ? outOfReach(`${folder}/snapshot.yaml`) : null;
}

const heldWarning = (file: string, where: string, revision: string): Problem =>
  warningOf(
    'baseline-held',
    file,
    `it is ${where}, so what it was as of ${revision} is unknown: both sides are judged by it as it is now`,
  );
