import { expect, test } from 'vitest';
import { longPromptTokens } from '../../src/capacity/queue/saturation.js';
import {
  bestOf,
  type CapacityError,
  engineOf,
  errorOn,
  measuredDecode,
  predictReplica,
  type RequestShape,
  replicaOn,
  replicaTpotS,
} from '../../src/capacity/replica.js';
import { requestColumns, requestsPerSecond } from '../../src/capacity/request-rate.js';
import { schemeSupport } from '../../src/capacity/scheme.js';
import { catalogOf, ownModelAt } from '../../src/core/catalog.js';
import { machineTable } from '../../src/places/machine-table.js';
import type { Context } from '../../src/places/placement.js';
import { randomFrom } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

/** The closed form on columns against the model that serves the chosen plan: its rate, and the seconds of a request alone. */

const random = randomFrom(20_261_126);
const pick = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)] as One;
const whole = (low: number, high: number): number => Math.round(low * (high / low) ** random());

const shapes = 24;
const pairsOfShape = 400;
const assumed = [{}, { kvCacheBits: 8 }, { pagedKvOverhead: 1.4 }, { slowSchemeFactor: 0.2 }];

const errors: CapacityError = (family, card) => 0.5 + ((family.length * 7 + card.length * 13) % 30) / 20;

test('rates and seconds of a request alone are those of the prediction, on random models, cards and requests', async () => {
  const tables = await shippedTables();
  const seen = {
    served: 0,
    outOfRoom: 0,
    tooSlow: 0,
    limited: 0,
    mixtures: 0,
    latent: 0,
    windows: 0,
    cut: 0,
    measured: 0,
    long: 0,
  };
  for (let n = 0; n < shapes; n++) {
    const task = { name: 'faq', type: 'faq-chat' };
    const context: Context = await caseOf({ workload: { volume: 1000 }, tasks: [task], assumptions: pick(assumed) });
    const { workload } = context;
    const source = { assume: workload.assume, ...(n % 3 === 2 && { capacityError: errors }) };
    const kind = pick(['datacenter', 'consumer', 'soc'] as const);
    const spread = workload.assume('inputLengthSpread');
    const engine = engineOf(source, tables, kind);
    const catalog = catalogOf(tables, source, 'one decision');
    const table = catalog.items;
    const models = Array.from({ length: table.count }, (_, item) => ownModelAt(catalog, item));
    const machines = machineTable(tables, catalog.schemes, engine);
    const inputTokens = whole(1, 60_000);
    const longestInputTokens = inputTokens * pick([1, 1, 2, 5]);
    const cachedTokens = random() < 0.4 ? 0 : inputTokens * random();
    const written = models.map(() => (random() < 0.05 ? 0 : whole(1, 9000)));
    const items = Int32Array.from(models.keys());
    const tokens = {
      inputTokens,
      cachedTokens,
      longestInputTokens,
      longInputTokens: (mean: number) => longPromptTokens({ mean, sigma: spread, max: null }),
      writtenTokens: (i: number) => written[i] as number,
    };
    const requests = requestColumns(table, items, tokens, workload.assume('pagedKvOverhead'));
    const column = () => new Float64Array(items.length);
    const seconds = { alone: column(), prompt: column(), long: column(), token: column(), room: column() };
    for (let i = 0; i < pairsOfShape; i++) {
      const item = Math.floor(random() * items.length);
      const { weights } = models[item] as (typeof models)[number];
      const { model, scheme } = weights;
      const [a, card] = pick([...tables.accelerators.entries()]);
      const cards = pick([1, 1, 2, 3, 4, 8, 16]);
      const limit = { tpotS: pick([Number.POSITIVE_INFINITY, whole(5, 200) / 1000]), strict: random() < 0.5 };
      const where = [model.family, scheme.scheme, cards, card.accelerator, JSON.stringify(limit), n].join(' ');
      const slowdown = 1 / errorOn(engine, model, card);
      const decode = measuredDecode(engine, model, card);
      if (decode !== 1) seen.measured++;
      const found = requestsPerSecond(table, machines, requests, item, a, cards, limit, slowdown, decode, seconds);

      const outputTokens = written[item] as number;
      const contextTokens = longestInputTokens + outputTokens;
      const shape: RequestShape = { inputTokens, cachedTokens, outputTokens, contextTokens };
      const support = schemeSupport(scheme.runsOn, card.architecture, tables.architectures);
      const replica = replicaOn(weights, card, cards, support, engine);
      const serving = replica && predictReplica(replica, shape, limit, engine);
      if (replica === null || serving === null) {
        expect(found, where).toBe(0);
        if (replica === null) continue;
        seen[predictReplica(replica, shape, { ...limit, strict: false }, engine) === null ? 'outOfRoom' : 'tooSlow']++;
        continue;
      }
      expect(found / serving.requestsPerS, where).toBeCloseTo(1, 9);
      expect((seconds.prompt[item] as number) / serving.prefillS, where).toBeCloseTo(1, 9);
      const output = Math.max(1, outputTokens);
      const aloneS = serving.prefillS + output * replicaTpotS(replica, shape, serving, 0, engine);
      expect((seconds.alone[item] as number) / aloneS, where).toBeCloseTo(1, 9);
      const { firstTokenP95S, tpotS } = bestOf(replica, shape, { input: spread, output: spread }, engine);
      const longS = seconds.long[item] as number;
      expect(longS / firstTokenP95S, where).toBeLessThan(1 + 1e-9);
      if (longS > 0.99 * firstTokenP95S) seen.long++;
      const tokenS = seconds.token[item] as number;
      expect(tokenS / tpotS, where).toBeLessThan(1 + 1e-9);
      expect(tokenS / tpotS, where).toBeGreaterThan(0.99);
      seen.served++;
      if (serving.limitedBy === 'speed') seen.limited++;
      if ((table.expertBytes[item] as number) > 0) seen.mixtures++;
      if (table.latent[item] === 1) seen.latent++;
      if ((table.windowTokenBytes[item] as number) > 0) seen.windows++;
      if (cards > 1) seen.cut++;
    }
  }
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(50);
  expect(seen.served).toBeGreaterThan(2000);
  expect(seen.long / seen.served).toBeGreaterThan(0.9);
});
