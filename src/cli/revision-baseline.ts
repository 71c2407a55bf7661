import { decide, type Judge, judgedBy } from '../analyses/compare/compare.js';
import { bookLabels } from '../tables/price-book/ranges.js';
import type { Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import { type Baseline, type Before, type ReadBaseline, unreadThen } from './baseline.js';
import { atRevision } from './git-files.js';
import { heldPrices } from './held-prices.js';
import type { Io } from './io.js';
import { readPriced, readScenarioFile, type WorkloadOptions } from './read-workload.js';
import { tool } from './tool.js';

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
  const held = await heldPrices(io, revision, options);
  const priced = await readPriced(held.io, held.options, true);
  const { tables } = priced;
  if (tables === null && options.baselinePricing !== undefined) return { baseline: null, problems: priced.problems };
  const errors = priced.problems.filter(isError);
  const why = errors.map(({ file, message }) => `${file}: ${message}`).join('; ');
  if (tables === null || errors.length > 0) {
    // Other prices help where these cannot be had; a book of the user's own is read beside any.
    const suggestion = tables === null ? `name prices to judge ${name} by: --baseline-pricing <date|folder>` : null;
    const of: Baseline['of'] = async (file) =>
      errors.some(({ code }) => code === unreachable)
        ? nothing(why)
        : nothing(null, { ...unreadThen(file, name, why), suggestion });
    return { baseline: { name, of }, problems: held.problems };
  }
  const judge: Judge = { ...priced, tables, asOf: now.asOf };
  const of: Baseline['of'] = async (file, read, decidedNow) => {
    const { scenario, problems } = await readScenarioFile(revision.io, file, options, judge);
    if (scenario === null) {
      const why = problems.map(({ message }) => message).join('; ');
      const [code] = problems.map((one) => one.code);
      if (code === unreachable) return nothing(why);
      if (code !== 'file-not-found') return nothing(null, unreadThen(file, name, why));
      const where = revision.outOfReach(file);
      return nothing(where && `it is ${where}`);
    }
    const isSame = scenario.text === read.text && sameTables(judge.tables, now.tables);
    const decision = isSame ? decidedNow : decide(scenario, judge, { tool, draws: false });
    const former = revision.former(file);
    const before = { name: former === null ? name : `${name}:${former}`, decision, judged: judgedBy(scenario, judge) };
    return { before, untold: null, problems: [] };
  };
  return { baseline: { name, of }, problems: held.problems };
}

const nothing = (untold: string | null, ...problems: Problem[]): Before => ({ before: null, untold, problems });

/** Whether all prices are the same, the user's own included. */
const sameTables = (a: Tables, b: Tables): boolean =>
  a.snapshot.sha256 === b.snapshot.sha256 && bookLabels(a) === bookLabels(b);
