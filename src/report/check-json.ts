import * as z from 'zod';
import { type CheckedScenario, type CheckReport, verdictKeys } from '../analyses/check/report.js';
import { type Comparison, comparisonKeys, step } from '../analyses/compare/comparison.js';
import type { Decided } from '../analyses/compare/decided.js';
import {
  documentHead,
  flag,
  type Infer,
  list,
  literal,
  numberOrNull,
  object,
  oneOf,
  orNull,
  publishedDocument,
  Schema,
  text,
  textOrNull,
  texts,
} from '../decide/json-schema.js';
import { checkSchemaVersion, comparisonSchemaVersion } from '../tables/published-schema.js';
import { jsonLine, jsonText } from './json.js';

const exitCode = literal([0, 1, 2, 3]);
const failOn = texts('The rules asked for, as written.');

/** The published shape of `compare --format json`. Readers must accept further keys. */
const comparisonSchema = object('A comparison of decisions, as `compare --format json` prints it.', {
  ...comparisonKeys,
  failOn,
  verdicts: list(
    'What came of the rules.',
    object(null, { to: text('Name of the later side of the step.'), ...verdictKeys }),
  ),
  exitCode: exitCode.describe('What the command ends with, unless --exit-zero makes 1 and 3 a 0.'),
});

/** A stored decision may have an earlier version of `schema/result.json`. */
const decision = new Schema<Decided>(() =>
  z.looseObject({ schemaVersion: z.string().describe('Semantic version of the shape of results.') }),
);

const problem = object('Something wrong, or suspicious, in what was read.', {
  code: text('Stable id in kebab-case.'),
  file: text('File it is in.'),
  line: numberOrNull('Line, from 1; null: the file as a whole.'),
  column: numberOrNull('Column, from 1.'),
  path: text('Path in the document; empty at its root.'),
  message: text('What is wrong.'),
  suggestion: textOrNull('What to do next.'),
});

const checkedScenario = object('What came of one scenario.', {
  file: text('File of the scenario.'),
  scenario: textOrNull('Its name; null: it cannot be read.'),
  status: oneOf('`error`: the scenario cannot be read. `infeasible`: nothing fits, and that was not expected.', [
    'passed',
    'failed',
    'infeasible',
    'error',
  ]),
  exitCode: exitCode.describe('What it alone would end with.'),
  verdicts: list('What came of expectations and rules.', object(null, verdictKeys)),
  baseline: textOrNull('What it was compared with; null: nothing.'),
  change: orNull('From the baseline to now; null where there is none.', step),
  approved: flag('The advice changed, and `expect` says so.'),
  decision: orNull('The decision, as `schema/result.json` has it; null: the scenario cannot be read.', decision),
  errors: list('Mistakes in what was read.', problem),
  warnings: list('What deserves a second look.', problem),
});

/** The published shape of `check --format json`. */
const checkSchema = object('A check of scenarios, as `check --format json` prints it.', {
  ...documentHead('What made the check.', checkSchemaVersion),
  failOn,
  baseline: textOrNull('File or git reference that was compared with.'),
  results: list('One for each scenario, in the order asked for.', checkedScenario),
  exitCode: exitCode.describe(
    'The worst of the results; what the command ends with, unless --exit-zero makes 1 and 3 a 0.',
  ),
});

export const comparisonJsonSchema = (): object =>
  publishedDocument('comparison', comparisonSchemaVersion, comparisonSchema);
export const checkJsonSchema = (): object => publishedDocument('check', checkSchemaVersion, checkSchema);

/** A result as it is published: problems in two lists, as errors and warnings. */
const resultDocument = ({
  problems,
  title: _,
  head: __,
  ...result
}: CheckedScenario): Infer<typeof checkedScenario> => ({
  ...result,
  errors: problems.filter(({ severity }) => severity === 'error').map(problemJson),
  warnings: problems.filter(({ severity }) => severity === 'warning').map(problemJson),
});

const problemJson = ({ severity: _, excerpt: __, ...told }: CheckedScenario['problems'][number]) => told;

/** The whole check; it can serve as a baseline. */
const checkDocument = ({ results, refused: _, ...report }: CheckReport): Infer<typeof checkSchema> => ({
  ...report,
  results: results.map(resultDocument),
});

export const checkJson = (report: CheckReport): string => jsonText(checkDocument(report));

/** One line for each scenario. */
export const checkJsonl = ({ results, schemaVersion, tool }: CheckReport): string =>
  results.map((result) => jsonLine({ schemaVersion, tool, ...resultDocument(result) })).join('');

/** A comparison with what came of the rules. */
function comparisonDocument(comparison: Comparison, report: CheckReport): Infer<typeof comparisonSchema> {
  const { failOn, exitCode } = report;
  return { ...comparison, failOn, verdicts: verdictsIn(report, comparison), exitCode };
}

export const comparisonJson = (comparison: Comparison, report: CheckReport): string =>
  jsonText(comparisonDocument(comparison, report));

/** One line for each side, then one for each step, then what came of the rules. */
export function comparisonJsonl(comparison: Comparison, report: CheckReport): string {
  const { schemaVersion, tool, sides, steps } = comparison;
  const { failOn, exitCode } = report;
  return [
    ...sides.map((side) => ({ schemaVersion, tool, side })),
    ...steps.map((step) => ({ schemaVersion, tool, step })),
    { schemaVersion, tool, failOn, verdicts: verdictsIn(report, comparison), exitCode },
  ]
    .map(jsonLine)
    .join('');
}

/** Where there is no step to it, it is the last side, which cannot be read. */
const verdictsIn = ({ results }: CheckReport, { sides }: Comparison) =>
  results.flatMap(({ verdicts, change }) =>
    verdicts.map((verdict) => ({ to: change?.to ?? sides.at(-1)?.name ?? '', ...verdict })),
  );
