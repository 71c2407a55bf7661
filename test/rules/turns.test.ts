import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { findPlan } from '../../src/decide/find-plan.js';
import { findOption, lookAt, planVerdicts } from '../../src/decide/option-report.js';
import { gateOrder } from '../../src/rules/registry.js';
import { indexTurn, mayRun } from '../../src/rules/rule.js';
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

describe('a rule missed in two ways tells both, and names no field that alone would not do', () => {
  const one = (more: object, rest: object = {}): Written => ({
    workload: { volume: '20k' },
    // Such prompts take longer than anybody waits for unasked, which is not the matter here.
    tasks: [{ name: 't', type: 'faq-chat', latency: { ttftP95: 'any' }, ...more }],
    ...rest,
  });
  const agreements = { signed: [], canSign: ['dpa'] };
  test.each([
    {
      option: 'cloud-api/minimax/MiniMax-M2.7+thinking',
      written: one({ capability: { minIndex: 99 } }),
      told: /thinks first, which t does not allow; .* scores [\d.]+, t needs 99\.0$/,
    },
    {
      option: 'cloud-api/anthropic/claude-haiku-4-5',
      written: one({ tokens: { input: 950_000, output: 130_000 } }),
      told: /holds 200000 tokens; it writes at most 64000 tokens$/,
    },
    {
      option: 'cloud-api/anthropic/claude-haiku-4-5',
      written: one({ tokens: { input: 1_500_000, output: 500, cacheablePrefix: 1_400_000 } }),
      told: /holds 200000 tokens$/,
    },
    {
      option: 'cloud-api/alibaba/qwen-turbo',
      written: one({}, { data: { sensitivity: 'regulated', regimes: ['gdpr', 'hipaa'], agreements } }),
      told: /a BAA is neither signed nor signable; ask alibaba about a BAA that names/,
    },
  ])('$option: $told', ({ option, written, told }) => {
    const read = readAny(written, tables, []);
    if (read === null) throw new Error('refused');
    const context = { workload: resolve(read, tables, asOf), tables };
    const found = findOption(option, context);
    if (found === null) throw new Error(`no ${option}`);
    const whys = lookAt(found, context)
      .verdicts.filter(({ verdict }) => !mayRun(verdict))
      .map(({ verdict }) => verdict.why());
    const why = whys.find(({ reason }) => told.test(reason));
    expect(whys.map(({ reason }) => reason).join(' | ')).toMatch(told);
    expect(why?.turnsAt).toBeNull();
  });

  test('a prefix given as tokens stays within the shorter prompt that is named', () => {
    const named = (cacheablePrefix: number | string) =>
      blocking(
        one({ tokens: { input: 300_000, output: 500, cacheablePrefix } }),
        'cloud-api/anthropic/claude-haiku-4-5',
        [],
        asOf,
      )?.find(({ gate }) => gate === 'context')?.turnsAt;
    expect(named(150_000)).toEqual(named('50%'));
    expect(named(150_000)).toMatchObject({ path: 'tasks.t.tokens.input' });
    expect(named(250_000)).toBeNull();
  });

  test('both budgets', () => {
    const missed = (budget: object) => {
      const read = readAny(one({}, { budget }), tables, []);
      if (read === null) throw new Error('refused');
      const context = { workload: resolve(read, tables, asOf), tables };
      const plan = findPlan('on-prem/colocation/gemma-4-e2b@int8-w8a8/4xl4-24gb/us/bought', context);
      if (typeof plan === 'string') throw new Error(plan);
      return planVerdicts(plan, context)
        .find(({ gate, verdict }) => gate === 'budget' && !mayRun(verdict))
        ?.verdict.why();
    };
    expect(missed({ monthly: 100, upfront: 1000 })).toMatchObject({
      need: 'at most $100 a month in cash, at most $1,000 up front',
      have: expect.stringMatching(/^\$[\d,]+ a month in cash, \$[\d,]+ up front$/),
      reason: expect.stringMatching(
        /a month in cash against a budget of \$100; \$[\d,]+ up front against a budget of \$1,000$/,
      ),
      turnsAt: null,
      figures: { need: 100, needUpfront: 1000 },
    });
    expect(missed({ upfront: 1000 })).toMatchObject({
      have: expect.stringMatching(/^\$[\d,]+$/),
      turnsAt: { path: 'budget.upfront' },
      figures: { need: 1000 },
    });
    expect(missed({ monthly: 100 })?.turnsAt?.path).toBe('budget.monthly');
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
  const { workload } = await caseOf({ workload: { volume: 100 }, tasks: [task] });
  expect(indexTurn(workload.taskParts[0] as TaskPart, 30.5)).toEqual(turn);
});

test('an index to be written by hand has two digits after the point, and never asks for more', async () => {
  const { workload } = await caseOf({
    workload: { volume: '1k' },
    tasks: [{ name: 'faq', type: 'faq-chat', capability: { tier: 'strong' } }],
  });
  const { value } = indexTurn(workload.taskParts[0] as TaskPart, 38.127999);
  expect(value).toBe('{minIndex: 38.12}');
});
