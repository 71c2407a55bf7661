import { decide, type Judge, judgedBy } from '../decide/compare/judge.js';
import { bookLabels } from '../tables/price-book/book-labels.js';
import type { Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import type { Baseline, Before, ReadBaseline } from './baseline.js';
import { fileProblem } from './file-problem.js';
import { atRevision } from './git-files.js';
import { heldPrices } from './held-prices.js';
import type { Io } from './io.js';
import { readPriced, readScenarioFile, type WorkloadOptions } from './read-workload.js';
import { tool } from './tool.js';

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
  const wrong = priced.problems.filter(isError).map(({ file, message }) => `${file}: ${message}`);
  if (tables === null || wrong.length > 0) {
    const suggestion = `name prices to judge ${name} by: --baseline-pricing <date|folder>`;
    const of: Baseline['of'] = async (file) => nothing(null, { ...unread(file, name, wrong.join('; ')), suggestion });
    return { baseline: { name, of }, problems: held.problems };
  }
  const judge: Judge = { ...priced, tables, asOf: now.asOf };
  const of: Baseline['of'] = async (file, read, decidedNow) => {
    const { scenario, problems } = await readScenarioFile(revision.io, file, options, judge);
    if (scenario === null) {
      const why = problems.map(({ message }) => message).join('; ');
      const [code] = problems.map((one) => one.code);
      if (code === 'not-readable') return nothing(why);
      if (code !== 'file-not-found') return nothing(null, unread(file, name, why));
      const where = revision.outOfReach(file);
      return nothing(where && `it is ${where}`);
    }
    const isSame = scenario.text === read.text && sameTables(judge.tables, now.tables);
    const decision = isSame ? decidedNow : decide(scenario, judge, { tool, draws: false });
    return { before: { name, decision, judged: judgedBy(scenario, judge) }, untold: null, problems: [] };
  };
  return { baseline: { name, of }, problems: held.problems };
}

const nothing = (untold: string | null, ...problems: Problem[]): Before => ({ before: null, untold, problems });

/** Whether all prices are the same, the user's own included. */
const sameTables = (a: Tables, b: Tables): boolean =>
  a.snapshot.sha256 === b.snapshot.sha256 && bookLabels(a) === bookLabels(b);

/** What was broken before does not keep a change from being checked that mends it. */
const unread = (file: string, revision: string, why: string): Problem => ({
  ...fileProblem('baseline-unread', file, `as of ${revision} it cannot be read, so nothing is compared: ${why}`),
  severity: 'warning',
});
