import { kindNames, kinds } from '../../tables/column.js';
import type { Tables } from '../../tables/tables.js';
import { volumeForms } from '../../units/volume.js';
import { fieldsOf, type OutlineNames, outlineOf } from '../../workload/fields.js';
import { withOtherWords } from '../../workload/wrong-guesses.js';
import type { Given } from '../command-entry.js';
import { report } from '../command-entry.js';
import { type Io, packagePath, usageProblem } from '../io.js';
import { type schemaCommand, schemaNames } from '../own-commands.js';
import { readTables } from '../read-tables.js';

/** `schema [name]`: prints a JSON Schema; with `--short` an outline of a scenario's fields. */
export async function run(io: Io, options: Given<typeof schemaCommand>): Promise<void> {
  const { name = schemaNames[0], short: isShort = false } = options;
  const file = isShort && name !== 'scenario' ? onlyScenario : null;
  const [schema, examples] = file
    ? [{ text: null, problem: file }]
    : await Promise.all([`schema/${name}.json`, fieldExamples].map((path) => io.readText(packagePath(path))));
  const problem = schema?.problem ?? (isShort ? examples?.problem : null) ?? null;
  if (problem !== null) return report(io, {}, [problem]);
  const text = schema?.text ?? '';
  if (!isShort) return io.out(text);
  const { tables, problems } = await readTables(io, {});
  if (tables === null) return report(io, {}, problems);
  io.out(outlineOf(fieldsOf(JSON.parse(text), examples?.text ?? ''), namesOf(tables), io.stdout.columns ?? 120));
}

/** What a first scenario has to choose from, each list in full. */
export const namesOf = ({ taskOf, profileOf }: Tables): OutlineNames => [
  { what: 'Forms of a volume', names: volumeForms },
  { what: 'Task types (type), with another word for some', names: withOtherWords('type', [...taskOf.keys()]) },
  { what: 'Profiles (profile)', names: [...profileOf.keys()].join(', ') },
  {
    what: 'Deployment types (preferences, expect), with what reports call them',
    names: kinds.map((kind) => `${kind} (${kindNames[kind]})`).join(', '),
  },
];

/** Values to write at the fields of a scenario, in the package. */
export const fieldExamples = 'docs/scenario-examples.yaml';

const onlyScenario = usageProblem('--short is about the scenario', 'schema scenario --short');
