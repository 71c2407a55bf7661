import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { findPlan } from '../../src/decide/find-plan.js';
import { findOption, lookAt, planVerdicts } from '../../src/decide/option-report.js';
import { gateOrder } from '../../src/rules/registry.js';
import { claimsTurn, indexTurn, mayRun, needTurn } from '../../src/rules/rule.js';
import type { Tables } from '../../src/tables/tables.js';
import { resolve } from '../../src/workload/resolve.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { gateCases, planCases } from '../support/gate-cases.js';
import { shippedTables } from '../support/load.js';
import { anyScenario, readAny } from '../support/random-scenarios.js';
import { asOf, caseOf, type Written } from '../support/scenario.js';

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});

/** Verdicts that turn an option down, by gate and task, with where they say that they would turn. */
function blocking(written: Written, id: string, set: string[], day: string) {
  const read = readAny(written, tables, set);
  if (read === null) return null;
  const context = { workload: resolve(read, tables, day), tables };
  const option = findOption(id, context);
  // Machines of one's own stand where the data may be.
  if (option === null) return [];
  return lookAt(option, context)
    .verdicts.filter(({ verdict }) => !mayRun(verdict))
    .map(({ gate, task, verdict }) => ({ gate, task, turnsAt: verdict.why().turnsAt }));
}

const setting = ({ path, value }: { path: string; value: number | string }) => `${path}=${value}`;

/** Rules that no field of a scenario turns, or only one that would loosen what holds of the data or be a wish for all tasks. */
const fixed = new Set([
  'available',
  'license',
  'made-for',
  'devices',
  'owned-once',
  'boundary',
  'retention',
  'residency',
]);

describe('a verdict turns where it says', () => {
  test.each(
    gateCases.filter(({ says, gate }) => says === undefined && !fixed.has(gate)).map((one) => ({ ...one, one })),
  )('$gate: $option', ({ gate, option, written, one }) => {
    const [day] = one.days;
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
      const context = { workload: resolve(read, tables, asOf), tables };
      const found = findPlan(plan, context);
      if (typeof found === 'string') throw new Error(found);
      return planVerdicts(found, context).filter((one) => one.gate === gate && !mayRun(one.verdict));
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
      'on-prem/own-room/llama-3.1-8b@gguf-q4_k_m/1xapple-m4-max-64gb/us/bought',
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

/** Of the ways to say a capability only one may be written: another one gives way; by hand it has two digits, and never asks for more. */
test.each([
  [undefined, 30.5, { path: 'tasks.faq.capability.minIndex', value: 30.5 }],
  [{ minIndex: 50 }, 30.5, { path: 'tasks.faq.capability.minIndex', value: 30.5 }],
  [{ tier: 'strong' }, 30.5, { path: 'tasks.faq.capability', value: '{minIndex: 30.5}' }],
  [{ relative: '95%' }, 30.5, { path: 'tasks.faq.capability', value: '{minIndex: 30.5}' }],
  [{ tier: 'strong' }, 38.127999, { path: 'tasks.faq.capability', value: '{minIndex: 38.12}' }],
])('a smaller index in place of %j: %d', async (written, index, turn) => {
  const task = { name: 'faq', type: 'faq-chat', ...(written && { capability: written }) };
  const { workload } = await caseOf({ workload: { volume: 100 }, tasks: [task] });
  expect(indexTurn(workload.taskParts[0] as TaskPart, index)).toEqual(turn);
});

test('a need that is taken back leaves the others; things to sign and to do are no one field', async () => {
  const task = { name: 'faq', type: 'faq-chat', needs: ['vision', 'tools'] };
  const { workload } = await caseOf({ workload: { volume: 100 }, tasks: [task] });
  const taskPart = workload.taskParts[0] as TaskPart;
  expect(needTurn(taskPart, 'vision')).toEqual({ path: 'tasks.faq.needs', value: '[tools]' });
  expect(claimsTurn(taskPart, ['org:dpia'])).toEqual({ path: 'data.declared', value: '[dpia]' });
  expect(claimsTurn(taskPart, ['org:dpia', 'agreement:dpa'])).toBeNull();
});
