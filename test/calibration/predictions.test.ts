import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readMeasurementsCsv } from '../../src/calibration/measurements/csv.js';
import { type OwnCalibration, ownCalibrations } from '../../src/calibration/own-calibration.js';
import { predictRow } from '../../src/calibration/predict.js';
import { type CalibrationSettings, recalibrate, samplesOf } from '../../src/calibration/recalibrate.js';
import { fitTerms, hardwareSheet, summarizeHardware } from '../../src/capacity/hardware.js';
import { measurementOf, oneCard, pointsOf } from '../../src/capacity/measurement.js';
import { hardwareSelection, modelSelection, modelSheet, selected, summarizeModel } from '../../src/capacity/models.js';
import type { Target } from '../../src/capacity/queue/latency.js';
import { largestRate, latencyAt, ratesHeld } from '../../src/capacity/queue/latency.js';
import { saturationRate } from '../../src/capacity/queue/saturation.js';
import { capacityAssumptions, predictReplica, queueOf, replicaOn, replicaTpotS } from '../../src/capacity/replica.js';
import { schemeSupport } from '../../src/capacity/scheme.js';
import { type CapacityQuestion, capacityOn, rankHardware } from '../../src/cost/capacity-cost.js';
import { machines, mixes, serverOf, trafficOf } from '../simulation/machines.js';
import { goldenTable, goldenTree, sixDigits } from '../support/golden-text.js';
import { shippedTables } from '../support/load.js';
import { acceleratorOf, engineIn, modelOf, weightsIn } from '../support/models.js';
import { likelyIn, tablesWith } from '../support/scenario.js';

/**
 * What the shipped tables predict, kept: a change of a formula or of a factor shows here as the figures it moves. Whether
 * they are right is for the tests of each formula, the simulation and the published measurements to say.
 */
const golden = (name: string) => `../golden/predictions/${name}`;
const folder = new URL('../../pricing/measurements/', import.meta.url);
const published = () => readMeasurementsCsv(readFileSync(new URL('published.csv', folder), 'utf8'), 'published.csv');

/** A result as a file to be read: rows of tables by their names. */
const told = (value: unknown): string =>
  `${goldenTree(
    JSON.parse(
      JSON.stringify(value, (key, part) => {
        if (key === 'model' || key === 'largest') return part?.family ?? part;
        if (key === 'accelerator') return part?.accelerator ?? part;
        if (key === 'rentals' || key === 'measurements') return part?.length ?? part;
        if (key === 'row') return undefined;
        return ['cheapest', 'cheapestCloud'].includes(key) && part ? `${part.provider} ${part.instanceType}` : part;
      }),
    ),
  ).trimStart()}\n`;

async function known() {
  const tables = await shippedTables();
  const assume = likelyIn(tables);
  const assumed = capacityAssumptions(assume);
  const { efficiency, bands } = tables;
  return {
    tables,
    assume,
    assumed,
    predictor: { catalog: tables, efficiency, residuals: tables.residuals, bands, assumed, own: [] },
  };
}

const cards = ['h100-sxm-80gb', 'l4-24gb', 'mi300x-192gb', 'rtx-4090-24gb', 'apple-m3-max-64gb', 'gaudi3-128gb'];
const models = ['llama-3.1-8b', 'gpt-oss-120b', 'deepseek-v3', 'gemma-3-27b', 'qwen3.5-2b'];

test('rows: models on cards, as `capacity --file` predicts them', async () => {
  const { predictor } = await known();
  const shapes = [
    { promptTokens: 1500, outputTokens: 500, concurrency: 1 },
    { promptTokens: 8000, outputTokens: 200, concurrency: 64, engine: 'vllm', quantization: 'fp8' },
    { promptTokens: 200, outputTokens: 1000, concurrency: 512, engine: 'sglang', saturated: 'yes' as const },
    { promptTokens: 1500, outputTokens: 500, requestRateRps: 2, engine: 'tensorrt-llm', acceleratorCount: 4 },
    { promptTokens: 4000, outputTokens: 0, concurrency: 1, engine: 'llama.cpp', quantization: 'gguf-q4_k_m' },
    { promptTokens: 0, outputTokens: 128, concurrency: 4, engine: 'ollama', quantization: 'int4-awq' },
    { promptTokens: 3000, outputTokens: 300, concurrency: 16, prefixHitRate: 0.6, maxNumSeqs: 8, acceleratorCount: 8 },
  ];
  const rows = models.flatMap((modelFamily) =>
    cards.flatMap((accelerator) =>
      shapes.map((shape, i) => {
        const found = predictRow(measurementOf({ modelFamily, accelerator, ...shape }), predictor);
        const { doubts, ...figures } = typeof found === 'string' ? { doubts: [found] } : found;
        return { model: modelFamily, accelerator, shape: i, ...figures, doubts: doubts.join(' ') };
      }),
    ),
  );
  await expect(goldenTable(rows)).toMatchFileSnapshot(golden('rows.csv'));
});

