import { beforeAll, describe, expect, test } from 'vitest';
import { candidatesOf } from '../../src/decide/candidates.js';
import { choose } from '../../src/decide/choose.js';
import { filterBy } from '../../src/decide/filter.js';
import { type Candidate, dropDominated } from '../../src/places/candidate.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import { workloadColumns } from '../../src/places/task-columns.js';
import type { Kind } from '../../src/tables/rows.js';
import type { Tables } from '../../src/tables/tables.js';
import { randomFrom } from '../support/brute-force.js';
import { assignerByHand } from '../support/by-hand-rows.js';
import { fewRows } from '../support/few-rows.js';
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

let tables: Tables;
beforeAll(async () => {
  tables = fewRows(await shippedTables());
});

const fleets: readonly Kind[] = ['self-hosted-cloud', 'managed-hosting', 'on-prem'];

/** Every model on every machine of a kind, with all targets on latency asked. */
const everyCandidate = (kind: Kind, context: Context): Candidate[] => {
  const groups = placementOf(kind).groups?.(
    context,
    filterBy(context, { unshared: true }).filter,
    workloadColumns(context.workload),
  );
  return (groups ?? []).flatMap((group) =>
    group.everyRow(Number.POSITIVE_INFINITY).flatMap((row) => {
      const exact = row.isExact ? row : group.confirm(row);
      return exact === null ? [] : [exact.candidate()];
    }),
  );
};

describe.each(Array.from({ length: long ? 100 : 40 }, (_, i) => i))('scenario %d', (seed) => {
  const bestOf = (machines: readonly Candidate[], { workload }: Context): number | null =>
    assignerByHand({ machines, apis: [] }, workload, workload.rules.maxDeployments).cheapest()?.usd ?? null;

  test('the best of a kind of machine alone is that of all that may run there', async () => {
    const context = await caseOf(someTasks(seed), tables);
    const { kinds } = choose(context);
    for (const kind of fleets) {
      const best = bestOf(dropDominated(everyCandidate(kind, context)), context);
      const plan = kinds.find((one) => one.kind === kind)?.plan ?? null;
      if (best === null) expect(plan).toBeNull();
      else expect((plan?.monthlyUsd ?? Number.NaN) / best, kind).toBeCloseTo(1, 9);
    }
  });

  test('what no other one stands for is enough for the best of a kind', async () => {
    const context = await caseOf(someTasks(seed), tables);
    for (const kind of fleets) {
      const best = bestOf(dropDominated(everyCandidate(kind, context)), context);
      const found = bestOf(
        candidatesOf(placementOf(kind), context, filterBy(context, { unshared: true }).filter),
        context,
      );
      if (best === null) expect(found).toBeNull();
      else expect((found ?? Number.NaN) / best, kind).toBeCloseTo(1, 9);
    }
  });
});
