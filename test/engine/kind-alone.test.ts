import { beforeAll, describe, expect, test } from 'vitest';
import { admission } from '../../src/decide/admission.js';
import { choose } from '../../src/decide/choose.js';
import { searchPlans } from '../../src/decide/search.js';
import { dropDominated } from '../../src/placements/candidate.js';
import { placementOf } from '../../src/placements/registry.js';
import type { Kind } from '../../src/tables/rows.js';
import type { Tables } from '../../src/tables/tables.js';
import { shippedTables } from '../load.js';
import { randomFrom } from './brute-force.js';
import { fewRows } from './few-rows.js';
import { caseOf, type Written } from './scenario.js';

/**
 * Small tasks that a desk may serve beside ones that only a server may, of several sizes: machines that leave a part to others
 * of their kind are bounded by what those cost, which must never leave out the best plan of the kind.
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

let tables: Tables;
beforeAll(async () => {
  tables = fewRows(await shippedTables());
});

const fleets: readonly Kind[] = ['self-hosted-cloud', 'managed-hosting', 'on-prem'];

describe('the best of a kind of machine alone is that of all that may run there', () => {
  test.each(Array.from({ length: 100 }, (_, i) => i))('scenario %d', async (seed) => {
    const of = await caseOf(someTasks(seed), tables);
    const { kinds } = choose(of);
    for (const kind of fleets) {
      const below = new Float64Array(of.demand.slices.length).fill(Number.POSITIVE_INFINITY);
      const { search } = admission(of, { cut: Number.POSITIVE_INFINITY, below, unshared: true });
      const all = dropDominated(placementOf(kind).candidates(of, search));
      const best = searchPlans(all, of.demand, {
        maxDeployments: of.demand.rules.maxDeployments,
        budget: of.demand.assume('searchBoundBudget'),
        tieBand: 0,
        runnerUp: false,
        ruled: false,
        allows: () => true,
      }).best;
      const plan = kinds.find((one) => one.kind === kind)?.plan ?? null;
      if (best === null) expect(plan).toBeNull();
      else expect((plan?.monthlyUsd ?? Number.NaN) / best.usd).toBeCloseTo(1, 9);
    }
  });
});
