import { differenceOf, headLine, type PartHead, readPart } from '../analyses/sweep/part.js';
import type { SweepRow } from '../analyses/sweep/cell.js';
import type { Problem } from '../units/problem.js';
import { fileProblem } from './file-problem.js';
import type { Io } from './io.js';

/** Half of what a string can hold. */
export const maxPartBytes = 256 * 1024 * 1024;

/** What is known of a sweep already, as text and as rows. */
export type Started = { text: string; rows: SweepRow[]; resumed: boolean };

/** Beside the file asked for stands what is decided so far. */
export const partialOf = (file: string): string => `${file}.partial`;

/**
 * Begins what is decided so far as a file, or takes up one that an earlier run of the same sweep left; a half-written end
 * is left out.
 *
 * @param asked the file to write in the end; null where nothing is kept
 */
export async function started(io: Io, head: PartHead, asked: string | null): Promise<Started | Problem> {
  const fresh: Started = { text: headLine(head), rows: [], resumed: false };
  if (asked === null) return fresh;
  const file = partialOf(asked);
  const read = await io.readText(file, maxPartBytes);
  if (read.text === null && read.problem.code !== 'file-not-found') return read.problem;
  // A run that was stopped before it had written its first line has left nothing.
  const part = read.text === null || !read.text.includes('\n') ? null : readPart(read.text);
  const begun: Started = part === null || typeof part === 'string' ? fresh : { ...part, resumed: true };
  const another = typeof part === 'string' ? part : part && otherThan(head, part.head);
  if (another !== null)
    return fileProblem(
      'other-sweep',
      file,
      `this was left by something else: ${another}`,
      'remove it, or write to another file',
    );
  return notKept(io.writeText(file, begun.text), asked) ?? begun;
}

/** What cannot be written beside a file is told of that one, which the user knows. */
export const notKept = (unwritten: Problem | null, asked: string): Problem | null =>
  unwritten && { ...unwritten, file: asked };

function otherThan(head: PartHead, other: PartHead): string | null {
  const difference = differenceOf(head, other);
  if (difference !== null) return difference;
  const [mine, its] = [head, other].map(({ shard }) => `${shard.index}/${shard.of}`);
  return mine === its ? null : `shard ${its}, not ${mine}`;
}
