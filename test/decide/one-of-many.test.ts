import { expect, test } from 'vitest';
import type { ExplainedFigure, Explanation } from '../../src/decide/explain.js';
import { onPage } from '../../src/report/document.js';
import { explainTable } from '../../src/report/explain.js';
import { recommended } from '../../src/report/recommendation.js';
import { hybrid } from '../support/report-decisions.js';

const figure = (value: number, unit: string): ExplainedFigure => ({
  label: 'it',
  value,
  unit,
  how: 'given',
  formula: null,
  parts: [],
  sources: [],
  assumption: null,
  scenario: null,
});

test.each([
  [1, 'units', '1 unit'],
  [1, 'replicas', '1 replica'],
  [2, 'replicas', '2 replicas'],
  [1.0000001, 'copies', '1 copy'],
  [1, 'requests/day', '1 request/day'],
  [1, 'requests in an hour', '1 request in an hour'],
  [1, 'ms', '1 ms'],
  [1, 's', '1 s'],
  [0.5, 'units', '0.5 units'],
])('explain writes %d %s as %s', (value, unit, words) => {
  const explanation = {
    scenario: { name: 'x' },
    tables: { snapshot: '2026-08-21', asOf: '2026-11-20', ageDays: 91, priceBook: null },
    label: 'plan',
    plan: 'plan',
    figure: 'it',
    tree: figure(value, unit),
  } as unknown as Explanation;
  const text = explainTable(explanation, { color: false, width: 80, depth: null });
  expect(text.trimEnd().endsWith(`it: ${words}`), text).toBe(true);
});

test.each([
  [1, 'over 1 month'],
  [12, 'over 12 months'],
])('the cost over %d', (horizonMonths, words) => {
  const decision = { ...hybrid, scenario: { ...hybrid.scenario, horizonMonths } };
  expect(JSON.stringify(recommended(decision, onPage))).toMatch(new RegExp(`${words}[^s]`));
});
