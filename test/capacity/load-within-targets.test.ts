import { expect, test } from 'vitest';
import { inStages } from '../../src/capacity/queue/latency.js';
import { engineOf, queueOf, replicaOn, weightsOf } from '../../src/capacity/replica.js';
import { schemeSupport } from '../../src/capacity/scheme.js';
import { networkMs, servedBy, withinTargets } from '../../src/places/fleet-service.js';
import { requestShapeOf } from '../../src/places/machine-table.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { randomFrom } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { caseOf } from '../support/scenario.js';

/** Loads of the walk, as shares of the highest. */
const grid = Array.from({ length: 160 }, (_, at) => (at + 1) / 160);
/** How exactly a load is told. */
const tolerance = 0.02;

test('a replica is loaded as much as its target on the first token lets it be, and a looser one lets it be more', async () => {
  const tables = await shippedTables();
  const random = randomFrom(20_261_121);
  const targetsMs = [60, 90, 130, 180, 200, 220, 260, 320, 450, 700, 1200, 2500];
  const context = await caseOf({
    workload: { volume: 1000 },
    tasks: [
      { name: 'idle', type: 'faq-chat', tokens: { input: 1500, output: 500 } },
      ...targetsMs.flatMap((ms) =>
        [1500, 6000].map((input) => ({
          ...{ name: `t${ms}-${input}`, type: 'faq-chat', tokens: { input, output: 500 } },
          latency: { ttftP95: `${ms}ms` },
        })),
      ),
    ].map((task) => ({ ...task, share: `${100 / (1 + 2 * targetsMs.length)}%` })),
  });
  const { workload } = context;
  const engine = engineOf(workload, tables, 'datacenter');
  const cards = tables.accelerators.filter(({ kind }) => kind === 'datacenter');
  const highest = workload.assume('highestLoad');
  const spread = { input: workload.assume('inputLengthSpread'), output: workload.assume('outputLengthSpread') };
  let bound = 0;
  for (let draw = 0; draw < (long ? 60 : 24); draw++) {
    const pick = <Item>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)] as Item;
    const model = pick(tables.models);
    const scheme = pick(tables.quantization);
    const card = pick(cards);
    const gpus = pick([1, 2, 4, 8]);
    const weights = weightsOf(model, scheme);
    const support = schemeSupport(scheme.runsOn, card.architecture, tables.architectures);
    const replica = weights && replicaOn(weights, card, gpus, support, engine);
    if (!replica || weights === null) continue;
    const capability = tables.capabilityOf.get(model.family) ?? null;
    for (const input of [1500, 6000]) {
      let last = 0;
      for (const taskPart of workload.taskParts as readonly TaskPart[]) {
        if (taskPart.tokens.input !== input || taskPart.needs.ttftP95Ms?.by !== 'user') continue;
        const shape = requestShapeOf({ capability, mode: 'standard', family: '' }, taskPart, context);
        const served = servedBy(replica, shape, taskPart, engine, context);
        if (served === null) continue;
        const { serving } = served;
        const seen = withinTargets(served, 1);
        const queue = queueOf(replica, shape, spread, engine);
        const before = networkMs(workload.assume) + replica.firstTokenS * 1000;
        const keeps = (share: number): boolean => {
          const at = inStages(queue, share * highest * serving.requestsPerS);
          return at !== null && before + at.firstTokenP95S() * 1000 <= (taskPart.needs.ttftP95Ms?.value ?? 0);
        };
        const most = grid.findLastIndex(keeps);
        const load = (seen.unitRequestsPerS as number) / serving.requestsPerS;
        const where = `${model.family} ${scheme.scheme} on ${gpus} x ${card.accelerator}, ${taskPart.task}`;
        // What keeps it at no load is told at the highest, and a rule turns it down.
        if (!keeps(1 / 16)) continue;
        expect(load, where).toBeGreaterThan((grid[most] as number) * (1 - tolerance) * 0.999);
        expect(load, where).toBeLessThanOrEqual(((grid[most + 1] ?? 1) as number) * 1.0001);
        expect(load, where).toBeGreaterThan(last * (1 - tolerance) * 0.999);
        last = Math.max(last, load);
        if (most < grid.length - 1) bound++;
      }
    }
  }
  expect(bound).toBeGreaterThan(long ? 60 : 24);
});
