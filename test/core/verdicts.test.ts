import { expect, test } from 'vitest';
import { z } from 'zod';
import { bitOf, firstRule, verdictsOf } from '../../src/core/admitted.js';
import { ownModelAt } from '../../src/core/catalog.js';
import { isEnough, supplyOf } from '../../src/core/supply.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { context as contextRule } from '../../src/rules/model.js';
import { gates } from '../../src/rules/registry.js';
import { type Gate, mayRun } from '../../src/rules/rule.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { casesIn } from '../support/cases.js';
import { caseOf, type Written } from '../support/scenario.js';

const one = (task: object, more: object = {}): Written => ({
  workload: { volume: 5000, profile: 'flat' },
  tasks: [{ name: 'a', type: 'faq-chat', ...task }],
  ...more,
});

const cells = z.record(z.string(), z.unknown());
const [text, texts] = [z.string().optional(), z.array(z.string()).optional()];
const cases = casesIn('core-verdicts', {
  scenarios: { what: z.string(), task: cells.default({}), with: cells.default({}) },
  data: {
    ...{ sensitivity: text, boundary: text, residency: texts, regimes: texts, kinds: texts, declared: texts },
    agreements: cells.optional(),
  },
});

/** Bits of the rules of some levels that turn an option down, each asked of it alone. */
function asked(option: Option, holds: (gate: Gate) => boolean, context: Context): number {
  const [taskPart] = context.workload.taskParts as [TaskPart];
  return gates.reduce((bits, gate) => {
    if (!holds(gate) || gate.level === 'service' || gate.id === contextRule.id) return bits;
    return mayRun(gate.check(option, taskPart, context, null)) ? bits : bits | bitOf(gate.id);
  }, 0);
}

const names = (bits: number): string[] => gates.filter(({ id }) => (bits & bitOf(id)) !== 0).map(({ id }) => id);

test.each(cases.scenarios)('$what: every rule says what it says of each option', async (asks) => {
  const context = await caseOf(one(asks.task, asks.with));
  const { catalog, apis, offers } = supplyOf(context);
  const verdicts = verdictsOf(catalog, offers, apis, context, 'all');
  const wrong: string[] = [];
  const compare = (option: string, bits: number, expected: number): void => {
    if (bits !== expected) wrong.push(`${option}: ${names(bits)} instead of ${names(expected)}`);
  };
  const ofModel = ({ level }: Gate): boolean => level === 'model';
  for (const [family, { option }] of catalog.families.entries())
    compare(`${option.model} ${option.mode}`, verdicts.families[family] as number, asked(option, ofModel, context));
  for (let item = 0; item < catalog.items.count; item++) {
    const { option } = ownModelAt(catalog, item);
    compare(
      `${option.model} ${option.mode} ${option.quantization}`,
      verdicts.items[item] as number,
      asked(option, ofModel, context),
    );
  }
  for (const [api, option] of apis.option.entries())
    compare(
      option.id,
      verdicts.apis[api] as number,
      asked(option, () => true, context),
    );
  const ofPlace = ({ level, ofMachines }: Gate): boolean => level === 'provider' || ofMachines === true;
  for (const [place, option] of offers.places.entries())
    compare(`${option.kind} ${option.provider}`, verdicts.places[place] as number, asked(option, ofPlace, context));
  expect(wrong.slice(0, 20)).toEqual([]);
});

test('one thing more or less that is asked of the data is seen, whatever was asked of the same tables before', async () => {
  const told = new Set<string>();
  for (const data of [...cases.data, ...cases.data]) {
    const context = await caseOf(one({ capability: { minIndex: 40 } }, { data }));
    const { catalog, apis, offers } = supplyOf(context);
    const { apis: bits } = verdictsOf(catalog, offers, apis, context, 'all');
    const wrong = apis.option.filter((option, api) => bits[api] !== asked(option, () => true, context));
    expect(wrong.map(({ id }) => id)).toEqual([]);
    told.add(bits.join());
  }
  expect(told.size).toBeGreaterThan(6);
});

test('the scenarios have most rules turn something down', async () => {
  const met = new Set<string>();
  for (const asks of cases.scenarios) {
    const context = await caseOf(one(asks.task, asks.with));
    const { catalog, apis, offers } = supplyOf(context);
    const { places, families, items, apis: ofApis } = verdictsOf(catalog, offers, apis, context, 'all');
    for (const bits of [places, families, items, ofApis].flatMap((all) => [...new Set(all)]))
      for (const name of names(bits)) met.add(name);
  }
  const open = gates.filter(({ id, level }) => level !== 'service' && id !== contextRule.id && !met.has(id));
  expect(open.map(({ id }) => id)).toEqual(['devices']);
});

test('of several rules the first of the registry is told', () => {
  const [first, second] = gates as [Gate, Gate];
  expect(firstRule(bitOf(second.id) | bitOf(first.id))).toBe(first.id);
  expect(firstRule(bitOf(second.id))).toBe(second.id);
  expect(firstRule(0)).toBeNull();
  expect(gates.length).toBeLessThan(31);
});

test.each([
  [0.9999, 1, 'one hour in 10,000 without both is just what is asked', true],
  [0.99991, 1, 'less than is asked', false],
  [0.9999, 0.999, 'nobody sees both more often', false],
])('two places of 99 %% for %f, of %f at the most: %s', (asked, most, _, expected) => {
  expect(isEnough({ asked, most } as Parameters<typeof isEnough>[0], 0.99, 0.99)).toBe(expected);
});
