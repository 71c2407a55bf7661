import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { choose } from '../../src/decide/choose.js';
import { type Merits, meritsOf } from '../../src/decide/objective.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Tables } from '../../src/tables/tables.js';
import { byDefinition, everyMerit } from '../support/every-merit.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith } from '../support/scenario.js';

/** Other objectives than cost, on a handful of APIs at random prices and random weights, against a sort of every plan. */

const names = [
  'openai/gpt-4o',
  'openai/gpt-4o-mini',
  'openai/gpt-5-nano',
  'openai/gpt-5-mini',
  'anthropic/claude-haiku-4-5',
  'anthropic/claude-sonnet-5',
  'groq/llama-3.3-70b-versatile',
  'mistral/mistral-small-latest',
];
let tables: Tables;
beforeAll(async () => {
  const all = await shippedTables();
  const api = all.api.filter(({ provider, modelId }) => names.includes(`${provider}/${modelId}`));
  expect(api.length).toBeGreaterThan(5);
  const few = fewRows(all);
  const models = few.models.filter(({ family }) => family === 'qwen3-4b');
  const rental = few.rental.filter(
    ({ instanceType, region }) => instanceType === 'g6.xlarge' && region === 'us-east-1',
  );
  expect(rental.length).toBeGreaterThan(0);
  const modelOf = new Map(models.map((model) => [model.family, model]));
  tables = tablesWith(few, { api, rental, hosting: [], models, modelOf });
});

const dear = { spotUsdPerHour: null, reserved1yUsdPerHour: null, reserved3yUsdPerHour: null };

const priced = (usd: readonly number[], machines: boolean): Tables =>
  tablesWith(tables, {
    api: tables.api.map((row, i) => ({
      ...row,
      inputUsdPerMTok: usd[i] as number,
      outputUsdPerMTok: 3 * (usd[i] as number),
      cachedInputUsdPerMTok: null,
    })),
    // Next to nothing for the machine leaves what people cost.
    rental: tables.rental.flatMap((row) => (machines ? [{ ...row, ...dear, onDemandUsdPerHour: 0.01 }] : [])),
  });

const weight = fc.constantFrom(0, 1, 5);
const asked = fc.record({
  usd: fc.array(fc.constantFrom(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20), { minLength: 8, maxLength: 8 }),
  weights: fc
    .record({ volume: weight, sensitivity: weight, capability: weight, team: weight, latency: weight })
    .filter((weights) => Object.values(weights).some((one) => one > 0)),
  objective: fc.constantFrom('balanced', 'balanced', 'quality'),
  two: fc.boolean(),
  minIndex: fc.constantFrom(10, 30, 45),
  data: fc.constantFrom(
    {},
    { sensitivity: 'pii' },
    { sensitivity: 'pii', agreements: { signed: ['dpa:openai'], canSign: ['dpa'] } },
  ),
  team: fc.constantFrom({}, { team: { devops: 1, mlInfra: 0.5, free: 0.6 } }),
});

test.each([
  { what: 'APIs for a task or two', machines: false, numRuns: 60 },
  { what: 'APIs, and a machine that people run', machines: true, numRuns: 10 },
])(
  'the best by the total, or by capability, is the best of all plans there are: $what',
  async ({ machines, numRuns }) => {
    await fc.assert(
      fc.asyncProperty(asked, async ({ usd, weights, objective, two, minIndex, data, team }) => {
        const task = { type: 'faq-chat', capability: { minIndex } };
        const context = await caseOf(
          {
            workload: { volume: '50k requests/day' },
            tasks:
              two && !machines
                ? [
                    { name: 'a', share: '70%', ...task },
                    { name: 'b', share: '30%', ...task, capability: { minIndex: minIndex + 8 } },
                  ]
                : [task],
            data,
            ...team,
            preferences: { objective, weights, exclude: ['failover', 'overflow', 'on-prem', 'edge', 'serverless-gpu'] },
            assumptions: { objectiveDecisions: 2000 },
          },
          priced(usd, machines),
        );
        const choice = choose(context);
        const cheapest = choice.cheapest as Plan;
        const all = everyMerit(context, cheapest);
        expect(cheapest.monthlyUsd).toBeCloseTo(Math.min(...all.map((one) => one.usd)), 6);
        const value = ({ scores }: Merits) => (objective === 'quality' ? scores.capability : scores.total) ?? 0;
        const { first, best, advised } = byDefinition(all, value, context);
        expect(choice.advice.ranked?.complete).toBe(true);
        const found = meritsOf(choice.advised as Plan, first, context);
        // Capability is told apart in steps of 0.01 points.
        expect(value(found)).toBeGreaterThan(best - 0.02);
        expect(found.usd).toBeLessThan(advised.usd * (1 + 1e-9));
      }),
      { numRuns, seed: 1 },
    );
  },
);
