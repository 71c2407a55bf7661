import { mergeParts } from '../../analyses/sweep/part.js';
import type { Problem } from '../../units/problem.js';
import type { Values } from '../arguments.js';
import { answer } from '../catalog-answer.js';
import { fileProblem, type Io, shownName } from '../io.js';
import { type SweepFormat, sweepFormats } from '../sweep-formats.js';
import { maxPartBytes, sweepText } from '../sweep-workers.js';

type Options = { part: string[]; format?: SweepFormat; output?: string; color: boolean; quiet?: true };

/** `sweep merge <part...>`: what the shards of a sweep decided, as if one command had. */
export async function runSweepMerge(io: Io, values: Values): Promise<void> {
  const options = values as unknown as Options;
  const problems: Problem[] = [];
  const parts: { file: string; text: string }[] = [];
  for (const file of options.part) {
    const read = await io.readText(file, maxPartBytes);
    if (read.text === null) problems.push(read.problem);
    else parts.push({ file: shownName(file), text: read.text });
  }
  const merged = mergeParts(parts);
  if ('wrong' in merged) {
    problems.push(
      ...merged.wrong.map(({ file, message, suggestion }) => fileProblem('sweep-part', file, message, suggestion)),
    );
    return answer(io, options, null, problems);
  }
  const format = options.format ?? sweepFormats.find((one) => one === merged.format) ?? 'table';
  await answer(
    io,
    { ...options, format },
    problems.length > 0 ? null : await sweepText(merged.answer, format),
    problems,
  );
}