test.each([
  ['promptTokens', -5, 'promptTokens: -5 is below the least accepted value, 0'],
  ['outputTokens', -1, 'outputTokens: -1 is below the least accepted value, 0'],
  ['promptTokens', Number.NaN, 'promptTokens: '],
  ['promptTokens', 2e9, 'promptTokens: '],
  ['concurrency', 0, 'concurrency: 0 must be above 0'],
  ['requestRateRps', Number.POSITIVE_INFINITY, 'requestRateRps: '],
  ['acceleratorCount', 1.5, 'acceleratorCount: '],
  ['maxNumSeqs', 0, 'maxNumSeqs: 0 is below the least accepted value, 1'],
  ['prefixHitRate', 1.1, 'prefixHitRate: 1.1 is above'],
])('a row with %s %d is refused in words, as a table that says so is', async (name, value, why) => {
  const { predictor } = await known();
  const row = { modelFamily: 'llama-3.1-8b', accelerator: 'h100-sxm-80gb', promptTokens: 1500, outputTokens: 500 };
  expect(predictRow(measurementOf({ ...row, [name]: value }), predictor)).toContain(why);
  expect(predictRow(measurementOf(row), predictor)).toBeTypeOf('object');
  const none = measurementOf({ ...row, promptTokens: 0, outputTokens: 0 });
  expect(predictRow(none, predictor)).toContain('a run of no tokens');
});

test('rows as they were measured and published, every twelfth', async () => {
  const { predictor } = await known();
  const rows = published().rows.flatMap(({ measurement }, i) => {
    if (measurement === null || i % 12 !== 0) return [];
    const { outputTokensPerS: measured, tpotMsP50: measuredTpotMs } = measurement;
    const found = predictRow(measurement, predictor);
    const { doubts, ...figures } = typeof found === 'string' ? { doubts: [found] } : found;
    return [{ id: measurement.id, measured, measuredTpotMs, ...figures, doubts: doubts.join(' ') }];
  });
  await expect(goldenTable(rows)).toMatchFileSnapshot(golden('published.csv'));
});

type Asked = {
  model: string;
  on: string;
  ratePerS?: number;
  users?: number;
  targets?: Partial<Record<Target['of'], number>>;
} & {
  contextTokens?: number;
  speculation?: CapacityQuestion['speculation'];
  measured?: object;
  parallel?: object;
};
const asked = ({ model, on, ratePerS, users, targets, measured, parallel, ...more }: Asked): CapacityQuestion => ({
  ...{ contextTokens: null, speculation: null, spread: { input: 0.9, output: 0.9 } },
  rule: { highestLoad: 0.7, spare: 1, spareShare: 0.1 },
  load: ratePerS !== undefined ? { is: 'rate', ratePerS } : users !== undefined ? { is: 'users', users } : null,
  targets: Object.entries(targets ?? {}).map(([of, limitS]) => ({ of: of as Target['of'], at: 'p95', limitS })),
  ...more,
  measured: measurementOf({
    ...{ modelFamily: model, accelerator: on, promptTokens: 1500, outputTokens: 500, concurrency: 1 },
    ...{ ...measured, ...(parallel && { parallel: { ...oneCard, ...parallel } }) },
  }),
});

test('machines: what one carries, how many a load needs, and what they cost', async () => {
  const { tables, predictor } = await known();
  const questions: Record<string, Asked> = parse(readFileSync('test/fixtures/capacity-questions.yaml', 'utf8'));
  const seen = (model: string, accelerator: string, factor: number): OwnCalibration => ({
    ...{
      model,
      accelerator,
      correction: { decode: factor, prefill: 1, firstToken: 1.5 },
      band: { low: 0.9, high: 1.1 },
    },
    ...{ measurements: 6, errorPct: { before: 25, after: 3 } },
  });
  const own = [seen('qwen3.5-2b', 'h100-sxm-80gb', 9), seen('llama-3.1-8b', 'l4-24gb', 9)];
  const asMeasured = { ...predictor, own: [...own, seen('llama-3.1-8b', 'h100-sxm-80gb', 1.3)] };
  const answers = Object.entries(questions).map(([name, question]) => {
    const found = capacityOn(asked(question), tables, name.startsWith('as measured') ? asMeasured : predictor);
    if (typeof found === 'string') return [name, found];
    const { price, ...rest } = found;
    const rent = price && { ...price, rent: { ...price.rent, machine: price.rent.row.instanceType } };
    return [name, { ...rest, price: rent }];
  });
  await expect(told(Object.fromEntries(answers))).toMatchFileSnapshot(golden('machines.txt'));
});

