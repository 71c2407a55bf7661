import { describe, expect, test } from 'vitest';
import { filterBy } from '../../src/decide/filter.js';
import { findOption, lookAt } from '../../src/decide/option-report.js';
import { askedRow } from '../../src/decide/shortlist.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { gateOrder, gates } from '../../src/rules/registry.js';
import { mayRun } from '../../src/rules/rule.js';
import type { Tables } from '../../src/tables/tables.js';
import { dayOf, type GateCase, gateCases, planCases } from '../support/gate-cases.js';
import { shippedTables } from '../support/load.js';
import { caseOf, type Written } from '../support/scenario.js';

/** `npm run gates-removed` takes each rule out of the registry in turn and looks whether this file notices. */
async function put(one: GateCase, which: 'written' | 'passes'): Promise<{ context: Context; option: Option }> {
  const shipped = await shippedTables();
  const tables: Tables = which === 'passes' ? (one.passesWith?.(shipped) ?? shipped) : shipped;
  const context = await caseOf(one[which], tables, dayOf(one, which === 'written' ? 0 : 1));
  const option = findOption(one.option, context);
  if (option === null) throw new Error(`no option ${one.option}`);
  return { context, option };
}

/** What every rule says of an option alone: which turn it down, and what is to be done or warned of. */
function said(option: Option, context: Context): { turnedDown: string[]; words: { gate: string; text: string }[] } {
  const { verdicts } = lookAt(option, context);
  return {
    turnedDown: [...new Set(verdicts.filter(({ verdict }) => !mayRun(verdict)).map(({ gate }) => gate))],
    words: verdicts.flatMap(({ gate, verdict }) => {
      const { todos, warning } = verdict.why();
      return [...todos, ...(warning === null ? [] : [warning.message])].map((text) => ({ gate, text }));
    }),
  };
}

describe('a rule that was left out would be missed', () => {
  test.each(gateCases.map((one) => ({ ...one, one })))('$gate: $option', async ({ gate, says, one }) => {
    const asked = await put(one, 'written');
    const other = await put(one, 'passes');
    const [here, there] = [said(asked.option, asked.context), said(other.option, other.context)];
    expect(there.turnedDown).toEqual([]);
    if (says === undefined) {
      expect(here.turnedDown).toEqual([gate]);
      return;
    }
    expect(here.turnedDown).toEqual([]);
    expect(here.words.filter(({ text }) => says.test(text)).map((word) => word.gate)).toEqual([gate]);
    expect(there.words.filter(({ text }) => says.test(text))).toEqual([]);
  });

  test.each(planCases)('$gate: $plan', async ({ gate, plan, written, passes }) => {
    const turnedDown = async (id: string, scenario: Written) => {
      const row = askedRow(id, null, await caseOf(scenario));
      expect(row.monthlyCost, row.verdict).not.toBeNull();
      return row.failedGates.map((failed) => failed.gate);
    };
    expect(await turnedDown(plan, written)).toEqual([gate]);
    expect(await turnedDown(passes.plan, passes.written)).toEqual([]);
  });

  // The search asks the same rules in its own way: early, and only those that a task part asks for.
  test.each(
    gateCases
      .filter(({ gate, says }) => says === undefined && gates.some(({ id }) => id === gate))
      .map((one) => ({ ...one, one })),
  )('the search asks for $gate', async ({ gate, one }) => {
    const { context, option } = await put(one, 'written');
    const failing = (ignore?: string) => {
      const { failing } = filterBy(context, ignore === undefined ? {} : { ignore });
      return context.workload.taskParts.flatMap((taskPart) =>
        failing(option, taskPart, lookAt(option, context).services.get(taskPart) ?? null),
      );
    };
    expect(failing()).toEqual([gate]);
    expect(failing(gate)).toEqual([]);
  });
});

test('every rule has a case', () => {
  expect([...new Set([...gateCases, ...planCases].map(({ gate }) => gate))].sort()).toEqual([...gateOrder].sort());
});
