import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { failedGates, lookAt, optionById } from '../../src/decide/option-report.js';
import { resolve } from '../../src/workload/resolve.js';
import { asOf, readCommitted } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { tool } from '../support/scenario.js';

/** What a near miss names as a way out, written into the scenario: which rules are left then. */

test.each([
  ['clinic-notes', ['budget.monthly=1'], 'budget'],
  [
    'coding-agent',
    ['needs.fineTuning=true', 'needs.availability=99.99%', 'preferences.only=[cloud-api]'],
    'availability',
  ],
])(
  '%s with %s: rules that stand in the way at the value named, %s among them, and no others',
  async (name, set, rule) => {
    const { tables, prose } = await shipped();
    const read = (...more: string[]) => readCommitted(name, [...set, ...more]);
    const { nearestMisses } = assess(await read(), tables, { asOf, prose, tool, point: true });
    const named = nearestMisses.filter(({ turnsAt }) => turnsAt !== null);
    expect(named.length).toBeGreaterThan(0);
    for (const { option: id, turnsAt, stillFails, gate, task } of named) {
      const context = { workload: resolve(await read(`${turnsAt?.path}=${turnsAt?.value}`), tables, asOf), tables };
      const option = optionById(id, context);
      if (option === null) throw new Error(id);
      const left = failedGates(lookAt(option, context)).map((one) => ({ gate: one.gate, task: one.task }));
      expect(stillFails, id).toEqual(left);
      expect(left, id).not.toContainEqual({ gate, task });
    }
    expect(named.flatMap(({ stillFails }) => stillFails.map((one) => one.gate))).toContain(rule);
  },
);
