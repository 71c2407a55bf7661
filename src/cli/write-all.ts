import type { Problem } from '../units/problem.js';
import type { Io, TextSink } from './io.js';

/** Writes all files or none: each is written beside its name, and all get their names in the end. */
export function writeAll(io: Io, files: readonly { path: string; text: string }[]): Problem[] {
  const sinks: TextSink[] = [];
  for (const { path, text } of files) {
    const sink = io.openText(path);
    sinks.push(sink);
    const problem = sink.write(text);
    if (problem === null) continue;
    for (const each of sinks) each.drop();
    return [problem];
  }
  return sinks.flatMap((sink) => sink.end() ?? []);
}
