import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { axisNames, breakEven } from '../../src/analyses/break-even/answer.js';
import { checkReport, comparedReport, judged, unreadable } from '../../src/analyses/check/report.js';
import { readRules } from '../../src/analyses/check/rules.js';
import { compare, decide, judgedBy } from '../../src/analyses/compare/compare.js';
import type { Comparison } from '../../src/analyses/compare/comparison.js';
import type { FlipInput } from '../../src/analyses/flips/input.js';
import { inputsOf } from '../../src/analyses/flips/inputs.js';
import { cellDecider, wrongValues } from '../../src/analyses/sweep/cell.js';
import { gridOf, readAxes } from '../../src/analyses/sweep/grid.js';
import { partsUnder, repricer } from '../../src/analyses/uncertainty/costs.js';
import { casesOf, drawn, likelyOf } from '../../src/analyses/uncertainty/draws.js';
import { uncertainInputs } from '../../src/analyses/uncertainty/inputs.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { type ExplainedFigure, explain } from '../../src/decide/explain.js';
import { figuresOf } from '../../src/decide/figures.js';
import { planNamed } from '../../src/decide/find-plan.js';
import { type Plan, planOf } from '../../src/decide/plan.js';
import type { Traced } from '../../src/formula/traced.js';
import type { Context } from '../../src/places/placement.js';
import { rounded } from '../../src/units/numeric.js';
import { type ReadScenario, readScenario } from '../../src/workload/read.js';
import { brief } from '../support/compact-json.js';
import { asOf, tool } from '../support/scenario.js';
import { smallCase, smallGolden, smallNames } from '../support/small-scenarios.js';

/** What else is asked of a scenario, on the small ones: whole answers, as `small-decisions` has whole results. */

const same = (golden: string, answer: unknown) => expect(brief(answer)).toMatchFileSnapshot(smallGolden(golden));
const lines = (golden: string, list: readonly string[]) =>
  expect(`${list.join('\n')}\n`).toMatchFileSnapshot(smallGolden(golden));

/**
 * A line for each figure, what it is made of below it; what stands there already is not told again. What rounding leaves of
 * a difference is none.
 */
function treeLines({ parts, ...figure }: ExplainedFigure, indent: string, told: Set<string>): string[] {
  const value = Math.abs(figure.value) < 1e-9 ? 0 : figure.value;
  const sources = figure.sources.map(({ table, date, confidence }) => `${table} ${date} ${confidence}`);
  const own = indent + JSON.stringify(Object.values({ ...figure, value, sources }));
  const whole = JSON.stringify([parts, figure]);
  if (parts.length > 0 && told.has(whole)) return [`${own} as above`];
  told.add(whole);
  return [own, ...parts.flatMap((part) => treeLines(part, `${indent}  `, told))];
}

test('explain', async () => {
  const name: string = 'own hardware without a network';
  const { read, tables, prose } = await smallCase(name);
  const answer = explain(read, tables, { asOf, plan: null, figure: null, prose, tool });
  if ('code' in answer) throw new Error(answer.message);
  const { tree, ...head } = answer;
  await lines(`explain ${name}`, [brief(head).trimEnd(), ...treeLines(tree, '', new Set())]);
});

const inputText = (input: FlipInput): unknown[] => {
  if (input.is === 'word') return [input.path, input.from, input.words.join(' | '), input.ordered ? 'in steps' : 'any'];
  const { path, from, start, low, high, unit, whole, digits, near, outOf, write } = input;
  return [path, from, `${start}: ${low} to ${high} ${unit}`, { whole, digits, near, outOf, written: write?.(start) }];
};

/** A figure and what it is made of; what was told already is not told again. */
function partsTold(id: string, { label, value, unit, formula, parts }: Traced, told: Set<string>): string[] {
  const made = parts.map((part) => `  ${part.label}: ${rounded(part.value)} ${part.unit}`);
  const own = `${id}, ${label}: ${rounded(value)} ${unit}${formula === null ? '' : `, ${formula}`}`;
  const added = made.filter((line) => !told.has(line));
  for (const line of added) told.add(line);
  return [own, ...added];
}

const unfit: string[] = ['nothing fits', 'devices that nobody names', 'no rule alone is to blame'];

const fit = smallNames.filter((name) => !unfit.includes(name));
/** Of these all that is told of a plan: devices and APIs, and machines with an API above them. */
const inFull: string[] = ['on the devices of users', 'evening peaks handed over to an API'];

/** Plans of small scenarios, made once. */
const planned = new Map<string, Promise<Awaited<ReturnType<typeof smallCase>> & { plan: Plan }>>();
function plannedFor(name: string) {
  const known =
    planned.get(name) ??
    smallCase(name).then((small) => {
      const plan = planNamed(null, small.context);
      if ('code' in plan) throw new Error(plan.message);
      return { ...small, plan };
    });
  planned.set(name, known);
  return known;
}

