import * as z from 'zod';
import { comparisonSchemaVersion } from '../decide/schema-version.js';
import { identity } from '../tables/published-schema.js';
import { kind, text, textOrNull, usd, usdOrNull } from './schema-parts.js';

/**
 * The published shape of `compare --format json`. `schema/comparison.json` is generated from it; a test keeps it equal to
 * what `comparisonDocument` gives. Every key is required; more keys may come, so readers must not refuse them.
 */
const cell = (what: string) =>
  z
    .union([z.string().describe('A word.'), z.number().describe('A quantity.')])
    .nullable()
    .describe(what);
const percent = (what: string) => z.number().nullable().describe(`${what} Percent; null where a side has no cost.`);
const origin = (what: string) => z.enum(['user', 'assumed']).nullable().describe(what);

const side = z
  .object({
    name: text('What tells it from the others: the date of its prices, or its file.'),
    file: text('File of the scenario or result.'),
    scenario: text('Name of the scenario.'),
    snapshot: text('Date of the prices.'),
    asOf: text('Day the answer is for.'),
    status: z
      .enum(['recommended', 'infeasible', 'unread'])
      .describe('What came of it; `unread`: the scenario cannot be read with these tables.'),
    unread: z.array(z.string()).describe('Why it cannot be read.'),
    plan: textOrNull('Id of the plan advised.'),
    label: textOrNull('That plan in words.'),
    kinds: z.array(kind).describe('Its placement kinds.'),
    monthlyCost: usdOrNull('What it costs a month.'),
    costChange: percent('How far that moved from the side before.'),
    cheapest: z
      .object({ plan: text('Plan id.'), monthlyCost: usd('What it costs a month.') })
      .nullable()
      .describe('The cheapest plan; null where nothing fits.'),
    cheapestChange: percent('How far the cost of the cheapest plan moved from the side before.'),
  })
  .describe('One of the decisions.');

const movedInput = z
  .object({
    path: text('Path in the scenario, tasks by name.'),
    before: textOrNull('What was written or taken; null: nothing.'),
    after: textOrNull('What is.'),
    originBefore: origin('Whether the user wrote it, or it was assumed.'),
    originAfter: origin('The same of the later side.'),
  })
  .describe('An input that the sides do not say alike.');

const movedPrice = z
  .object({
    table: text('Table of the row.'),
    row: text('The row, by what tells it from others.'),
    formerRow: textOrNull(
      'The row that the same plan is billed by before, where that is another one; `before` is of that one.',
    ),
    figure: text('Header of its column.'),
    change: z
      .enum(['added', 'removed', 'changed'])
      .nullable()
      .describe('What became of the row; null where kept results are compared and a side has no bill that it is in.'),
    before: cell('What it was; null: not on sale, or not known.'),
    after: cell('What it is.'),
    percent: percent('By how much it moved.'),
    source: text('Where it was published.'),
    date: text('When.'),
    billedBefore: z.boolean().describe('The plan advised before is billed by the row.'),
    billedAfter: z.boolean().describe('The plan advised after is.'),
  })
  .describe('A figure of the tables that moved, of a row that bills of either side are made of.');

const costOnSide = (what: string) =>
  z
    .object({
      monthlyCost: usdOrNull('Cost a month; null: not on sale, or it cannot run.'),
      feasible: z.boolean().describe('No rule turns it down.'),
      as: textOrNull(
        '`advised`, or the placement kind whose best it is; null: it was only asked for by id, or is nothing here.',
      ),
    })
    .describe(what);

const planCost = z
  .object({
    plan: text('Plan id.'),
    label: text('The plan in words.'),
    before: costOnSide('On the earlier side.'),
    after: costOnSide('On the later side.'),
    change: usdOrNull('Difference a month.'),
    percent: percent('The difference.'),
  })
  .describe('What a plan costs on both sides.');

