import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { recomputed, type Traced } from '../src/cost/traced.js';
import { assess } from '../src/decide/assess.js';
import type { Decision } from '../src/decide/decision.js';
import { type ExplainedFigure, type Explanation, explain } from '../src/decide/explain.js';
import { figuresOf } from '../src/decide/figures.js';
import { planById } from '../src/decide/named-plan.js';
import type { Plan } from '../src/decide/plan.js';
import type { Case } from '../src/placements/placement.js';
import { explainJson, explainTable } from '../src/report/explain.js';
import { type ReadScenario, readScenario } from '../src/scenario/read.js';
import { resolve } from '../src/scenario/resolve.js';
import type { Prose, Tables } from '../src/tables/tables.js';
import { shipped } from './load.js';

const asOf = '2026-11-20';
const tool = { name: 'deploy-advisor', version: '0.0.0' };
const folder = new URL('../scenarios/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''));
const slow = 120_000;

let tables: Tables;
let prose: Prose;
beforeAll(async () => {
  ({ tables, prose } = await shipped());
});

function scenarioOf(name: string, ...set: string[]): ReadScenario {
  const text = readFileSync(new URL(`${name}.yaml`, folder), 'utf8');
  const { scenario, problems } = readScenario(text, { file: `scenarios/${name}.yaml`, tables, set });
  if (scenario === null) throw new Error(`${name}: ${JSON.stringify(problems)}`);
  return scenario;
}

/** Every listed option that has a price, and the plan, with what `assess` says their figures are. */
function shownIn(
  name: string,
  ...set: string[]
): { of: Case; shown: { plan: Plan; figures: Record<string, number> }[] } {
  const read = scenarioOf(name, ...set);
  const of = { demand: resolve(read, tables, asOf), tables };
  const { recommendation, options }: Decision = assess(read, tables, { asOf, prose, tool });
  const planOf = (id: string): Plan => {
    const found = planById(id, of);
    if (!found?.plan) throw new Error(`${id}: ${found?.problem}`);
    return found.plan;
  };
  const { plan, costParts, assignments } = recommendation;
  const money = ['monthlyCost', 'firstMonthCost', 'peakMonthCost', 'upfrontCost', 'costPerRequest'] as const;
  const others = ['costPerMillionTokens', 'fteNeeded', 'cashExtra'] as const;
  const advised =
    plan === null
      ? []
      : [
          {
            plan: planOf(plan),
            figures: {
              ...Object.fromEntries([...money, ...others].map((id) => [id, recommendation[id] ?? Number.NaN])),
              ...Object.fromEntries(costParts.map(({ part, monthly }) => [part, monthly])),
            },
          },
        ];
  const listed = options
    .filter(({ monthlyCost }) => monthlyCost !== null)
    .map((option) => {
      const alone = assignments.every((each) => each.option === option.id);
      const inPlan = assignments.some((each) => each.option === option.id) && !alone;
      const known: [string, number | null][] = [
        ['monthlyCost', option.monthlyCost],
        ['upfrontCost', option.upfrontCost],
        ['fteNeeded', option.fte],
        ['capability', option.capability],
        ['ttftP95Ms', option.ttftP95Ms],
        ['tokensPerSecond', option.tokensPerSecond],
        // In a plan of several, the report shows the machines of the plan's part.
        ['replicas', inPlan ? null : option.replicas],
        ['utilization', inPlan ? null : option.utilization],
        ...option.costParts.map(({ part, monthly }): [string, number] => [part, monthly]),
      ];
      return { plan: planOf(option.id), figures: Object.fromEntries(known.filter(([, value]) => value !== null)) };
    });
  return { of, shown: [...advised, ...listed] as { plan: Plan; figures: Record<string, number> }[] };
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

/** Nodes whose parts do not make them. */
function wrong(traced: Traced, path = ''): string[] {
  const here = `${path} > ${traced.label}`;
  const made = recomputed(traced);
  return [
    ...(near(made, traced.value) ? [] : [`${here}: ${traced.value}, its leaves make ${made}`]),
    ...traced.parts.flatMap((part) => wrong(part, here)),
  ];
}

function faults({ of, shown }: ReturnType<typeof shownIn>): string[] {
  return shown.flatMap(({ plan, figures }) => {
    const told = figuresOf(plan, of);
    const unlike = Object.entries(figures).flatMap(([id, value]) => {
      const traced = told.get(id);
      if (traced === undefined) return [`${plan.id} ${id}: not told`];
      return near(traced.value, value) ? [] : [`${plan.id} ${id}: ${traced.value} instead of ${value}`];
    });
    return [...unlike, ...[...told].flatMap(([id, traced]) => wrong(traced, `${plan.id} ${id}`))];
  });
}

test.each(names)(
  'the leaves of every figure of %s make what assess shows',
  (name) => {
    const all = shownIn(name);
    expect(all.shown.length).toBeGreaterThan(1);
    expect(faults(all)).toEqual([]);
  },
  slow,
);

test.each([
  ['enterprise-suite', 'workload.growth=4% per month'],
  ['support-chatbot', 'workload.turns=4', 'workload.growth=-3% per month', 'assumptions.priceDeclinePerYear=30%'],
  ['regulated-hybrid', 'workload.volume=3M requests/day', 'workload.horizon=30 months'],
  ['nightly-calls', 'workload.growth=10% per month', 'assumptions.priceDeclinePerYear=20%'],
])(
  'and where months differ: %s with %s',
  (name, ...set) => {
    expect(faults(shownIn(name, ...set))).toEqual([]);
  },
  slow,
);