test.each(inFull)('every figure of a plan: %s', async (name) => {
  const { context, plan } = await plannedFor(name);
  const told = new Set<string>();
  const figures = [...figuresOf(plan, context)].flatMap(([id, make]) => {
    const traced = make();
    return traced === null ? [] : partsTold(id, traced, told);
  });
  await lines(`figures ${name}`, figures);
});

/** Each line once, with how many scenarios have it. */
function counted(lists: readonly (readonly string[])[]): string[] {
  const count = new Map<string, number>();
  for (const line of lists.flat()) count.set(line, (count.get(line) ?? 0) + 1);
  return [...count].sort(([a], [b]) => (a < b ? -1 : 1)).map(([line, times]) => `${line} x${times}`);
}

test('every input that may change a plan, and what is uncertain of it', async () => {
  const inputs: string[][] = [];
  const uncertain: string[][] = [];
  const draws: string[] = [];
  for (const name of fit) {
    const { read, context, plan } = await plannedFor(name);
    const found = inputsOf(read.scenario, plan, { met: [plan], lead: 1.5, regions: 'narrower' }, context);
    inputs.push(found.map((input) => JSON.stringify(inputText(input))));
    const drawn = drawsOf(plan, read, context);
    uncertain.push(drawn.inputs.map((input) => JSON.stringify(input)));
    draws.push(`${name}: ${JSON.stringify(drawn.draws)}`);
  }
  await lines('inputs', counted(inputs));
  await lines('uncertain', counted(uncertain));
  await lines('draws', draws);
});

const seed = 7;

/** What is uncertain of a plan, and what it costs in draws of that; as dear as a plan that is made for the draw. */
function drawsOf(plan: Plan, read: ReadScenario, context: Context): { draws: unknown[]; inputs: unknown[] } {
  const uncertain = uncertainInputs(read.scenario, [plan], context, seed);
  const caseAt = casesOf(read, context, uncertain);
  const price = repricer([plan], caseAt(likelyOf(uncertain)).tables);
  const repriced = (then: Context): number => price(then, usd) ?? (usd[0] as number);
  const madeAnew = (then: Context): number => {
    const parts = partsUnder(plan, then);
    const again = parts && planOf(parts, then);
    return again === null || isUnpriced(again) ? Number.POSITIVE_INFINITY : again.monthlyUsd;
  };
  const usd = new Float64Array(1);
  const values = new Float64Array(uncertain.length);
  const draws = [-1, 0, 1, 2].map((draw) => {
    const then = caseAt(draw < 0 ? likelyOf(uncertain) : drawn(uncertain, draw, values));
    expect(repriced(then) / madeAnew(then), `draw ${draw}`).toBeCloseTo(1, 9);
    return [draw, rounded(repriced(then))];
  });
  const short = (value: number) => Number(value.toPrecision(6));
  const inputs = uncertain.map(({ path, unit, low, likely, high, origin, subject, quantile, share }) => {
    const { is, ...what } = subject;
    const ends = [low, likely, high].map(short).join(' to ');
    return [path, `${ends} ${unit}`, origin, is, what, quantile(0.1), quantile(0.5), share(0), share(1)].map((one) =>
      typeof one === 'number' ? short(one) : one,
    );
  });
  return { draws, inputs };
}

const pairs: { name: string; between: string[]; axes: readonly string[] }[] = [
  {
    name: 'ranges and a budget',
    between: ['cloud-api', 'open-model-api'],
    axes: [...axisNames, 'task:faq', 'task:nobody', 'nothing'],
  },
  {
    name: 'a fleet in time',
    between: ['on-prem', 'self-hosted-cloud'],
    axes: ['requestsPerDay', 'apiPrice'],
  },
  {
    name: 'evening peaks handed over to an API',
    between: [
      'rag.base=on-prem/own-room/llama-3.3-70b@fp8/8xh100-sxm-80gb/us/bought;rag.peak=cloud-api/azure/gpt-5-mini',
      'on-prem/own-room/llama-3.3-70b@fp8/8xh100-sxm-80gb/us/bought',
    ],
    axes: ['apiPrice', 'months'],
  },
  { name: 'on the devices of users', between: ['serverless-gpu', 'cloud-api'], axes: ['months', 'apiPrice'] },
];

test.each(pairs)('break-even along axes: $name', async ({ name, between, axes }) => {
  const { read, tables, prose } = await smallCase(name);
  const answers = axes.map((axis) => {
    const answer = breakEven(read, tables, { asOf, axis, between, prose, tool });
    return typeof answer === 'string' ? answer : [answer.axis, answer.plans, answer.breakEven];
  });
  await same(`break-even ${name}`, answers);
});

test('break-even: the ladder', async () => {
  const { read, tables, prose } = await smallCase('a fleet in time');
  await same('ladder', breakEven(read, tables, { asOf, prose, tool }));
});

