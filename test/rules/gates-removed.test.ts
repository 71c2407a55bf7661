import { describe, expect, test } from 'vitest';
import { admit } from '../../src/core/admitted.js';
import { prepared } from '../../src/core/decide.js';
import { shapeOf } from '../../src/core/shape.js';
import { amongOptions, supplyOf } from '../../src/core/supply.js';
import { planRulesOf } from '../../src/decide/core-choice.js';
import { findOption, lookAt } from '../../src/decide/option-report.js';
import { askedRow } from '../../src/decide/shortlist.js';
import { withoutTarget } from '../../src/decide/task-misses.js';
import { cheapestPlan } from '../../src/decide/task-plans.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { context as contextRule } from '../../src/rules/model.js';
import { gateOrder, gates } from '../../src/rules/registry.js';
import { type Gate, mayRun } from '../../src/rules/rule.js';
import type { Tables } from '../../src/tables/tables.js';
import { type GateCase, gateCases, planCases } from '../support/gate-cases.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

/** `npm run gates-removed` takes each rule out of the registry in turn and looks whether this file notices. */
async function put(one: GateCase, which: 'written' | 'passes'): Promise<{ context: Context; option: Option }> {
  const shipped = await shippedTables();
  const tables: Tables = which === 'passes' ? (one.passesWith?.(shipped) ?? shipped) : shipped;
  const context = await caseOf(one[which], tables, one.days[which === 'written' ? 0 : 1]);
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

/** What the core finds of one model in one scheme at one place, rules about whole plans left out; null: nothing may serve. */
function foundAmong(option: Option, { workload, tables }: Context, ignore: string | null): string | null {
  const quantization = tables.quantization.filter(
    ({ appliesTo, scheme }) =>
      appliesTo !== 'weights' || option.quantization === null || scheme === option.quantization,
  );
  // Only what it is made of and what its provider sells: nothing else may be found.
  const sold = <Row extends { provider: string }>(rows: readonly Row[]): Row[] =>
    rows.filter(({ provider }) => provider === option.provider);
  const rows = { api: sold(tables.api), rental: sold(tables.rental), hosting: sold(tables.hosting) };
  const accelerators = tables.accelerators.filter(({ accelerator }) => accelerator === option.hardware);
  const models = tables.models.filter(({ family }) => family === option.model);
  const context = { workload, tables: tablesWith(tables, { quantization, ...rows, models, accelerators }) };
  const admitted = admit(amongOptions(supplyOf(context), [option]), context, 'first', ignore);
  const start = prepared(shapeOf(admitted, context, ignore === contextRule.id ? 'too-long' : 'held'));
  return cheapestPlan(start, workload, { ...planRulesOf(context), limits: null }).cheapest?.option.id ?? null;
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

  // The core asks the same rules in its own way, as bits of columns.
  test.each(
    gateCases
      .filter(({ gate, says }) => says === undefined && gates.some(({ id }) => id === gate))
      .map((one) => ({ ...one, one })),
  )('the search asks for $gate', async ({ gate, one }) => {
    const { context, option } = await put(one, 'written');
    expect(foundAmong(option, context, null)).toBeNull();
    const rule = gates.find(({ id }) => id === gate) as Gate;
    const free = rule.level === 'service' ? withoutTarget(context, rule) : context;
    expect(foundAmong(option, free, gate)).toBe(option.id);
  });
});

test('every rule has a case', () => {
  expect([...new Set([...gateCases, ...planCases].map(({ gate }) => gate))].sort()).toEqual([...gateOrder].sort());
});
