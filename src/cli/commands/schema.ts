import { suggestion } from '../../units/suggest.js';
import { fileProblem, type Io, packagePath } from '../io.js';
import { renderProblems } from '../problems.js';
import { schemaNames } from '../schema-names.js';

/** `schema [name]`: prints a checked-in JSON Schema. */
export async function runSchema(io: Io, name: string = schemaNames[0]): Promise<void> {
  const known = schemaNames.find((each) => each === name);
  const { text, problem } = known
    ? await io.readText(packagePath(`schema/${known}.json`))
    : { text: null, problem: unknown(name) };
  if (text !== null) return io.out(text);
  io.err(renderProblems([problem], { color: io.stderr.color }));
  io.setExitCode(2);
}

const unknown = (name: string) =>
  fileProblem('usage', '', `no schema is called "${name}"`, suggestion(name, schemaNames, 'one of'));
