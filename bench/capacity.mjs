/**
 * What a capacity query costs on one core: latencies at a rate, and the largest rate under a target, over models and machines
 * of the tables.
 *
 *     node bench/capacity.mjs [--queries 10000]
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { importSources, tableFiles } from '../scripts/sources.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values } = parseArgs({ options: { queries: { type: 'string', default: '10000' } } });
const queries = Number(values.queries);
const source = await importSources([
  'src/tables/load',
  'src/capacity/replica',
  'src/capacity/scheme',
  'src/capacity/queue/latency',
  'src/capacity/queue/latency',
]);
const { engineOf, latencyOf, largestRate, loadTables, queueOf, replicaOn } = source;
const { schemeFor, schemeSupport, weightsOf } = source;
const { tables } = loadTables([...tableFiles('2026-08-21'), ...tableFiles('catalog')]);
const engine = engineOf({ assume: (name) => tables.parameterOf.get(name).likely }, tables);

const machines = [
  ['llama-3.1-8b', 'fp8', 'l4-24gb', 1],
  ['llama-3.1-8b', 'bf16', 'h100-sxm-80gb', 1],
  ['llama-3.1-70b', 'fp8', 'h100-sxm-80gb', 2],
  ['qwen3-32b', 'int4-awq', 'l40s-48gb', 1],
  ['gpt-oss-120b', 'mxfp4-native', 'h100-sxm-80gb', 2],
  ['deepseek-v3', 'fp8', 'h200-sxm-141gb', 8],
].map(([family, scheme, accelerator, gpus]) => {
  const model = tables.modelOf.get(family);
  const weights = weightsOf(
    model,
    schemeFor(
      tables.quantization.filter((row) => row.scheme === scheme),
      model,
    ),
  );
  const card = tables.acceleratorOf.get(accelerator);
  const support = schemeSupport(weights.scheme.runsOn, card.architecture, tables.architectures);
  return { replica: replicaOn(weights, card, gpus, support, engine) };
});
const shapes = Array.from({ length: 50 }, (_, i) => ({
  inputTokens: 200 + 137 * i,
  cachedTokens: 0,
  outputTokens: 50 + 31 * i,
  contextTokens: 250 + 168 * i,
}));
const spread = { input: 0.9, output: 0.9 };
const target = [{ of: 'ttft', at: 'p95', limitS: 2 }];
const at = (i) => ({ machine: machines[i % machines.length], shape: shapes[i % shapes.length] });

const prepared = Array.from({ length: 300 }, (_, i) => {
  const { machine, shape } = at(i);
  return queueOf(machine.replica, shape, spread, engine);
});
let kept = 0;
const seconds = (count, run) => {
  for (let i = 0; i < Math.min(count, 300); i++) kept += run(i);
  const start = performance.now();
  for (let i = 0; i < count; i++) kept += run(i);
  return (performance.now() - start) / 1000;
};
const query = seconds(queries, (i) => {
  const { machine, shape } = at(i);
  const queue = queueOf(machine.replica, shape, spread, engine);
  return latencyOf(queue, 0.6 * queue.limit.ratePerS, 1)?.ttftS.p95 ?? 0;
});
const largest = seconds(Math.max(1, queries / 10), (i) => {
  const { server } = prepared[i % 300];
  const { shape } = at(i % 300);
  const lengths = (mean) => ({ mean, sigma: 0.9, max: null });
  const traffic = { input: lengths(shape.inputTokens), output: lengths(shape.outputTokens), hitTokens: 0 };
  return largestRate(server, traffic, target, 1);
});

const each = { query: query / queries, largest: largest / (queries / 10) };
const say = (name, text) => console.log(`${name.padEnd(44)}${text}`);
say(
  `${queries} latencies at a rate`,
  `${query.toFixed(2)} s, ${(each.query * 1e6).toFixed(0)} us each; bar 2 s for 10,000`,
);
say(
  `${queries} largest rates under a target`,
  `${(each.largest * queries).toFixed(1)} s, ${(each.largest * 1e6).toFixed(0)} us each; bar 20 s for 10,000`,
);
if (!Number.isFinite(kept)) throw new Error('not a number');
const scale = 10000 / queries;
process.exitCode = query * scale > 2 || each.largest * 10000 > 20 ? 1 : 0;
