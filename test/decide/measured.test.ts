import { beforeAll, describe, expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { casesOf, wholeCases } from '../../src/analyses/uncertainty/draws.js';
import { uncertainInputs } from '../../src/analyses/uncertainty/inputs.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { optionsOf, type Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import type { Tables } from '../../src/tables/tables.js';
import { resolve } from '../../src/workload/resolve.js';
import { bruteBest, everyOption, someOf } from '../support/brute-force.js';
import { cheapestIn } from '../support/cheapest.js';
import { shipped, shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { asOf, caseOf, decide, readWritten, type Written } from '../support/scenario.js';

const chat: Written = {
  workload: { volume: '2M requests/day' },
  tasks: [{ name: 'chat', type: 'faq-chat' }],
  preferences: { only: ['self-hosted-cloud', 'on-prem', 'edge', 'serverless-gpu', 'managed-hosting'] },
  assumptions: { tieBand: 0 },
};
type Pair = { model: string; accelerator: string };
const withMeasured = (ofPredicted: unknown, ...pairs: Pair[]): Written => ({
  ...chat,
  measured: pairs.map((pair) => ({ ...pair, ofPredicted })),
});

const pairOf = (plan: Plan | null): Pair => {
  const [option] = plan?.deployments.flatMap(optionsOf) ?? [];
  if (option?.fleet == null) throw new Error('no fleet');
  return { model: option.family, accelerator: option.fleet.accelerator.accelerator };
};

let tables: Tables;
let pair: Pair;
beforeAll(async () => {
  tables = await shippedTables();
  pair = pairOf(cheapestIn(await caseOf(chat)));
});

describe('what was measured of a model on a card', () => {
  test.each(['self-hosted-cloud', 'serverless-gpu'])(
    'is so many times what its machines serve, found on %s, where answers may be slow; nothing else moves',
    async (kind) => {
      const some = someOf(tables, long ? 0.2 : 0.1, 7);
      // Nobody waits for an answer, so that it may be slow.
      const night: Written = { ...chat, tasks: [{ name: 'night', type: 'summarization', deadline: '24h' }] };
      const before = await caseOf(night, some);
      const it = pairOf(cheapestIn(await caseOf({ ...night, preferences: { only: [kind] } }, some)));
      const after = await caseOf({ ...night, measured: [{ ...it, ofPredicted: '40%' }] }, some);
      const [taskPart] = before.workload.taskParts;
      const [again] = after.workload.taskParts;
      if (taskPart === undefined || again === undefined) throw new Error('no slice');
      let [measured, others] = [0, 0];
      for (const option of everyOption(before)) {
        if (option.fleet === null) continue;
        const [one, other] = [before, after].map((context) =>
          placementOf(option.kind).service(option, context === before ? taskPart : again, context),
        );
        if (one === undefined || other === undefined || isUnpriced(one) || isUnpriced(other)) continue;
        const isIt = option.family === it.model && option.fleet.accelerator.accelerator === it.accelerator;
        if (!isIt) {
          expect(other.unitRequestsPerS, option.id).toBe(one.unitRequestsPerS);
          others++;
        } else if (one.unitRequestsPerS !== null && other.unitRequestsPerS !== null) {
          expect(other.unitRequestsPerS / one.unitRequestsPerS, option.id).toBeCloseTo(0.4, 9);
          if (one.tokensPerSecond !== null && other.tokensPerSecond !== null)
            expect(other.tokensPerSecond, option.id).toBeLessThan(one.tokensPerSecond);
          measured++;
        }
      }
      expect(measured).toBeGreaterThan(long ? 10 : 2);
      expect(others).toBeGreaterThan(200);
    },
  );

  test('moves the advice, and one that is as predicted moves nothing', async () => {
    const [plain, same] = [await decide(chat, { point: true }), await decide(withMeasured(1, pair), { point: true })];
    expect(same.recommendation).toEqual(plain.recommendation);
    expect(same.considered).toEqual(plain.considered);
    const slower = choose(await caseOf(withMeasured('20%', pair))).cheapest;
    expect(pairOf(slower)).not.toEqual(pair);
    const faster = choose(await caseOf(withMeasured('300%', pair))).cheapest;
    expect(pairOf(faster)).toEqual(pair);
    const usd = plain.recommendation.monthlyCost as number;
    expect(slower?.monthlyUsd).toBeGreaterThan(usd);
    expect(faster?.monthlyUsd).toBeLessThan(usd);
  });

  test('is followed by the search: the cheapest is that of a walk through every plan', async () => {
    const some = someOf(tables, long ? 0.1 : 0.06, 2);
    const won = new Set<string>();
    for (const volume of ['20k requests/day', '2M requests/day', '30M requests/day']) {
      const open: Written = {
        workload: { volume },
        tasks: [{ name: 'chat', type: 'faq-chat' }],
        preferences: { exclude: ['overflow', 'cloud-api', 'open-model-api'] },
        assumptions: { slicingVariants: 1, tieBand: 0 },
      };
      const best = pairOf(choose(await caseOf(open, some)).cheapest);
      for (const ofPredicted of ['30%', '70%..80%', 4]) {
        const context = await caseOf({ ...open, measured: [{ ...best, ofPredicted }] }, some);
        const [found, brute] = [choose(context).cheapest, bruteBest(context).cheapest];
        expect((found?.monthlyUsd ?? 0) / (brute?.usd ?? 0), `${volume}, ${ofPredicted}`).toBeCloseTo(1, 9);
        won.add(JSON.stringify(pairOf(found)) === JSON.stringify(best) ? 'the one measured' : 'another');
      }
    }
    expect([...won].sort()).toEqual(['another', 'the one measured']);
  });
});

test('where it turns the advice is looked for, as for every number of a scenario', async () => {
  const written = { ...chat, preferences: {}, measured: [{ ...pair, ofPredicted: '100%' }] };
  const { tables: known, prose } = await shipped();
  const decision = assess(readWritten(written, known), known, {
    asOf,
    prose,
    tool: { name: 'x', version: '0' },
    draws: 'none',
  });
  const { flips, noFlips } = decision.recommendation;
  const paths = [...flips, ...noFlips].map(({ parameter }) => parameter);
  expect(paths).toContain('measured.0.ofPredicted');
});

describe('how sure it is', () => {
  const inputsOf = (written: Written): { names: string[]; context: Context } => {
    const read = readWritten(written, tables);
    const context = { workload: resolve(read, tables, asOf), tables };
    const plan = cheapestIn(context);
    if (plan === null) throw new Error('nothing fits');
    return { names: uncertainInputs(read.scenario, [plan], context, 0).map(({ path }) => path), context };
  };

  test('an exact figure is not drawn, a range is drawn for the error of predictions', () => {
    const error = `capacity of ${pair.model} on ${pair.accelerator}`;
    expect(inputsOf(chat).names).toContain(error);
    expect(inputsOf(withMeasured('101%', pair)).names).not.toContain(error);
    const ranged = inputsOf(withMeasured('100%..110%', pair)).names;
    expect(ranged).not.toContain(error);
    expect(ranged).toContain('measured.0.ofPredicted');
  });

  test('a draw takes the value of the range, and leaves others to their errors', () => {
    const read = readWritten(withMeasured({ low: '50%', likely: '60%', high: '90%' }, pair), tables);
    const context = { workload: resolve(read, tables, asOf), tables };
    const inputs = uncertainInputs(read.scenario, [], context, 0);
    const at = inputs.findIndex(({ path }) => path === 'measured.0.ofPredicted');
    expect(inputs[at]).toMatchObject({ unit: 'x predicted', low: 0.5, likely: 0.6, high: 0.9, origin: 'user' });
    const values = Float64Array.from(inputs, ({ likely }) => likely);
    values[at] = 0.77;
    const { capacityError } = casesOf(read, context, inputs)(values).workload;
    expect(capacityError?.(pair.model, pair.accelerator)).toBe(0.77);
    expect(capacityError?.(pair.model, 'another')).toBe(1);
    const whole = wholeCases(read, context, inputs, 0);
    const drawn = [0, 1, 2, 3, 4, 5, 6, 7].map((draw) => whole(draw).workload.capacityError);
    const seen = drawn.map((error) => error?.(pair.model, pair.accelerator) as number);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...seen)).toBeLessThanOrEqual(0.9);
    expect(new Set(seen).size).toBeGreaterThan(4);
    const [other] = tables.accelerators.filter(({ accelerator }) => accelerator !== pair.accelerator);
    expect(new Set(drawn.map((error) => error?.(pair.model, other?.accelerator ?? ''))).size).toBeGreaterThan(4);
  });
});
