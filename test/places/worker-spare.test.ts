import { expect, test } from 'vitest';
import { engineOf } from '../../src/capacity/replica.js';
import { ownModelAt } from '../../src/core/catalog.js';
import { supplyOf } from '../../src/core/supply.js';
import { servedOn, withinTargets } from '../../src/places/fleet-service.js';
import { requestShapeOf } from '../../src/places/machine-table.js';
import { serverlessUnits } from '../../src/places/serverless-gpu.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { caseOf } from '../support/scenario.js';

/** What the search for the load of a worker may leave out, against the whole search. */
test('a worker that is late by its way is late whatever is left out of the search, and any other is sized the same', async () => {
  const context = await caseOf({
    workload: { volume: 2000 },
    tasks: [{ name: 'a', type: 'rag-answering', latency: { ttftP95: '900ms' } }],
  });
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const { catalog } = supplyOf(context);
  const engine = engineOf(context.workload, context.tables);
  const target = taskPart.needs.ttftP95Ms?.value as number;
  const seen = { late: 0, inTime: 0, lowered: 0 };
  for (const [u, { accelerator, gpus }] of serverlessUnits(context).entries())
    for (let item = (7 * u) % 97; item < catalog.items.count; item += 97) {
      const { option, weights } = ownModelAt(catalog, item);
      const shape = requestShapeOf(option, taskPart, context);
      const served = servedOn({ weights, accelerator, gpusPerReplica: gpus }, shape, taskPart, engine, context);
      for (const spareMs of [20, 150]) {
        if (served === null) continue;
        const whole = withinTargets(served, 1);
        const short = withinTargets(served, 1, true, spareMs);
        const isInTime = (whole.ttftP95Ms ?? Number.POSITIVE_INFINITY) <= target - spareMs;
        expect((short.ttftP95Ms ?? Number.POSITIVE_INFINITY) <= target - spareMs, `${option.model} ${u}`).toBe(
          isInTime,
        );
        if (!isInTime) seen.late++;
        else {
          expect([short.unitRequestsPerS, short.ttftP95Ms]).toEqual([whole.unitRequestsPerS, whole.ttftP95Ms]);
          seen.inTime++;
        }
        if (short.unitRequestsPerS !== whole.unitRequestsPerS) seen.lowered++;
      }
    }
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(20);
});
