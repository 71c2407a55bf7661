import { expect, test } from 'vitest';
import { engineOf, replicaOn, weightsOf } from '../../src/capacity/replica.js';
import { schemeSupport } from '../../src/capacity/scheme.js';
import { bestSeen, servedBy, withinTargets } from '../../src/places/fleet-service.js';
import { requestShapeOf } from '../../src/places/machine-table.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { randomFrom } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

/** Short answers, long prompts that are cached in part, and thinking that fills the room there is. */
const tokens = [
  { input: 300, output: 200, reasoning: 8000 },
  { input: 300, output: 200, reasoning: 20_000 },
  { input: 6000, output: 20 },
  { input: 1500, output: 600, reasoning: 500 },
];

test('no model on any machine is seen to do better than at best, not even where only one request has room', async () => {
  const tables = await shippedTables();
  const random = randomFrom(20_261_121);
  const context = await caseOf({
    workload: { volume: 1000 },
    tasks: tokens.map((one, i) => ({ name: `t${i}`, type: 'faq-chat', tokens: one, share: '25%' })),
  });
  const engine = engineOf(context.workload, tables, 'datacenter');
  const cards = tables.accelerators.filter(({ kind }) => kind === 'datacenter');
  let compared = 0;
  let alone = 0;
  for (const model of tables.models) {
    for (const scheme of tables.quantization) {
      const weights = weightsOf(model, scheme);
      const card = cards[Math.floor(random() * cards.length)];
      if (weights === null || card === undefined || random() < 0.7) continue;
      const support = schemeSupport(scheme.runsOn, card.architecture, tables.architectures);
      const gpus = 2 ** Math.floor(random() * 3);
      const replica = replicaOn(weights, card, gpus, support, engine);
      if (replica === null) continue;
      for (const taskPart of context.workload.taskParts as readonly TaskPart[]) {
        const capability = tables.capabilityOf.get(model.family) ?? null;
        const shape = requestShapeOf({ capability, mode: 'thinking', family: model.family }, taskPart, context);
        const served = servedBy(replica, shape, taskPart, engine, context);
        const seen = served && withinTargets(served, 1);
        if (served === null || seen === null || seen.ttftP95Ms === null) continue;
        const best = bestSeen(served);
        const where = `${model.family} ${scheme.scheme} on ${gpus} x ${card.accelerator}, ${taskPart.task}`;
        expect(best.ttftP95Ms, where).toBeLessThanOrEqual(seen.ttftP95Ms);
        expect(best.totalP95Ms, where).toBeLessThanOrEqual(seen.totalP95Ms ?? Number.NaN);
        expect(best.tokensPerSecond, where).toBeGreaterThanOrEqual(seen.tokensPerSecond ?? 0);
        compared++;
        if (served.serving.batch === 1) alone++;
      }
    }
  }
  expect(compared).toBeGreaterThan(1000);
  expect(alone).toBeGreaterThan(5);
});