test('all hardware for a model and a load, ranked by what it costs', async () => {
  const { tables, predictor } = await known();
  const one = asked({ model: 'llama-3.1-8b', on: '', ratePerS: 8, targets: { request: 30 } });
  const few = [...cards, 'a100-sxm-80gb', 'b200-sxm-180gb', 't4-16gb', 'l40s-48gb'];
  const some = tablesWith(tables, { accelerators: few.map((name) => acceleratorOf(tables, name)) });
  const rows = rankHardware(one, some, predictor).map(({ accelerator, count, scheme, engine, answer, price }) => ({
    ...{ accelerator, count, scheme, engine, heldPerS: answer.held.requestsPerS },
    ...{ replicas: price?.replicas ?? null, usdPerMTok: price?.usdPerMTok ?? null },
  }));
  await expect(goldenTable(rows)).toMatchFileSnapshot(golden('hardware-ranked.csv'));
});

test('queues: latencies of the machines that are simulated too', async () => {
  const names = (of: object) => Object.keys(of);
  const rows = (names(machines) as (keyof typeof machines)[]).flatMap((machine) =>
    (names(mixes) as (keyof typeof mixes)[]).flatMap((mix) => {
      const [server, traffic] = [serverOf(machines[machine]), trafficOf(mixes[mix])];
      return [0.1, 0.6, 0.9].flatMap((load) =>
        [1, 6].map((replicas) => {
          const rate = load * replicas * saturationRate(server, traffic);
          const found = latencyAt(server, traffic, rate, replicas);
          if (found === null) throw new Error('cannot keep up');
          const { ttftS, tpotS, requestS, kvOvercommitted, ...others } = found;
          return {
            ...{ machine, mix, replicas, rate, ...others },
            ...{ ttftMean: ttftS.mean, ttftP50: ttftS.p50, ttftP95: ttftS.p95, ttftP99: ttftS.p99 },
            ...{ tpotMean: tpotS.mean, tpotP50: tpotS.p50, tpotP95: tpotS.p95, tpotP99: tpotS.p99 },
            ...{ wholeMean: requestS.mean, wholeP50: requestS.p50, wholeP95: requestS.p95, wholeP99: requestS.p99 },
            kvOvercommitted: String(kvOvercommitted),
          };
        }),
      );
    }),
  );
  await expect(goldenTable(rows)).toMatchFileSnapshot(golden('latencies.csv'));
});

test('queues: the largest rates that keep targets', async () => {
  const rows = [machines.four, machines.small, machines.experts].flatMap((machine, m) =>
    [mixes.chat, mixes.prefix].flatMap((mix, x) =>
      [0.2, 1, 20].map((limitS) => {
        const [server, traffic] = [serverOf(machine), trafficOf(mix)];
        const targets: Target[] = [{ of: limitS > 5 ? 'request' : 'ttft', at: 'p95', limitS }];
        return {
          ...{ machine: ['four', 'small', 'experts'][m] ?? '', mix: ['chat', 'prefix'][x] ?? '', limitS },
          largest: largestRate(server, traffic, targets, 3),
          held: [...ratesHeld(server, traffic, targets, 5)].map(sixDigits).join(' '),
        };
      }),
    ),
  );
  await expect(goldenTable(rows)).toMatchFileSnapshot(golden('rates-held.csv'));
});

test('replicas: what `assess` asks of a machine', async () => {
  const { tables } = await known();
  const engine = engineIn(tables);
  const shape = { inputTokens: 2000, cachedTokens: 800, outputTokens: 300, contextTokens: 6000 };
  const schemes = ['fp16', 'fp8', 'int4-awq', 'int8-w8a8', 'nvfp4', 'gguf-q4_k_m'];
  const rows = ['llama-3.1-8b', 'gpt-oss-120b', 'gemma-3-27b'].flatMap((family) =>
    [...cards, 'b200-sxm-180gb', 't4-16gb'].flatMap((name) =>
      schemes.flatMap((scheme) => {
        const card = acceleratorOf(tables, name);
        const weights = weightsIn(tables, family, scheme);
        const support =
          weights === null ? 'none' : schemeSupport(weights.scheme.runsOn, card.architecture, tables.architectures);
        if (weights === null || support === 'none') return [];
        return [1, 4].map((gpus) => {
          const replica = replicaOn(weights, card, gpus, support, engine);
          const free =
            replica && predictReplica(replica, shape, { tpotS: Number.POSITIVE_INFINITY, strict: false }, engine);
          const strict = replica && predictReplica(replica, shape, { tpotS: 0.03, strict: true }, engine);
          return {
            ...{ family, accelerator: name, scheme, gpus, runs: support },
            ...{ perS: free?.requestsPerS ?? null, batch: free?.batch ?? null, by: free?.limitedBy ?? null },
            ...{
              prefillS: free?.prefillS ?? null,
              tpotAt7: replica && free && replicaTpotS(replica, shape, free, 0.7, engine),
            },
            ...{ inTimePerS: strict?.requestsPerS ?? null, inTimeBy: strict?.limitedBy ?? null },
            saturationPerS:
              replica && free && queueOf(replica, shape, { input: 0.9, output: 0.9 }, engine).limit.ratePerS,
          };
        });
      }),
    ),
  );
  await expect(goldenTable(rows)).toMatchFileSnapshot(golden('replicas.csv'));
});

