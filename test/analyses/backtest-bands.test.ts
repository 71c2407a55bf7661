import { beforeAll, describe, expect, test } from 'vitest';
import { type Backtest, backtest, drawnBands } from '../../src/analyses/backtest/backtest.js';
import type { ActualMonth } from '../../src/analyses/backtest/read-actuals.js';
import { uncertainInputs } from '../../src/analyses/uncertainty/inputs.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import { shipped } from '../support/load.js';
import { asOf, caseOf, readWritten, type Written } from '../support/scenario.js';

let tables: Tables;
let prose: Prose;
beforeAll(async () => {
  ({ tables, prose } = await shipped());
});

const gpt4o = 'cloud-api/openai/gpt-4o'; // 2.5 and 10 per 1e6 tokens
/** Days of a January. */
const perMonth = 31;
/** 0.0045 a request, and nothing that the tables are unsure of. */
const linear = (workload: object): Written => ({
  workload: { volume: '1000 requests/day', profile: 'flat', ...workload },
  tasks: [{ name: 'only', type: 'faq-chat', tokens: { input: 1000, output: 200, cacheablePrefix: 0 } }],
  assumptions: { retryRate: 0, defaultLoadedFte: 200_000 },
});
const none = (index: number): ActualMonth => ({
  month: `2026-0${index + 1}`,
  index,
  requests: 0,
  inputTokens: 0,
  outputTokens: 0,
  paidUsd: 0,
  tasks: null,
});

function bands(written: Written, plan: string, indexes: number[], seed = 0): Backtest['months'] {
  const found = backtest(readWritten(written, tables), tables, {
    asOf,
    plan,
    actuals: { months: indexes.map(none), byTask: false },
    source: { file: 'a.csv', text: '' },
    bandsOf: drawnBands(seed),
    prose,
    tool: { name: 'deploy-advisor', version: '0.0.0' },
  });
  if ('code' in found) throw new Error(found.message);
  return found.months;
}

describe('bands', () => {
  test('of a linear bill are those of its volume', async () => {
    const written = linear({ volume: { low: 600, likely: 1000, high: 2000 } });
    const context = await caseOf(written);
    const plan = findPlan(gpt4o, context);
    if (typeof plan === 'string') throw new Error(plan);
    const volume = uncertainInputs(readWritten(written, tables).scenario, [plan], context, 0).find(
      ({ path }) => path === 'workload.volume',
    );
    const [row] = bands(written, gpt4o, [0]);
    const bill = (share: number) => (volume?.quantile(share) ?? 0) * perMonth * 0.0045;
    // 256 draws fill the range evenly: each percentile is off by less than one of them.
    for (const [share, usd] of [
      [0.05, row?.band?.p5],
      [0.5, row?.band?.p50],
      [0.95, row?.band?.p95],
    ] as const) {
      expect(usd).toBeGreaterThan(bill(share - 1 / 128) * 0.999);
      expect(usd).toBeLessThan(bill(share + 1 / 128) * 1.001);
    }
  });

  test('widen with an uncertain growth, and month 1 knows nothing of it', () => {
    const rows = bands(linear({ growth: '0%..10% per month' }), gpt4o, [0, 1, 5]);
    const widths = rows.map(({ band }) => (band === null ? 0 : band.p95 - band.p5));
    expect(widths[0]).toBeLessThan(1e-9);
    expect(widths[1]).toBeGreaterThan(0.05 * 1000 * 28 * 0.0045);
    expect(widths[2]).toBeGreaterThan(4 * (widths[1] as number));
  });

  test('hold prices of one’s own that are ranges', () => {
    const own = (input: unknown) => ({
      ...linear({}),
      prices: { rates: [{ provider: 'openai', model: 'gpt-4o', input, output: 10 }] },
    });
    const [row] = bands(own('2..3'), gpt4o, [0]);
    const [low, high] = [2, 3].map((price) => 1000 * perMonth * (price * 1e-3 + 0.002));
    expect(row?.band?.p5).toBeGreaterThan((low as number) - 1);
    expect(row?.band?.p95).toBeLessThan((high as number) + 1);
    expect((row?.band?.p95 ?? 0) - (row?.band?.p5 ?? 0)).toBeGreaterThan(0.4 * ((high as number) - (low as number)));
  });

  test('of rented machines hold the bill predicted; the same seed gives the same, another one nearly', () => {
    const rented = 'self-hosted-cloud/aws/llama-3.1-8b@fp8/g6.xlarge/us-east-1/on-demand';
    const written: Written = {
      workload: { volume: '300k..500k requests/day', growth: '3% per month' },
      tasks: [{ name: 'only', type: 'faq-chat' }],
    };
    const rows = bands(written, rented, [0, 4]);
    for (const { band, predicted } of rows) {
      expect(band?.p5).toBeLessThan(predicted);
      expect(band?.p95).toBeGreaterThan(predicted);
    }
    expect(bands(written, rented, [0, 4])).toEqual(rows);
    const other = bands(written, rented, [0, 4], 7);
    expect(other).not.toEqual(rows);
    for (const [i, { band }] of other.entries())
      expect(Math.abs((band?.p50 ?? 0) / (rows[i]?.band?.p50 ?? 1) - 1)).toBeLessThan(0.05);
  });
});
