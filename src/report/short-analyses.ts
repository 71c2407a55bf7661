import type { BreakEvenAnswer } from '../analyses/break-even/answer.js';
import type { ExplainedFigure, Explanation } from '../decide/explain.js';
import {
  flag,
  type Infer,
  list,
  number,
  numberOrNull,
  object,
  text,
  textOrNull,
  texts,
  usd,
  usdOrNull,
} from '../decide/json-schema.js';
import { pricesSchema } from './short-answer.js';

const pair = { a: text('Plan id.'), b: text('Plan id.') };
const planKeys = { plan: text('Plan id.'), label: text('In words.'), monthlyCost: usd('A month.') };

export const shortBreakEvenSchema = object('Where the cheaper of two plans changes.', {
  axis: text('What is varied.'),
  plans: list(
    null,
    object(null, { ...planKeys, feasible: flag('Keeps every hard rule at the volume of the scenario.') }),
  ),
  ladder: list(
    'The best plan by requests a day; empty on other axes. `monthlyCost` is that at `from`.',
    object(null, {
      ...{ from: number('First requests a day.'), to: numberOrNull('Last; null: and on.') },
      ...{ plan: textOrNull('Plan id; null: nothing fits.'), label: textOrNull('In words.') },
      monthlyCost: usdOrNull('A month.'),
    }),
  ),
  crossings: list(
    'Where the cheaper of two plans changes.',
    object(null, {
      ...pair,
      ...{ unit: text('Unit of the axis.'), at: number('First value at which it holds.') },
      cheaperAbove: text('Id of the plan that is cheaper from there on.'),
    }),
  ),
  never: list('Pairs that never cross.', object(null, { ...pair, why: text(null) })),
});

/** Break-even points for programs; USD a month. */
export const shortBreakEven = (found: BreakEvenAnswer): Infer<typeof shortBreakEvenSchema> => ({
  ...found,
  crossings: found.breakEven.flatMap(({ a, b, unit, crossings }) =>
    crossings.map(({ at, cheaperAbove }) => ({ a, b, unit, at, cheaperAbove: cheaperAbove === 'a' ? a : b })),
  ),
  never: found.breakEven.flatMap(({ a, b, never: why }) => (why === null ? [] : [{ a, b, why }])),
});

export const shortExplanationSchema = object('Where a figure comes from.', {
  ...{ plan: text('Plan id.'), label: text('The plan in words.'), figure: text('Id of the figure.') },
  rows: list(
    'The tree, each part below what it is part of.',
    object(null, {
      ...{ level: number('0 is the figure itself.'), label: text(null), value: number(null), unit: text(null) },
      how: text('How it follows from the rows one level below it.'),
      from: texts('Rows of tables with source and date, an assumption or a place in the scenario.'),
    }),
  ),
  prices: pricesSchema,
});
type Explained = Infer<typeof shortExplanationSchema>;

/** Where a figure comes from, for programs: the tree as a list of `depth` levels. */
export const shortExplanation = ({ tree, tables, ...head }: Explanation, depth: number): Explained => ({
  ...head,
  rows: rowsOf(tree, depth),
  prices: tables,
});

const rowsOf = (node: ExplainedFigure, depth: number, level = 0): Explained['rows'] => [
  { level, label: node.label, value: node.value, unit: node.unit, how: node.how, from: originsOf(node) },
  ...(level >= depth ? [] : node.parts.flatMap((part) => rowsOf(part, depth, level + 1))),
];

const originsOf = ({ sources, assumption, scenario }: ExplainedFigure): string[] => [
  ...sources.map(({ table, row, source, date }) => `${table}${row === null ? '' : ` row ${row}`}: ${source} (${date})`),
  ...(assumption === null ? [] : [`assumption ${assumption.name}`]),
  ...(scenario === null ? [] : [`scenario ${scenario.path}`]),
];
