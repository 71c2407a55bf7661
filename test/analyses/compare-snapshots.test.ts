import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compare, decide, judgedBy } from '../../src/analyses/compare/compare.js';
import type { Comparison } from '../../src/analyses/compare/comparison.js';
import { loadTables } from '../../src/tables/load.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import { readScenario } from '../../src/workload/read.js';
import { asOf } from '../support/committed.js';
import { shippedFiles } from '../support/load.js';
import { sampled } from '../support/sample.js';
import { tool } from '../support/scenario.js';

const slow = 600_000;
const loaded = new Map<string, { tables: Tables; prose: Prose }>();
function tablesOf(date: string): { tables: Tables; prose: Prose } {
  const known = loaded.get(date);
  if (known !== undefined) return known;
  const { tables, prose } = loadTables(shippedFiles(date));
  if (tables === null || prose === null) throw new Error(`${date} does not load`);
  loaded.set(date, { tables, prose });
  return { tables, prose };
}

/** A committed scenario over some snapshots, as `compare` makes it; `set` as the command takes it. */
function history(name: string, over: readonly string[], set: string[] = []): Comparison {
  const file = `scenarios/${name}.yaml`;
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const sides = over.map((date) => {
    const judge = { ...tablesOf(date), asOf };
    const { scenario, problems } = readScenario(text, { file, tables: judge.tables, set, asOf });
    if (scenario === null)
      return { name: date, file, snapshot: date, asOf, why: problems.map(({ message }) => message) };
    return { name: date, decision: decide(scenario, judge, { tool, draws: false }), judged: judgedBy(scenario, judge) };
  });
  return compare(sides, { tool });
}

/** Scenarios whose golden decisions say that the deployment type changed between two snapshots, and which. */
function flipsOfGolden(): { scenario: string; from: string; to: string }[] {
  const golden = readFileSync(new URL('../golden/decisions-by-snapshot.csv', import.meta.url), 'utf8');
  const rows = golden
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [scenario = '', date = ''] = line.split(',');
      const plan = /^[^,]*,[^,]*,("(?:[^"]|"")*"|[^,]*)/.exec(line)?.[1] ?? '';
      return { scenario, date, plan };
    });
  const kind = (plan: string): string => plan.split('/')[0] ?? '';
  return rows.slice(1).flatMap(({ scenario, date, plan }, index) => {
    const before = rows[index] as (typeof rows)[number];
    const single = !plan.includes('=') && !before.plan.includes('=') && plan.includes('/') && before.plan.includes('/');
    return before.scenario === scenario && single && kind(plan) !== kind(before.plan)
      ? [{ scenario, from: before.date, to: date }]
      : [];
  });
}

const flips = flipsOfGolden();

test.each(sampled(flips, 1, { group: ({ to }) => to, name: ({ scenario, to }) => `${scenario} ${to}` }))(
  '$scenario flips from $from to $to, which named rows explain',
  ({ scenario, from, to }) => {
    const { steps, flips: count } = history(scenario, [from, to]);
    expect(count).toBe(1);
    const { advice, prices, plans } = steps[0] as Comparison['steps'][number];
    expect(advice.change).toBe('flip');
    expect(advice.proof).toBe('decided');
    expect(advice.explainedBy.length).toBeGreaterThan(0);
    for (const { what, table, name, figures, source } of advice.explainedBy) {
      expect(['price', 'catalog']).toContain(what);
      expect(table).toMatch(/^(?:api|rental|hosting|models|accelerators|capability)$/);
      expect(name).toContain(what === 'price' ? '/' : '');
      expect(figures.length).toBeGreaterThan(0);
      expect(source).toBeTruthy();
    }
    expect(prices.length).toBeGreaterThan(0);
    expect(plans.filter(({ before, after }) => before.as === 'advised' || after.as === 'advised')).toHaveLength(2);
  },
  slow,
);

test('a plan whose row is gone moves by the prices of the row that answers for its name, which is told', () => {
  // The cheapest that is capable enough: of 2024 one that scores 44.4, of 2025 its little sibling, which scores 38.5.
  const set = ['preferences.objective=cost', 'tasks.support.capability={minIndex: 38}'];
  const [step] = history('support-chatbot', ['2024-06-30', '2025-01-31'], set).steps;
  const [row, formerRow] = ['google/gemini-1.5-flash-002', 'google/gemini-1.5-flash'];
  expect(step?.prices.filter((one) => one.formerRow !== null && one.figure.includes('put_usd_per_mtok'))).toEqual(
    // 0.35 and 1.05 in the one list, 0.075 and 0.3 in the other; above a prompt size twice as much.
    [
      ['input', 0.35, 0.075, -78.571428571],
      ['tier_input', 0.7, 0.15, -78.571428571],
      ['output', 1.05, 0.3, -71.428571429],
      ['tier_output', 2.1, 0.6, -71.428571429],
    ].map(([figure, before, after, percent]) =>
      expect.objectContaining({
        ...{
          table: 'api',
          row,
          formerRow,
          figure: `${figure}_usd_per_mtok`,
          change: 'changed',
          before,
          after,
          percent,
        },
        ...{ billedBefore: true, billedAfter: false },
      }),
    ),
  );
  const gone = step?.prices.filter(({ row: name }) => name === formerRow) ?? [];
  expect(gone.map(({ change }) => change)).toContain('removed');
  const cost = step?.plans.find(({ before }) => before.as === 'advised');
  expect([cost?.before.monthlyCost, cost?.after.monthlyCost].map((usd) => Math.round(usd ?? 0))).toEqual([1613, 403]);
});
