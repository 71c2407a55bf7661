import { suggestion } from '../../units/suggest.js';
import { fieldsOf } from '../../workload/fields.js';
import { outlineOf } from '../../workload/outline.js';
import type { Values } from '../arguments.js';
import { fileProblem, type Io, packagePath } from '../io.js';
import { renderProblems } from '../problems.js';
import { schemaNames } from '../schema-names.js';

/** `schema [name]`: prints a checked-in JSON Schema; with `--short` the fields of a scenario as an outline. */
export async function runSchema(io: Io, name: string = schemaNames[0], values: Values = {}): Promise<void> {
  const isShort = values.short === true;
  const known = schemaNames.find((each) => each === name);
  const file = known === undefined ? unknown(name) : isShort && known !== 'scenario' ? onlyScenario : null;
  const [schema, examples] = file
    ? [{ text: null, problem: file }]
    : await Promise.all([`schema/${known}.json`, fieldExamples].map((path) => io.readText(packagePath(path))));
  const problem = schema?.problem ?? (isShort ? examples?.problem : null) ?? null;
  if (problem !== null) {
    io.err(renderProblems([problem], { color: io.stderr.color }));
    return io.setExitCode(2);
  }
  const text = schema?.text ?? '';
  io.out(isShort ? outlineOf(fieldsOf(JSON.parse(text), examples?.text ?? ''), io.stdout.columns ?? 120) : text);
}

/** Values to write at the fields of a scenario, in the package. */
export const fieldExamples = 'docs/scenario-examples.yaml';

const onlyScenario = fileProblem('usage', '', '--short is about the scenario', 'schema scenario --short');
const unknown = (name: string) =>
  fileProblem('usage', '', `no schema is called "${name}"`, suggestion(name, schemaNames, 'one of'));
