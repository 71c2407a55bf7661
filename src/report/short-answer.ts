import type { BreakEvenAnswer } from '../analyses/break-even/answer.js';
import type { Decision } from '../decide/decision.js';
import type { ExplainedFigure, Explanation } from '../decide/explain.js';
import {
  flag,
  type Infer,
  kind,
  list,
  number,
  numberOrNull,
  object,
  objectOrNull,
  oneOf,
  oneOfOrNull,
  text,
  textOrNull,
  texts,
  usd,
  usdOrNull,
} from '../decide/json-schema.js';
import type { Problem } from '../units/problem.js';
import { screenThatFits } from './assess.js';
import { changes } from './changes.js';
import { type Document, onPage, separated, title } from './document.js';
import { pricesText, sections } from './first-screen.js';
import { nothingFits } from './infeasible.js';
import { plainText, plainTree } from './printable.js';
import { recommended } from './recommendation.js';
import { renderText } from './text.js';

/** A width that keeps each line and row on one line. */
const unbroken = 1_000_000;
const lines = (document: Document): string[] =>
  renderText(
    document.map((block) => (block.is === 'table' ? { ...block, widestName: null } : block)),
    { color: false, width: unbroken },
  )
    .split('\n')
    .map((text) =>
      text
        .trim()
        .replace(/^Why not {2,}/, 'Why not ')
        .replace(/ {2,}/g, ': '),
    )
    .filter((text) => text !== '');

/** Most listed assumptions, by their share of the cost. */
const mostAssumed = 20;

/** Which prices an answer is by. */
export const pricesSchema = object('Say the date of the prices with every figure.', {
  snapshot: text('Date of the prices.'),
  asOf: text('Day the answer is for.'),
  ageDays: number('Days between the two.'),
});

export const shortAnswerSchema = object('The advice on one scenario.', {
  status: oneOf('Infeasible: nothing passes the hard rules.', ['recommended', 'infeasible']),
  summary: texts('The advice in sentences, to be told to people.'),
  plan: textOrNull('Id of the plan.'),
  label: textOrNull('The plan in words.'),
  kinds: list('Its deployment types.', kind),
  monthlyCost: usdOrNull('Mean cost a month, people and one-time costs included.'),
  monthlyCostRange: objectOrNull('90 % range of it; null for the decision alone.', {
    low: usd('5th percentile.'),
    high: usd('95th percentile.'),
  }),
  confidence: oneOfOrNull('How sure the advice is; null for the decision alone.', ['high', 'medium', 'low']),
  assignments: list(
    'Which option serves what.',
    object(null, {
      task: text('Task of the scenario.'),
      part: text('Part of the task, or `all`.'),
      share: number('Fraction of all requests.'),
      option: text('Option id.'),
      goodEnough: numberOrNull('Probability that the model is good enough; null: not known.'),
      ttftP95Ms: numberOrNull('95th percentile of the time to the first token; null: not known.'),
    }),
  ),
  reasons: texts('Why this plan.'),
  changesIf: texts('From which values on another deployment type is advised; empty for the decision alone.'),
  conditions: texts('What has to be done or checked for it to hold.'),
  otherKinds: list(
    'The best of each deployment type beside the plan.',
    object(null, {
      kind,
      feasible: flag('It passes every hard rule.'),
      monthlyCost: usdOrNull('Mean monthly cost.'),
      option: textOrNull('Its id; null where nothing of this kind can run the tasks.'),
      verdict: text('The rule that excludes it, or what it costs beside the plan.'),
    }),
  ),
  nearestMisses: list(
    'Where nothing fits: what comes closest.',
    object(null, {
      option: text('Option id.'),
      task: text('Task it failed for.'),
      gate: text('The rule.'),
      reason: text('In words.'),
      monthlyCost: usdOrNull('What it would cost a month.'),
    }),
  ),
  assumed: texts(
    'What the scenario leaves out and the value taken; what most of the cost is worked out with comes first.',
  ),
  assumedInAll: number('How many those are.'),
  warnings: texts('What deserves a second look.'),
  prices: pricesSchema,
});
type ShortAnswer = Infer<typeof shortAnswerSchema>;

/**
 * A decision for programs: the sentences of the first screen, figures and ids; keys that the schema lacks are not
 * printed. Safe to print.
 *
 * @param told warnings on the scenario
 */
export function shortAnswer(whole: Decision, told: readonly Pick<Problem, 'message'>[] = []): ShortAnswer {
  const decision = plainTree(whole);
  const { recommendation: advice, scorecard, scenario, tables, uncertainty, nearestMisses, warnings } = decision;
  const isFound = advice.status === 'recommended';
  const range = advice.monthlyCostRange;
  const assumed = scenario.assumed.toSorted((a, b) => (b.share ?? 0) - (a.share ?? 0));
  return {
    ...advice,
    summary: isFound ? lines(recommended(decision, screenThatFits(decision))).slice(1) : lines(nothingFits(decision)),
    monthlyCostRange: range && { low: range.p5, high: range.p95 },
    confidence: uncertainty?.confidence.level ?? null,
    changesIf: lines(changes(decision, onPage)).slice(1),
    otherKinds: scorecard.filter(({ option }) => option === null || option !== advice.plan),
    nearestMisses: isFound ? [] : nearestMisses,
    assumed: assumed.slice(0, mostAssumed).map(({ path, value }) => `${path}: ${value}`),
    assumedInAll: assumed.length,
    warnings: [
      ...new Set([...told.map(({ message }) => plainText(message)), ...warnings.map(({ message }) => message)]),
    ],
    prices: tables,
  };
}

/** The first screen without commands, 80 columns wide, and ids. */
export function shortText(whole: Decision): string {
  const decision = plainTree(whole);
  const { plan } = decision.recommendation;
  const head = title(decision.scenario.name, pricesText(decision));
  const screen = renderText(separated([[head], ...sections(decision, screenThatFits(decision))]), {
    color: false,
    width: 80,
  });
  return plan === null ? screen : `${screen}\nplan id: ${plan}\n`;
}

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
