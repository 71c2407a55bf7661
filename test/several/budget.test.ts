import { expect, test } from 'vitest';
import { kindOf } from '../../src/core/apis.js';
import { type CutWay, severalCase } from '../../src/decide/several-case.js';
import { budgetOf } from '../../src/several/combine.js';
import { searchOf } from '../../src/several/decide.js';
import { apiParts, deviceParts } from '../../src/several/parts.js';
import { leastOfWorkers } from '../../src/several/workers.js';
import { shippedTables } from '../support/load.js';
import { type FamilyName, smallCaseOf } from '../support/small-cases.js';

const families: FamilyName[] = ['plain', 'machines alone', 'upfront budget', 'devices', 'machines that are there'];
const cases = families.flatMap((family) =>
  [0, 1, 2].flatMap((seed) => [2, 3].map((tasks) => ({ family, seed, tasks }))),
);

let onMachines = 0;
test.each(cases)(
  '$tasks tasks, $family $seed: a budget of what a plan pays leaves room for each of its parts',
  async ({ family, seed, tasks: count }) => {
    const context = await smallCaseOf(family, seed, await shippedTables(), { tasks: count });
    const [{ tasks, context: whole, asked }] = severalCase(context).ways as [CutWay];
    const search = searchOf(tasks, whole.workload, { limits: null, asked });
    const { board } = search;
    const direct = [...apiParts(board, true), ...deviceParts(board)];
    for (const kind of kindOf.keys()) {
      const plan = search.cheapest({ takes: (_, first) => first === kind });
      if (plan === null) continue;
      const paid = (what: 'cashUsd' | 'upfrontUsd') =>
        plan.parts.reduce((usd, part) => usd + part[what], 0) * (1 + 1e-9);
      const most = { mostCashUsd: paid('cashUsd'), mostUpfrontUsd: paid('upfrontUsd') };
      const { cashUsd, allows } = budgetOf(board, direct, leastOfWorkers(board), 2 * count, most);
      expect(cashUsd.some(Number.isNaN)).toBe(false);
      for (const { set, unit, offer, cashUsd: usd, second } of plan.parts) {
        expect(cashUsd[set]).toBeGreaterThanOrEqual(usd * (1 - 1e-9));
        if (offer === -1 || second !== null || board.tasks.supply.offers.units.sleeps[unit] === 1) continue;
        expect(allows(unit, set), `${kindOf[kind]} ${set}`).toBe(true);
        onMachines++;
      }
    }
  },
);

test('some of the parts are on machines', () => {
  expect(onMachines).toBeGreaterThan(20);
});
