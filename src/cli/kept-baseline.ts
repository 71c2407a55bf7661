import path from 'node:path';
import { readResults } from '../decide/compare/read-result.js';
import type { Baseline, ReadBaseline } from './baseline.js';
import { maxResultBytes } from './decode.js';
import { fileProblem } from './file-problem.js';
import type { Io } from './io.js';

/** Results kept in a file: those of the same scenario file; a single one is compared with a single scenario. */
export async function keptBaseline(io: Io, file: string, files: readonly string[]): Promise<ReadBaseline> {
  const { text, problem } = await io.readText(file, maxResultBytes);
  if (text === null) return { baseline: null, problems: [problem] };
  const { decided, entries, problems } = readResults(text, file);
  const byFile = new Map(decided.map((one) => [samePath(one.scenario.file), one]));
  const only = entries === 1 && files.length === 1 ? decided[0] : undefined;
  if (only === undefined && problems.length === 0 && !files.some((each) => byFile.has(samePath(each)))) {
    const held = decided.map(({ scenario }) => scenario.file).join(', ');
    problems.push({
      ...fileProblem('baseline-unmatched', file, `holds none of these scenarios, so nothing is compared: ${held}`),
      severity: 'warning',
    });
  }
  const of: Baseline['of'] = async (name) => {
    const decision = byFile.get(samePath(name)) ?? only;
    return { before: decision ? { name: file, decision, judged: null } : null, untold: null, problems: [] };
  };
  return { baseline: { name: file, of }, problems };
}

/** A file by one name, however it was written. */
const samePath = (file: string): string =>
  file === '-' || file === '<stdin>' ? '<stdin>' : path.relative(process.cwd(), path.resolve(file));