test('sweep', async () => {
  const { read, tables } = await smallCase('easy requests to a lesser model, and a bill of today');
  const { axes } = readAxes(['workload.volume=1k,40k,5M', 'tasks.faq.easy.share=0.2,0.9,7', 'team.free=1'], 100);
  const swept = { read, set: [], tables, asOf };
  const grid = gridOf(axes);
  const decideCell = cellDecider(swept, grid);
  const cells = Array.from({ length: grid.cells }, (_, place) => decideCell(grid.cellAt(place)));
  await same('sweep', { wrong: wrongValues(axes, swept), cells });
});

type PriceMove = Comparison['steps'][number]['prices'][number];

const otherWork = ['workload.volume=900 requests/day', 'tasks.0.tokens.input=9000'];
const moved: { name: string; changes: string[][] }[] = [{ name: 'a fleet in time', changes: [otherWork] }];

test.each(moved)('compare and check over two snapshots: $name', async ({ name, changes }) => {
  const now = await smallCase(name);
  const then = await smallCase(name, '2025-09-30');
  const side = ({ read, tables, prose }: typeof now, more: readonly string[] = []) => {
    const changed = more.length === 0 ? read : readScenario(read.text, { file: read.file, tables, set: more }).scenario;
    if (changed === null) throw new Error(`${more} cannot be set`);
    const judge = { tables, prose, asOf: tables === then.tables ? '2025-10-20' : asOf };
    const decision = decide(changed, judge, { tool, draws: false });
    return { name: tables.snapshot.date, decision, judged: judgedBy(changed, judge) };
  };
  const sides = [side(then), side(now), ...changes.map((change) => side(now, change))];
  const { rules } = readRules(['flip', 'cost>+10%', 'cost>8000', 'margin<5%', 'stale>30d', 'infeasible']);
  const { steps } = compare(sides, { tool });
  const told = comparedReport({ steps } as Comparison, sides, rules);
  const kept = compare(
    sides.map(({ name: known, decision }) => ({ name: known, decision, judged: null })),
    { tool },
  );
  const change = steps.at(-1) ?? null;
  const last = sides.at(-1) as (typeof sides)[number];
  const read = readScenario(now.read.text, {
    file: now.read.file,
    tables: now.tables,
    set: ['expect.maxMonthlyCost=1'],
  });
  const asked = { decision: last.decision, before: sides[1]?.decision ?? null, baseline: 'main', change, problems: [] };
  const checked = [
    judged({ ...asked, read: read.scenario as ReadScenario }, rules),
    unreadable('b.yaml', read.problems),
  ];
  const report = checkReport(checked, { tool, rules, baseline: 'main' });
  const without = <Told extends object>(one: Told) => ({ ...one, decision: null, change: null });
  const moved = ({ row, figure, change: how, before, after, billedBefore, billedAfter }: PriceMove) =>
    `${row} ${figure} ${how}: ${before} -> ${after}, billed ${billedBefore} -> ${billedAfter}`;
  const short = (list: readonly PriceMove[]) => list.map(moved);
  await same(`compare ${name}`, {
    steps: steps.map(({ prices, ...step }) => ({ ...step, prices: short(prices) })),
    told: told.map(without),
    kept: kept.steps.map(({ inputs, prices }) => ({ inputs, prices: short(prices) })),
    report: { ...report, results: report.results.map(without) },
  });
});

test('sweep of prices of one’s own', async () => {
  const { read, tables } = await smallCase('prices of their own, and what the tables lack');
  const { axes } = readAxes(['prices.discounts.0.percent=0,60,200', 'workload.volume=20k,2M'], 100);
  const grid = gridOf(axes);
  const decideCell = cellDecider({ read, set: [], tables, asOf }, grid);
  const cells = Array.from({ length: grid.cells }, (_, place) => decideCell(grid.cellAt(place)));
  await same('sweep of prices', cells);
});

test('explain: figures that there are not, and one by another case of letters', async () => {
  const { read, tables, prose } = await smallCase('a second provider while the first is down');
  const answers = ['nothing', 'tokens.inputt', 'UPFRONTCOST'].map((figure) => {
    const found = explain(read, tables, { asOf, plan: null, figure, prose, tool });
    return 'code' in found ? found : found.figure;
  });
  await same('figures unknown', answers);
});

test('flips: every input', async () => {
  const { read, tables, prose } = await smallCase('a second provider while the first is down');
  const { recommendation } = assess(read, tables, { asOf, prose, tool, flips: 'all', draws: 'none' });
  await same('every flip', [recommendation.flips, recommendation.noFlips]);
});

const onTheWay: string[] = ['evening peaks handed over to an API', 'the most capable within a budget'];

test.each(onTheWay)('the way to the plan, and where it costs the same as others: %s', async (name) => {
  const { read, tables, prose } = await smallCase(name);
  const decision = assess(read, tables, { asOf, prose, tool, flips: 'none', draws: 'none' });
  const { playbook, breakEven: pairs, recommendation } = decision;
  const step = ({ id, do: text }: (typeof playbook)[number]) => `${id}: ${text}`;
  await same(`way ${name}`, {
    playbook: playbook.map(step),
    breakEven: pairs.map(({ a, b, crossings, never }) => [a, b, crossings, never]),
    why: recommendation.why,
  });
});