test('sheets: a dense model and a mixture, a card of a data center and a machine at a desk', async () => {
  const { tables } = await known();
  const { header, rows } = published();
  const points = pointsOf(header, rows);
  const terms = fitTerms(tables, 8192);
  const few = cards.map((name) => acceleratorOf(tables, name));
  const cut = <Sheet extends { schemes: readonly unknown[] }>(sheet: Sheet) => ({
    ...sheet,
    schemes: sheet.schemes.slice(0, 4),
  });
  const sheets = {
    dense: cut(modelSheet(modelOf(tables, 'llama-3.1-8b'), tables, terms, few.slice(0, 1), points)),
    mixture: cut(modelSheet(modelOf(tables, 'gpt-oss-120b'), tables, terms, few.slice(-1), points)),
    card: cut(hardwareSheet(acceleratorOf(tables, 'h100-sxm-80gb'), tables, terms, points)),
    desk: hardwareSheet(acceleratorOf(tables, 'apple-m3-max-64gb'), tables, terms, points),
  };
  await expect(told(sheets)).toMatchFileSnapshot(golden('sheets.txt'));
  await expect(told(points.filter((_, i) => i % 397 === 0))).toMatchFileSnapshot(golden('points.txt'));
});

test('lists: sorted in every way, and cut down', async () => {
  const { tables } = await known();
  const terms = fitTerms(tables, 8192);
  const place = { accelerator: acceleratorOf(tables, 'l4-24gb'), most: 2 };
  const hardware = tables.accelerators.map((row) => summarizeHardware(row, tables));
  const all = tables.models.map((model) => summarizeModel(model, tables, terms, place));
  type Asked = Parameters<typeof selected>[2];
  const names = (asked: Asked) =>
    selected(all, modelSelection, asked)
      .map(({ family }) => family)
      .join(' ');
  const cards = (asked: Asked) =>
    selected(hardware, hardwareSelection, asked)
      .map(({ accelerator }) => accelerator)
      .join(' ');
  const lists = {
    ...Object.fromEntries(Object.keys(hardwareSelection.keys).map((sort) => [`hardware by ${sort}`, cards({ sort })])),
    'amd, rentable': cards({ vendor: 'amd', rentable: true, sort: 'price' }),
    'consumer, 24 GiB': cards({ kind: 'consumer', minMemory: '24' }),
    ...Object.fromEntries(Object.keys(modelSelection.keys).map((sort) => [`models by ${sort}`, names({ sort })])),
    'qwen, fits on two L4': names({ vendor: 'alibaba', fits: 'l4-24gb:2', sort: 'params' }),
    'small and able': names({ maxParams: '30b', minIndex: '30', sort: 'capability' }),
    'without a known capability': all.filter(({ capability }) => capability === null).slice(0, 2),
    'first of the models, in full': all.slice(0, 1),
  };
  await expect(told(lists)).toMatchFileSnapshot(golden('lists.txt'));
});

test('calibration: the fit of a few sources, its errors and bands', async () => {
  const { tables, assumed } = await known();
  const settings: CalibrationSettings = JSON.parse(readFileSync(new URL('fit.json', folder), 'utf8'));
  const few = published().rows.flatMap(({ measurement }) =>
    measurement !== null && /^(mlc|lhl|phi|gd3|aws)-/.test(measurement.id ?? '') ? [measurement] : [],
  );
  const rows = tables.efficiency.filter(({ engineGroup }) => engineGroup === null);
  const found = recalibrate(few, tables, rows, assumed, settings, () => {});
  const { samples } = samplesOf(few.slice(0, 12), tables, assumed.slowScheme);
  await expect(
    told({
      ...found,
      rows: found.rows.map(({ factor, servingClass, link, value, low, high }) => ({
        factor,
        servingClass,
        link,
        value,
        low,
        high,
      })),
      groups: found.groups.filter((_, i) => i % 4 === 0),
      residuals: found.residuals.filter((_, i) => i % 12 === 0),
      first: samples.slice(0, 4).map(({ metric, value, source }) => `${metric} ${value} ${source}`),
      own: ownCalibrations(few, tables, tables.efficiency, assumed, {
        priorSd: 0.3,
        scale: 0.1,
        degrees: 4,
        leastSd: 0.05,
      }),
    }),
  ).toMatchFileSnapshot(golden('calibration.txt'));
});
