import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { leversOf } from '../../src/analyses/levers.js';
import type { Decision, LeverReport } from '../../src/decide/decision.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { levers as leverLines } from '../../src/report/details.js';
import { planName } from '../../src/report/plan-words.js';
import { renderText } from '../../src/report/text.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import { readScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { shipped } from '../support/load.js';
import { long } from '../support/sample.js';
import { tool } from '../support/scenario.js';

const asOf = '2026-11-20';
/** Between them they pull every lever somewhere and refuse it elsewhere. */
const names = [
  'coding-agent',
  'million-requests',
  'nightly-calls',
  'police-reports',
  'regulated-hybrid',
  'small-team-documents',
  'support-chatbot',
  'voice-assistant',
];

const cost = 'preferences.objective=cost';
/** Boxes at desks are cheaper than what is reserved, and an API than both: one of them is of rented machines alone. */
const setOf = (name: string): string[] =>
  ({ 'small-team-documents': ['preferences.only=[self-hosted-cloud]', cost], 'million-requests': [cost] })[name] ?? [];

let tables: Tables;
let prose: Prose;
const decided = new Map<string, Decision>();
beforeAll(async () => {
  ({ tables, prose } = await shipped());
});

function decide(
  name: string,
  {
    set = setOf(name),
    include = [],
    levers = true,
    on = tables,
  }: { set?: string[]; include?: string[]; levers?: boolean; on?: Tables } = {},
): Decision {
  const text = readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
  const { scenario, problems } = readScenario(text, { file: `${name}.yaml`, tables, set });
  if (scenario === null) throw new Error(JSON.stringify(problems));
  // The advice and the levers alone: nothing else that a report tells.
  const decision = assess(scenario, on, { asOf, prose, tool, include, point: true });
  const context = { workload: resolve(scenario, on, asOf), tables: on };
  const { advised } = choose(context);
  return { ...decision, levers: levers && advised !== null ? leversOf(advised, scenario, context, prose) : [] };
}

function decisionOf(name: string): Decision {
  const decision = decided.get(name) ?? decide(name);
  decided.set(name, decision);
  return decision;
}

const leverIn = ({ levers }: Decision, id: string): LeverReport => {
  const found = levers.find((lever) => lever.id === id);
  if (found === undefined) throw new Error(`no lever ${id}`);
  return found;
};

test('every lever of the table is told each time: pulled in one scenario, refused with a reason in another', () => {
  const ids = tables.levers.map(({ lever }) => lever);
  const pulled = new Set<string>();
  const refused = new Set<string>();
  for (const name of names) {
    const { levers } = decisionOf(name);
    expect(levers.map(({ id }) => id)).toEqual(ids);
    for (const { id, applies, reason, changes, caveat, sources, monthlyCost, comparison } of levers) {
      (applies ? pulled : refused).add(id);
      expect(reason === null, `${name} ${id}`).toBe(applies);
      expect(changes.length > 0 || comparison !== null, `${name} ${id}`).toBe(applies);
      expect(monthlyCost === null, `${name} ${id}`).toBe(!applies);
      expect(caveat).not.toBe('');
      expect(sources[0]).toMatch(/^levers row \d+: \S/);
    }
  }
  // What is rented by the hour here is reserved already.
  expect([...pulled, 'reserved'].sort()).toEqual([...ids].sort());
  // Prompts too short to cut are among written scenarios only.
  expect([...refused, 'prompt-trim'].sort()).toEqual([...ids].sort());
});

/** Others than the above one that says its volume in tokens. */
const written = ['million-requests', 'police-reports', 'thirty-million-tokens'];
const everywhere = readdirSync(new URL('../../scenarios/', import.meta.url)).flatMap((name) =>
  name.endsWith('.yaml') ? [name.slice(0, -'.yaml'.length)] : [],
);

test.each(long ? everywhere : written)(
  '%s: what a lever tells, set in the scenario, costs what the lever tells',
  (name) => {
    const { recommendation, levers } = decisionOf(name);
    const text = readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
    for (const { id, changes, plan, monthlyCost, extraCost } of levers) {
      if (changes.length === 0) continue;
      const set = [...setOf(name), ...changes.map(({ path, to }) => `${path}=${to}`)];
      const { scenario, problems } = readScenario(text, { file: `${name}.yaml`, tables, set });
      if (scenario === null) throw new Error(`${id}: ${JSON.stringify(problems)}`);
      const then = findPlan(plan ?? recommendation.plan ?? '', { workload: resolve(scenario, tables, asOf), tables });
      if (typeof then === 'string') throw new Error(`${id}: ${then}`);
      const told = (monthlyCost ?? 0) - extraCost;
      expect(Math.abs(then.monthlyUsd - told) / told, `${id} ${set.join(' ')}`).toBeLessThan(1e-9);
    }
  },
);

test('self-hosting stands beside the optimized bill of the APIs, and today beside both', () => {
  const decision = decisionOf('million-requests');
  const all = leverIn(decision, 'all-api-levers');
  // The cheapest of one's own machines and rented ones.
  const own = decision.scorecard.find(({ kind }) => kind === 'on-prem');
  const api = decision.scorecard.find(({ kind }) => kind === 'open-model-api');
  expect(all.comparison).toMatchObject({
    apiCost: api?.monthlyCost,
    optimizedApiCost: all.monthlyCost,
    selfHostedPlan: own?.option,
    selfHostedCost: own?.monthlyCost,
    todayOption: 'cloud-api/openai/gpt-4',
    todayCost: 45_000,
  });
  expect(all.monthlyCost).toBeLessThan(all.comparison?.apiCost ?? 0);
});

test('where all levers together start from another plan than the advised one, that plan is named', () => {
  const told = names.flatMap((name) => {
    const decision = decisionOf(name);
    const { comparison, applies } = leverIn(decision, 'all-api-levers');
    if (!applies || comparison === null) return [];
    const { plan } = decision.recommendation;
    const text = renderText(leverLines(decision), { color: false, width: 2000 }).replace(/\s+/g, ' ');
    const other = comparison.apiPlan !== plan;
    expect(text.includes(', from the cheapest on APIs alone, '), name).toBe(other);
    if (other) expect(text).toContain(`alone, ${planName(decision, comparison.apiPlan)}: `);
    return [other];
  });
  expect(new Set(told)).toEqual(new Set([true, false]));
});
