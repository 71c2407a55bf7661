import { describe, expect, test } from 'vitest';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { decide, type Written } from '../support/scenario.js';

const tables = fewRows(await shippedTables());

/** What the best closed model alone can do, and data that may not leave the own account: no option serves both. */
const two = (more: Partial<Written> = {}): Written => ({
  workload: { volume: '5k requests/day', profile: 'flat' },
  tasks: [
    { name: 'hard', type: 'complex-reasoning', capability: { minIndex: 90 } },
    { name: 'files', type: 'extraction', data: { boundary: 'own-account' } },
  ],
  preferences: { only: ['cloud-api', 'self-hosted-cloud'] },
  ...more,
});

const told = async (written: Written) => {
  const { recommendation, nearestMisses } = await decide(written, { tables, point: true });
  const away = recommendation.why.filter(({ code }) => code === 'one-rule-away');
  expect(recommendation.reasons).toEqual(recommendation.why.map(({ text }) => text));
  return { status: recommendation.status, away, cost: recommendation.monthlyCost, nearestMisses };
};

describe('nothing fits, and no option tells which rule is in the way', () => {
  test('of a budget: the plan of several places that would fit without it, and by how much it misses it', async () => {
    const free = await told(two());
    expect(free.status).not.toBe('infeasible');
    expect(free.away).toEqual([]);
    const { status, away, nearestMisses } = await told(two({ budget: { monthly: 1000 } }));
    expect(status).toBe('infeasible');
    // Options by themselves miss it too, but never alone.
    expect(nearestMisses.every(({ gate, stillFails }) => gate !== 'budget' || stillFails.length > 0)).toBe(true);
    // Never that data go further than they may.
    expect(away.map(({ text }) => text).filter((text) => text.includes('rule boundary'))).toEqual([]);
    const budget = away.find(({ text }) => text.includes('rule budget'));
    expect(budget?.text).toMatch(
      /^but for the rule budget this would do, \$[\d,]+ a month: hard on closed API .*; files on rented GPU .* a month in cash against a budget of \$1,000\)$/,
    );
    expect(budget?.figures.cost).toBeCloseTo(free.cost ?? Number.NaN, 6);
  });

  test('of a rule about options: each is left out in turn, and what it asks is said', async () => {
    const data = { sensitivity: 'regulated', regimes: ['gdpr'], kinds: ['personal', 'special-category'] };
    const written = two({ data: { ...data, agreements: ['dpa', 'scc'], residency: ['eu'] } });
    const { status, away } = await told(written);
    expect(status).toBe('infeasible');
    const regimes = away.find(({ text }) => text.startsWith('but for the rule regimes'));
    expect(regimes?.text).toContain('data.declared');
    const declared = await told(
      two({ data: { ...data, agreements: ['dpa', 'scc'], residency: ['eu'], declared: ['art9-ground', 'dpia'] } }),
    );
    expect(declared.status).not.toBe('infeasible');
    expect(regimes?.figures.cost).toBeLessThanOrEqual((declared.cost ?? 0) * (1 + 1e-9));
  });

  test('where an option misses a rule alone, that is told as a near miss, and nothing beside it', async () => {
    const one = two({
      tasks: two().tasks.slice(1),
      budget: { monthly: 1000 },
      preferences: { only: ['self-hosted-cloud'] },
    });
    const { status, away, nearestMisses } = await told(one);
    expect(status).toBe('infeasible');
    expect(nearestMisses.some(({ stillFails }) => stillFails.length === 0)).toBe(true);
    expect(away).toEqual([]);
  });
});
