import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { findOption } from '../../src/decide/find-option.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { mayRun } from '../../src/decide/gates/gate.js';
import { gateOrder } from '../../src/decide/gates/registry.js';
import { indexTurn } from '../../src/decide/gates/turns.js';
import { lookAt, planVerdicts } from '../../src/decide/option-report.js';
import type { Slice } from '../../src/scenario/demand.js';
import { resolve } from '../../src/scenario/resolve.js';
import type { Tables } from '../../src/tables/tables.js';
import { shippedTables } from '../load.js';
import { dayOf, gateCases, planCases } from './gate-cases.js';
import { anyScenario, readAny } from './random-scenarios.js';
import { asOf, caseOf, type Written } from './scenario.js';

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});

/** Verdicts that turn an option down, by gate and task, with where they say that they would turn. */
function blocking(written: Written, id: string, set: string[], day: string) {
  const read = readAny(written, tables, set);
  if (read === null) return null;
  const of = { demand: resolve(read, tables, day), tables };
  const option = findOption(id, of);
  // Machines of one's own stand where the data may be.
  if (option === null) return [];
  return lookAt(option, of)
    .verdicts.filter(({ verdict }) => !mayRun(verdict))
    .map(({ gate, task, verdict }) => ({ gate, task, turnsAt: verdict.why().turnsAt }));
}

const setting = ({ path, value }: { path: string; value: number | string }) => `${path}=${value}`;

/** Rules that no field of a scenario turns. */
const fixed = new Set(['available', 'license', 'devices', 'owned-once']);

describe('a verdict turns where it says', () => {
  test.each(
    gateCases.filter(({ says, gate }) => says === undefined && !fixed.has(gate)).map((one) => ({ ...one, one })),
  )('$gate: $option', ({ gate, option, written, one }) => {
    const day = dayOf(one, 0);
    const [found] = blocking(written, option, [], day) ?? [];
    expect(found?.gate).toBe(gate);
    if (found?.turnsAt == null) throw new Error(`${gate} does not say where it turns`);
    expect(blocking(written, option, [setting(found.turnsAt)], day)?.filter((other) => other.gate === gate)).toEqual(
      [],
    );
  });

  test.each(planCases.filter(({ gate }) => !fixed.has(gate)))('$gate: $plan', ({ gate, plan, written }) => {
    const turned = (set: string[]) => {
      const read = readAny(written, tables, set);
      if (read === null) throw new Error(`${set} is refused`);
      const of = { demand: resolve(read, tables, asOf), tables };
      const found = findPlan(plan, of);
      if (typeof found === 'string') throw new Error(found);
      return planVerdicts(found, of).filter((one) => one.gate === gate && !mayRun(one.verdict));
    };
    const turnsAt = turned([])[0]?.verdict.why().turnsAt;
    if (turnsAt == null) throw new Error(`${gate} does not say where it turns`);
    expect(turned([setting(turnsAt)])).toEqual([]);
  });

  test('every rule is looked at, or known not to turn', () => {
    const seen = new Set([...[...gateCases, ...planCases].map(({ gate }) => gate), ...fixed]);
    expect([...seen].sort()).toEqual([...gateOrder].sort());
  });

  test('on any option, in any scenario', () => {
    const options = [
      'cloud-api/openai/gpt-4o',
      'cloud-api/anthropic/claude-haiku-4-5',
      'cloud-api/deepseek/deepseek-v4-flash',
      'open-model-api/azure/phi-4',
      'open-model-api/groq/meta-llama/llama-4-scout-17b-16e-instruct',
      'self-hosted-cloud/aws/llama-3.1-8b@fp8/g6.xlarge/us-east-1/on-demand',
      'self-hosted-cloud/gcp/llama-3.1-8b@fp8/g2-standard-4/us-central1/spot',
      'serverless-gpu/modal/llama-3.1-8b@fp8/functions-l4-24gb',
      'on-prem/own-room/llama-3.1-8b@gguf-q4_k_m/1xapple-m3-max-64gb/us/bought',
    ];
    const turned = new Map<string, number>();
    fc.assert(
      fc.property(anyScenario, fc.constantFrom(...options), (written, id) => {
        const found = blocking(written, id, [], asOf);
        fc.pre(found !== null);
        for (const { gate, task, turnsAt } of found ?? []) {
          if (turnsAt === null) continue;
          const after = blocking(written, id, [setting(turnsAt)], asOf);
          const name = `${gate} of ${task} on ${id}, ${setting(turnsAt)}`;
          expect(after, `${name} cannot be read`).not.toBeNull();
          expect(
            after?.some((other) => other.gate === gate && other.task === task),
            name,
          ).toBe(false);
          turned.set(gate, (turned.get(gate) ?? 0) + 1);
        }
      }),
      { seed: 7, numRuns: 150 },
    );
    expect([...turned.keys()].length).toBeGreaterThan(12);
  });
});

/** Of the ways to say a capability only one may be written: another one gives way. */
test.each([
  { written: undefined, turn: { path: 'tasks.faq.capability.minIndex', value: 30.5 } },
  { written: { minIndex: 50 }, turn: { path: 'tasks.faq.capability.minIndex', value: 30.5 } },
  { written: { tier: 'strong' }, turn: { path: 'tasks.faq.capability', value: '{minIndex: 30.5}' } },
  { written: { relative: '95%' }, turn: { path: 'tasks.faq.capability', value: '{minIndex: 30.5}' } },
])('a smaller index in place of $written', async ({ written, turn }) => {
  const task = { name: 'faq', type: 'faq-chat', ...(written && { capability: written }) };
  const { demand } = await caseOf({ workload: { volume: 100 }, tasks: [task] });
  expect(indexTurn(demand.slices[0] as Slice, 30.5)).toEqual(turn);
});

test('an index to be written by hand has two digits after the point, and never asks for more', async () => {
  const { demand } = await caseOf({
    workload: { volume: '1k' },
    tasks: [{ name: 'faq', type: 'faq-chat', capability: { tier: 'strong' } }],
  });
  const { value } = indexTurn(demand.slices[0] as Slice, 38.127999);
  expect(value).toBe('{minIndex: 38.12}');
});
