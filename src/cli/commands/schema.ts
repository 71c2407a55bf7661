import { fileProblem } from '../file-problem.js';
import { type Io, packagePath } from '../io.js';
import { renderProblems } from '../problems.js';

const names = ['scenario', 'result', 'price-book'] as const;

/** `schema [name]`: prints a checked-in JSON Schema. */
export async function runSchema(io: Io, name: string = names[0]): Promise<void> {
  const known = names.find((each) => each === name);
  const { text, problem } = known
    ? await io.readText(packagePath(`schema/${known}.json`))
    : { text: null, problem: fileProblem('usage', '', `no schema is called "${name}"`, `one of: ${names.join(', ')}`) };
  if (text !== null) return io.out(text);
  io.err(renderProblems([problem], { color: io.stderr.color }));
  io.setExitCode(2);
}
