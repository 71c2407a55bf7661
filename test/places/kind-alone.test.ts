import { beforeAll, describe, expect, test } from 'vitest';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import type { Kind } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { everyOption, everyPlan, randomFrom, someOf } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { caseOf, type Written } from '../support/scenario.js';

/**
 * Small tasks that a desk may serve beside ones that only a server may, of several sizes: what is known of machines
 * before they are sized must never leave out the best plan of the kind.
 */
function someTasks(seed: number): Written {
  const random = randomFrom(seed);
  const oneOf = <Value>(list: readonly Value[]): Value => list[Math.floor(random() * list.length)] as Value;
  const types = ['faq-chat', 'classification', 'summarization', 'extraction', 'translation', 'rag-answering'];
  const tasks = Array.from({ length: random() < 0.6 ? 2 : 3 }, (_, i) => ({
    name: `task${i}`,
    type: oneOf(types),
    volume: `${Math.round(100 * 10_000 ** random())} requests/day`,
    ...(random() < 0.3 && { latency: { ttftP95: oneOf(['800ms', '2s', '4s']) } }),
    capability: { minIndex: Math.round(5 + 40 * random()) },
  }));
  return {
    workload: { volume: '1000 requests/day' },
    tasks: [...tasks, { name: 'shared', type: oneOf(types) }],
    ...(random() < 0.3 && { preferences: { maxDeployments: oneOf([1, 2]) } }),
  } as unknown as Written;
}

let all: Tables;
beforeAll(async () => {
  all = await shippedTables();
});

const fleets: readonly Kind[] = ['self-hosted-cloud', 'managed-hosting', 'on-prem'];
/** So much of the catalog: every set of tasks is priced on every machine of it. */
const part = 0.04;

/** USD a month of the best plan on one kind of machine, of all plans there are. */
function bestOf(kind: Kind, context: Context): number | null {
  const { maxDeployments } = context.workload.rules;
  let least: number | null = null;
  const options = everyOption(context).filter((option) => option.kind === kind);
  for (const { parts, usd } of everyPlan(context, options))
    if (parts.length <= maxDeployments && usd < (least ?? Number.POSITIVE_INFINITY)) least = usd;
  return least;
}

const found = { some: 0, none: 0 };
describe.each(Array.from({ length: long ? 100 : 6 }, (_, i) => i))('scenario %d', (seed) => {
  test('the best of a kind of machine alone is that of all plans there are', async () => {
    const context = await caseOf(someTasks(seed), someOf(all, part, seed));
    const { kinds } = choose(context);
    for (const kind of fleets) {
      const best = bestOf(kind, context);
      const plan = kinds.find((one) => one.kind === kind)?.plan ?? null;
      found[best === null ? 'none' : 'some']++;
      if (best === null) expect(plan).toBeNull();
      else expect((plan?.monthlyUsd ?? Number.NaN) / best, kind).toBeCloseTo(1, 9);
    }
  });
});

test('and there was one in many of them', () => {
  expect(found.some).toBeGreaterThan(found.none);
});