const cause = z
  .object({
    what: z.enum(['input', 'price', 'catalog', 'day']).describe('What changed.'),
    table: textOrNull('Table of the row.'),
    name: text('Path of the input, or what tells the row from others.'),
    change: z.enum(['added', 'removed', 'changed']).describe('How.'),
    figures: z
      .array(
        z.object({
          figure: text('Header of the column, or what the figure is called.'),
          before: cell('What it was.'),
          after: cell('What it is.'),
        }),
      )
      .describe('What of it.'),
    source: textOrNull('Where it was published.'),
    date: textOrNull('When.'),
  })
  .describe('What the advice changes with.');

const advice = z
  .object({
    change: z
      .enum(['same', 'switch', 'flip'])
      .describe('`flip`: some task goes to another kind of place. `switch`: another plan on the same kinds.'),
    tasks: z
      .array(
        z.object({
          task: text('Name of the task.'),
          before: z.array(kind).describe('Kinds of place before.'),
          after: z.array(kind).describe('Kinds of place after.'),
        }),
      )
      .describe('Tasks whose kind of place changed.'),
    planBefore: textOrNull('Id of the plan advised before.'),
    planAfter: textOrNull('Id of the plan advised after.'),
    explainedBy: z.array(cause).describe('What explains a flip.'),
    proof: z
      .enum(['decided', 'listed'])
      .nullable()
      .describe(
        '`decided`: the earlier side with these changes alone, on the catalog and the day of the later one, gives the later advice. `listed`: they moved, and the plans are made of them.',
      ),
  })
  .describe('Whether the advice changed.');

export const step = z
  .object({
    from: text('Name of the earlier side.'),
    to: text('Name of the later side.'),
    inputs: z.array(movedInput).describe('Inputs that moved.'),
    inputsKnown: z
      .boolean()
      .describe('False: a side is a result kept without what was given; only inputs that both name are compared.'),
    prices: z.array(movedPrice).describe('Prices that moved.'),
    pricesKnown: z
      .boolean()
      .describe('False: a side is a result kept without its `basis`, so that prices cannot be compared.'),
    plans: z.array(planCost).describe('What that did to the cost of plans.'),
    advice,
  })
  .describe('From one decision to the next.');

export const exitCode = z.literal([0, 1, 2, 3]);
export const failOn = z.array(z.string()).describe('The rules asked for, as written.');

export const verdictKeys = {
  rule: text('The rule as written, or the path of the expectation.'),
  code: text('Stable id: `expect.kinds`, `fail-on.cost`.'),
  state: z
    .enum(['passed', 'failed', 'unknown', 'skipped'])
    .describe('`unknown`: it cannot be told, which never passes. `skipped`: there is nothing to compare with.'),
  message: text('Why.'),
  path: text('Path in the scenario that it is about.'),
  file: text('File it points at.'),
  line: z.number().nullable().describe('Line in it, from 1.'),
  column: z.number().nullable().describe('Column in it, from 1.'),
};

export const ComparisonSchema = z
  .object({
    schemaVersion: z
      .string()
      .regex(/^1\.\d+\.\d+$/)
      .describe('Semantic version of this shape: more keys may come in 1.x.'),
    tool: z.object({ name: z.string(), version: z.string() }).describe('What made the comparison.'),
    sides: z.array(side).describe('In the order asked for, or by the dates of their prices.'),
    steps: z.array(step).describe('One between every two sides next to each other that can be read.'),
    flips: z.number().describe('Steps in which the advice flips.'),
    failOn,
    verdicts: z
      .array(z.object({ to: text('Name of the later side of the step.'), ...verdictKeys }))
      .describe('What came of the rules.'),
    exitCode: exitCode.describe('What the command ends with, unless --exit-zero makes 1 and 3 a 0.'),
  })
  .meta({ description: 'A comparison of decisions, as `compare --format json` prints it.' });

/** The shape as JSON Schema 2020-12, additional properties allowed. */
export function comparisonJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(ComparisonSchema, { io: 'input' });
  return { $schema, ...identity('comparison', Number.parseInt(comparisonSchemaVersion, 10)), ...rest };
}
