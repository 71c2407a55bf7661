import { expect, test } from 'vitest';
import { type Predictor, predictRow, type RowPrediction } from '../../src/calibration/predict.js';
import { measurementOf } from '../../src/capacity/measurement.js';
import { capacityAssumptions } from '../../src/capacity/replica.js';
import { type CapacityQuestion, capacityOn } from '../../src/cost/capacity-cost.js';
import { capacityJson, capacityTable } from '../../src/report/capacity.js';
import { predictedCsv } from '../../src/report/capacity-answers.js';
import { shippedTables } from '../support/load.js';
import { sampled } from '../support/sample.js';
import { likelyIn } from '../support/scenario.js';

/** Machines of the catalog with a few models and odd requests: nothing is printed that is no figure, nothing too wide. */
const tables = await shippedTables();
const predictor: Predictor = {
  ...{ catalog: tables, efficiency: tables.efficiency, residuals: tables.residuals, bands: tables.bands },
  ...{ assumed: capacityAssumptions(likelyIn(tables)), own: [] },
};
const prices = { snapshot: '2026-08-21', asOf: '2026-11-20', ageDays: 91 };
const slip = /NaN|Infinity|undefined|null|\[object|[\s$(]\d[\d.]*e[+-]\d/;

type Asked = { prompt: number; output: number; load: CapacityQuestion['load']; targets?: CapacityQuestion['targets'] };
const question = (modelFamily: string, accelerator: string, count: number, asked: Asked): CapacityQuestion => ({
  measured: measurementOf({
    ...{ modelFamily, accelerator, acceleratorCount: count, engine: 'vllm', concurrency: 1 },
    ...{ promptTokens: asked.prompt, outputTokens: asked.output },
  }),
  contextTokens: null,
  speculation: null,
  spread: { input: 0.9, output: 0.9 },
  load: asked.load,
  targets: asked.targets ?? [],
  rule: { highestLoad: 0.7, spare: 1, spareShare: 0.1 },
});
const rate = (ratePerS: number) => ({ is: 'rate', ratePerS }) as const;
const users = (count: number) => ({ is: 'users', users: count }) as const;
const targets = [{ of: 'ttft', at: 'p95', limitS: 0.5 }] as const;

const requests: Asked[] = [
  { prompt: 1500, output: 500, load: rate(8), targets },
  { prompt: 1500, output: 500, load: null },
  { prompt: 1, output: 1, load: users(1_000_000) },
  { prompt: 1500, output: 0, load: rate(1e-9) },
  { prompt: 0, output: 500, load: rate(0) },
  { prompt: 200_000, output: 1, load: users(1) },
  { prompt: 999_999_999, output: 999_999_999, load: rate(1e12) },
];
const models = ['llama-3.1-8b', 'deepseek-v3', 'gemma-3-27b', 'gpt-oss-120b'];

/** Some of each architecture. */
const machines = sampled(tables.accelerators, 8, {
  group: ({ architecture }) => `${architecture}`,
  name: ({ accelerator }) => accelerator,
});

test.each(requests.map((asked) => [JSON.stringify(asked), asked] as const))('one machine: %s', (_, asked) => {
  for (const { accelerator } of machines) {
    for (const model of models) {
      const count = model === 'deepseek-v3' ? 8 : 1;
      const of = question(model, accelerator, count, asked);
      const found = capacityOn(of, tables, predictor);
      if (typeof found === 'string') throw new Error(found);
      const shown = { prices, question: of, found, measured: [] };
      const text = capacityTable(shown);
      expect(slip.exec(text)?.[0], text).toBeUndefined();
      for (const line of text.split('\n')) expect(line.length, text).toBeLessThanOrEqual(80);
      for (const columns of [60, 40]) {
        const narrow = capacityTable(shown, columns);
        for (const line of narrow.split('\n')) expect(line.length, narrow).toBeLessThanOrEqual(columns);
        // No word is broken.
        expect(narrow.split(/\s+/)).toEqual(text.split(/\s+/));
      }
      // JSON has null for what is no number: only where nothing can be said.
      const empty: string[] = [];
      JSON.parse(capacityJson(shown), (key, value) => {
        if (value === null) empty.push(key);
        return value;
      });
      const may =
        `prefixHitRate speculation contextTokens load fleet unmet own ofPredicted price usdPerMTok published`.split(
          /\s+/,
        );
      for (const key of empty) expect([...may, 'usdPerMOutputTok']).toContain(key);
      expect(found.answer.fits ? text : '').not.toContain('does not fit');
    }
  }
});

test('rows of a table: every machine, with the odd requests', () => {
  const rows = tables.accelerators.flatMap(({ accelerator }) =>
    requests.slice(0, 5).flatMap(({ prompt, output }) =>
      [null, 1, 1e6].map((concurrency) => {
        const names = { modelFamily: 'llama-3.1-8b', accelerator, promptTokens: prompt, outputTokens: output };
        return predictRow(measurementOf({ ...names, concurrency }), predictor);
      }),
    ),
  );
  const good = rows.filter((row): row is RowPrediction => typeof row !== 'string');
  const small = rows.filter((row) => typeof row === 'string');
  expect(good.length).toBeGreaterThan(small.length);
  for (const error of small) expect(error).toMatch(/^does not fit: /);
  const text = predictedCsv(
    ['id'],
    good.map((prediction, line) => ({ cells: [''], line, prediction })),
  );
  expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
  for (const { outputTokensPerS, low, high } of good) {
    if (outputTokensPerS === null) continue;
    expect(low).toBeLessThan(outputTokensPerS);
    expect(high).toBeGreaterThan(outputTokensPerS);
  }
});
