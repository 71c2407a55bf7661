import * as z from 'zod';
import { checkSchemaVersion } from '../decide/schema-version.js';
import { identity } from '../tables/published-schema.js';
import { exitCode, failOn, step, verdictKeys } from './comparison-schema.js';
import { text, textOrNull } from './schema-parts.js';

/**
 * The published shape of `check --format json`. `schema/check.json` is generated from it; a test keeps it equal to what
 * `checkDocument` gives. Every key is required; more keys may come, so readers must not refuse them.
 */
const problem = z
  .object({
    code: text('Stable id in kebab-case.'),
    file: text('File it is in.'),
    line: z.number().nullable().describe('Line, from 1; null: the file as a whole.'),
    column: z.number().nullable().describe('Column, from 1.'),
    path: text('Path in the document; empty at its root.'),
    message: text('What is wrong.'),
    suggestion: textOrNull('What to do next.'),
  })
  .describe('Something wrong, or suspicious, in what was read.');

const result = z
  .object({
    file: text('File of the scenario.'),
    scenario: textOrNull('Its name; null: it cannot be read.'),
    status: z
      .enum(['passed', 'failed', 'infeasible', 'error'])
      .describe('`error`: the scenario cannot be read. `infeasible`: nothing fits, and that was not expected.'),
    exitCode: exitCode.describe('What it alone would end with.'),
    verdicts: z.array(z.object(verdictKeys)).describe('What came of expectations and rules.'),
    baseline: textOrNull('What it was compared with; null: nothing.'),
    change: step.nullable().describe('From the baseline to now; null where there is none.'),
    approved: z.boolean().describe('The advice changed, and `expect` says so.'),
    decision: z
      .looseObject({ schemaVersion: text('Semantic version of the shape of results.') })
      .nullable()
      .describe('The decision, as `schema/result.json` has it; null: the scenario cannot be read.'),
    errors: z.array(problem).describe('Mistakes in what was read.'),
    warnings: z.array(problem).describe('What deserves a second look.'),
  })
  .describe('What came of one scenario.');

export const CheckSchema = z
  .object({
    schemaVersion: z
      .string()
      .regex(/^1\.\d+\.\d+$/)
      .describe('Semantic version of this shape: more keys may come in 1.x.'),
    tool: z.object({ name: z.string(), version: z.string() }).describe('What made the check.'),
    failOn,
    baseline: textOrNull('File or git reference that was compared with.'),
    results: z.array(result).describe('One for each scenario, in the order asked for.'),
    exitCode: exitCode.describe(
      'The worst of the results; what the command ends with, unless --exit-zero makes 1 and 3 a 0.',
    ),
  })
  .meta({ description: 'A check of scenarios, as `check --format json` prints it.' });

/** The shape as JSON Schema 2020-12, additional properties allowed. */
export function checkJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(CheckSchema, { io: 'input' });
  return { $schema, ...identity('check', Number.parseInt(checkSchemaVersion, 10)), ...rest };
}
