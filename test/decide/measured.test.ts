import { beforeAll, expect, test } from 'vitest';
import { uncertainInputs } from '../../src/analyses/uncertainty/inputs.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { optionsOf, type Plan } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import type { Tables } from '../../src/tables/tables.js';
import { resolve } from '../../src/workload/resolve.js';
import { everyOption, someOf } from '../support/brute-force.js';
import { cheapestIn } from '../support/cheapest.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { asOf, caseOf, readWritten, type Written } from '../support/scenario.js';

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

test.each(['self-hosted-cloud', 'serverless-gpu'])(
  'what was measured of a model on a card is so many times what its machines serve, found on %s, where answers may be slow; nothing else moves',
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

const inputsOf = (written: Written): { names: string[]; context: Context } => {
  const read = readWritten(written, tables);
  const context = { workload: resolve(read, tables, asOf), tables };
  const plan = cheapestIn(context);
  if (plan === null) throw new Error('nothing fits');
  return { names: uncertainInputs(read.scenario, [plan], context, 0).map(({ path }) => path), context };
};

test('how sure it is: an exact figure is not drawn, a range is drawn for the error of predictions', () => {
  const error = `capacity of ${pair.model} on ${pair.accelerator}`;
  expect(inputsOf(chat).names).toContain(error);
  expect(inputsOf(withMeasured('101%', pair)).names).not.toContain(error);
  const ranged = inputsOf(withMeasured('100%..110%', pair)).names;
  expect(ranged).not.toContain(error);
  expect(ranged).toContain('measured.0.ofPredicted');
});
