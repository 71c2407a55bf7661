import path from 'node:path';
import { keptResults } from '../analyses/check/rules.js';
import type { Decided } from '../analyses/compare/decided.js';
import { readResults } from '../analyses/compare/read-result.js';
import type { Problem } from '../units/problem.js';
import { type Baseline, type ReadBaseline, unreadThen } from './baseline.js';
import { maxResultBytes } from './decode.js';
import { fileProblem } from './file-problem.js';
import type { Io } from './io.js';
import { shownName } from './shown-name.js';

/** Results kept in a file. */
export async function keptBaseline(io: Io, from: string, files: readonly string[]): Promise<ReadBaseline> {
  const name = shownName(from);
  const { text, problem } = await io.readText(from, maxResultBytes);
  if (text === null) return { baseline: null, problems: [problem] };
  const { problems, ...kept } = readResults(text, name);
  const find = keptResults(kept, files.map(oneName), oneName);
  const of: Baseline['of'] = async (file, _, now) => {
    const { decision, untold, unlike, unread } = find({ file: oneName(file), name: now.scenario.name });
    const problems = [
      ...(unlike && decision !== null ? [otherOne(file, decision)] : []),
      ...(unread ? [unreadThen(file, name, 'it has its mistakes in place of a result')] : []),
    ];
    return { before: decision && { name, decision, judged: null }, untold, problems };
  };
  const held = kept.decided.map(({ scenario }) => scenario.file).join(', ');
  const message = `holds none of these scenarios, so nothing is compared: ${held}`;
  const unmatched: Problem = { ...fileProblem('baseline-unmatched', name, message), severity: 'warning' };
  return { baseline: { name, of, unmatched }, problems };
}

/** Compared all the same: whoever names one result and one scenario means that. */
const otherOne = (file: string, { scenario }: Decided): Problem => ({
  ...fileProblem('baseline-other', file, `it is compared with a result of ${scenario.file}, \`${scenario.name}\``),
  severity: 'warning',
});

/** A file by one name, however it was written; null: standard input, which has none. */
const oneName = (file: string): string | null =>
  file === '-' || file === '<stdin>' ? null : path.relative(process.cwd(), path.resolve(file));
