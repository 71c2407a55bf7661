import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Plan } from '../../src/decide/plan.js';
import { type Reviewed, scoresOf } from '../../src/decide/review.js';
import { capabilityOf, type Option } from '../../src/places/option.js';
import type { TaskService } from '../../src/places/placement.js';
import { normalBelow, probabilityAtLeast } from '../../src/units/statistics.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

const [number, text] = [z.number(), z.string()];
const band = z.tuple([number, number, number]).transform(([middle, low, high]) => ({ middle, low, high }));
const plan = z.strictObject({
  monthlyUsd: number.default(100),
  cheapestUsd: number.nullable().default(100),
  fte: number.default(0),
  states: z.array(text).default([]),
  ttftP95Ms: number.nullable().default(null),
});
const cases = casesIn('scores', {
  below: { x: number, probability: number },
  'at least': { a: band, b: band, probability: number, why: text },
  capability: {
    ...{ of: text, mode: z.enum(['standard', 'thinking']), lossAt50: number },
    ...{ have: number, low: number, high: number.optional() },
  },
  factors: {
    ...{ plan, with: z.record(text, z.unknown()).default({}), score: number.nullable(), why: text },
    factor: z.enum(['volume', 'sensitivity', 'capability', 'team', 'latency', 'total']),
  },
});

test.each(cases.below)('below $x: $probability', ({ x, probability }) => {
  expect(normalBelow(x)).toBeCloseTo(probability, 6);
});

test.each(cases['at least'])('$a at least $b: $probability ($why)', ({ a, b, probability }) => {
  expect(probabilityAtLeast(a, b)).toBeCloseTo(probability, 6);
});

test.each(cases.capability)('$of, $mode, a loss of $lossAt50: $have', async ({ of, have, low, high, ...option }) => {
  const capability = (await shippedTables()).capabilityOf.get(of) ?? null;
  const found = capabilityOf({ capability, ...option });
  expect(found?.have).toBeCloseTo(have, 9);
  expect(found?.low).toBeCloseTo(low, 9);
  if (high !== undefined) expect(found?.high).toBe(high);
});

test.each(cases.factors)('$factor $score: $why', async ({ plan, with: blocks, factor, score }) => {
  const tasks = [{ type: 'faq-chat', capability: { minIndex: 60 } }];
  const context = await caseOf({ workload: { volume: 1 }, tasks, ...blocks });
  const { taskParts } = context.workload;
  const { monthlyUsd, cheapestUsd, fte, states, ttftP95Ms } = plan;
  const capability = context.tables.capabilityOf.get('gpt-4o') ?? null;
  const option = { capability, mode: 'standard', lossAt50: 0 } as Option;
  const scored = { monthlyUsd, fte, deployments: [{ option, taskParts, lines: [] }] } as unknown as Plan;
  const service = { ttftP95Ms, tokensPerSecond: null, totalP95Ms: null } as TaskService;
  const services = new Map(taskParts.map((taskPart) => [taskPart, service]));
  const verdicts = states.map((state) => ({ gate: 'boundary', verdict: { state } })) as Reviewed['verdicts'];
  const cheapest = cheapestUsd === null ? null : { monthlyUsd: cheapestUsd };
  const found = scoresOf({ plan: scored, services, verdicts }, cheapest, context)[factor];
  if (score === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(score, 6);
});
