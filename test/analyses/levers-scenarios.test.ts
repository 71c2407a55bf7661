import { beforeAll, expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { leversOf } from '../../src/analyses/levers.js';
import type { Decision, LeverReport } from '../../src/decide/decision.js';
import { choose } from '../../src/decide/several-choice.js';
import { levers as leverLines } from '../../src/report/details.js';
import { planName } from '../../src/report/plan-words.js';
import { renderText } from '../../src/report/text.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import { resolve } from '../../src/workload/resolve.js';
import { asOf, committed, readCommitted } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { long } from '../support/sample.js';
import { namedPlan, tool } from '../support/scenario.js';

/** Between them they pull every lever somewhere and refuse it elsewhere. */
const names = ['coding-agent', 'million-requests', 'small-team-documents', 'support-chatbot', 'voice-assistant'];

const cost = 'preferences.objective=cost';
/** Boxes at desks are cheaper than what is reserved, and an API than both: one of them is of rented machines alone. */
const setOf = (name: string): string[] =>
  ({ 'small-team-documents': ['preferences.only=[self-hosted-cloud]', cost], 'million-requests': [cost] })[name] ?? [];

let tables: Tables;
let prose: Prose;
const decided = new Map<string, Promise<Decision>>();
beforeAll(async () => {
  ({ tables, prose } = await shipped());
});

async function decide(name: string): Promise<Decision> {
  const read = await readCommitted(name, setOf(name));
  // The advice and the levers alone: nothing else that a report tells.
  const decision = assess(read, tables, { asOf, prose, tool, point: true });
  const context = { workload: resolve(read, tables, asOf), tables };
  const { advised } = choose(context);
  return { ...decision, levers: advised === null ? [] : leversOf(advised, read, context, prose) };
}

function decisionOf(name: string): Promise<Decision> {
  const decision = decided.get(name) ?? decide(name);
  decided.set(name, decision);
  return decision;
}

const leverIn = ({ levers }: Decision, id: string): LeverReport => {
  const found = levers.find((lever) => lever.id === id);
  if (found === undefined) throw new Error(`no lever ${id}`);
  return found;
};

test('every lever of the table is told each time: pulled in one scenario, refused with a reason in another', async () => {
  const ids = tables.levers.map(({ lever }) => lever);
  const pulled = new Set<string>();
  const refused = new Set<string>();
  for (const name of names) {
    const { levers } = await decisionOf(name);
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
test.each(long ? committed : written)(
  '%s: what a lever tells, set in the scenario, costs what the lever tells',
  async (name) => {
    const { recommendation, levers } = await decisionOf(name);
    for (const { id, changes, plan, monthlyCost, extraCost } of levers) {
      if (changes.length === 0) continue;
      const set = [...setOf(name), ...changes.map(({ path, to }) => `${path}=${to}`)];
      const changed = { workload: resolve(await readCommitted(name, set), tables, asOf), tables };
      const then = namedPlan(plan ?? recommendation.plan ?? '', changed);
      const told = (monthlyCost ?? 0) - extraCost;
      expect(Math.abs(then.monthlyUsd - told) / told, `${id} ${set.join(' ')}`).toBeLessThan(1e-9);
    }
  },
);

test('self-hosting stands beside the optimized bill of the APIs, and today beside both', async () => {
  const decision = await decisionOf('million-requests');
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

test('where all levers together start from another plan than the advised one, that plan is named', async () => {
  const told = new Set<boolean>();
  for (const name of names) {
    const decision = await decisionOf(name);
    const { comparison, applies } = leverIn(decision, 'all-api-levers');
    if (!applies || comparison === null) continue;
    const { plan } = decision.recommendation;
    const text = renderText(leverLines(decision), { color: false, width: 2000 }).replace(/\s+/g, ' ');
    const other = comparison.apiPlan !== plan;
    expect(text.includes(', from the cheapest on APIs alone, '), name).toBe(other);
    if (other) expect(text).toContain(`alone, ${planName(decision, comparison.apiPlan)}: `);
    told.add(other);
  }
  expect(told).toEqual(new Set([true, false]));
});
