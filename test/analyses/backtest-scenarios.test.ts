import { expect, test } from 'vitest';
import type { ActualMonth, Served } from '../../src/analyses/backtest/actuals.js';
import { type Backtest, backtest } from '../../src/analyses/backtest/backtest.js';
import { predictedBill } from '../../src/analyses/backtest/corrections.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { choose } from '../../src/decide/several-choice.js';
import { asOf, committed, committedCase, readCommitted } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { long } from '../support/sample.js';

/** A cascade, a fleet with overflow, a tuned model with retrieval, two providers; machines, devices and all else in a long run. */
const names = long ? committed : ['support-escalation', 'evening-peaks', 'legal-rag', 'two-providers'];
const firstMonth = '2026-06';
/** The last one is beyond most horizons. */
const indexes = [0, 3, 30];
const monthNames = ['2026-06', '2026-09', '2028-12'];

test.each(names)(
  'the plan of %s: no error where its own bills are paid, and causes that add up where they are not',
  async (name) => {
    const { tables, prose } = await shipped();
    const read = await readCommitted(name);
    const context = await committedCase(name);
    const plan = choose(context).advised;
    if (plan === null) return;
    const tested = (months: ActualMonth[], byTask: boolean): Backtest => {
      const found = backtest(read, tables, {
        asOf,
        plan: plan.id,
        actuals: { months, byTask },
        source: { file: 'a.csv', text: '' },
        prose,
        tool: { name: 'deploy-advisor', version: '0.0.0' },
      });
      if ('code' in found) throw new Error(found.message);
      return found;
    };
    const predicted = indexes.map((index, i): ActualMonth & { tasks: ReadonlyMap<string, Served> } => {
      const bill = predictedBill(plan, context, { firstMonth, months: 31 }, index);
      if (isUnpriced(bill)) throw new Error(bill.unpriced);
      const all = [...bill.tasks.values()];
      const sum = (key: keyof Served) => all.reduce((total, one) => total + one[key], 0);
      return {
        month: monthNames[i] as string,
        index,
        requests: sum('requests'),
        inputTokens: sum('inputTokens'),
        outputTokens: sum('outputTokens'),
        paidUsd: bill.usd,
        tasks: bill.tasks,
      };
    });
    for (const byTask of [true, false]) {
      const told = byTask ? predicted : predicted.map((month) => ({ ...month, tasks: null }));
      const { months, corrections } = tested(told, byTask);
      for (const { causes, error, predicted: usd } of months) {
        for (const each of [error, ...Object.values(causes)]) expect(Math.abs(each)).toBeLessThan(1e-9 * (usd + 1));
      }
      expect(corrections).toEqual([]);
    }
    const fewer = predicted.map((month) => ({
      ...month,
      requests: month.requests * 0.6,
      inputTokens: month.inputTokens * 0.5,
      outputTokens: month.outputTokens * 0.7,
      paidUsd: month.paidUsd * 0.8,
      tasks: null,
    }));
    for (const { causes, error, predicted: usd } of tested(fewer, false).months) {
      expect(Math.abs(causes.volume + causes.mix + causes.price - error)).toBeLessThan(1e-9 * (usd + 1));
      expect(causes.volume).toBeLessThanOrEqual(0);
    }
  },
);
