/**
 * Usage of a million rows: time of processors (what means something beside other work) and peak memory of `import` in a process of its own, beside reading the same file by lines;
 * and calls priced one by one: `pricer`, `quote` and @pydantic/genai-prices in one run.
 *
 *     node bench/usage.mjs [--rows 1000000]
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { calcPrice } from '@pydantic/genai-prices';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const rows = Number(values.rows);
const bars = { seconds: 5, mb: 150, ratio: 8, microseconds: 1 };

const folder = mkdtempSync(path.join(tmpdir(), 'bench-usage-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'completions_usage.csv');
const handle = openSync(file, 'w');
const first = Date.parse('2026-10-12T00:00:00Z') / 1000;
const models = ['gpt-4o-mini', 'gpt-5.4', 'gpt-4o', 'gpt-5.4-mini'];
let text =
  'start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,service_tier,input_tokens,output_tokens,input_cached_tokens,input_uncached_tokens\n';
for (let row = 0; row < rows; row++) {
  const at = first + 60 * Math.floor((row * 28 * 1440) / rows);
  const iso = new Date(at * 1000).toISOString();
  const [input, output, cached] = [
    1500 + ((row * 7919) % 3000),
    50 + ((row * 104_729) % 400),
    row % 3 === 0 ? 0 : 1024,
  ];
  text += `${at},${at + 60},${iso},${iso},proj_${row % 5},1.0,user-x,key_${row % 7},${models[row % 4]},false,default,${input},${output},${cached},${input - cached}\n`;
  if (text.length > 1e6 || row === rows - 1) {
    writeSync(handle, text);
    text = '';
  }
}

const start = performance.now();
let lines = 0;
for await (const _ of createInterface(createReadStream(file))) lines++;
const plain = (performance.now() - start) / 1000;

// The command, with its peak memory and time of the processor told on its last line.
const measured = `process.on('exit', () => { const { user, system } = process.cpuUsage();
  process.stderr.write('\\n' + JSON.stringify({ cpu: (user + system) / 1e6, kb: process.resourceUsage().maxRSS })); });`;
const began = performance.now();
const { status, stderr } = spawnSync(
  process.execPath,
  [
    '--import',
    `data:text/javascript,${encodeURIComponent(measured)}`,
    'dist/cli/main.js',
    'import',
    file,
    '-o',
    path.join(folder, 's.yaml'),
  ],
  { encoding: 'utf8' },
);
const seconds = (performance.now() - began) / 1000;
if (status !== 0) throw new Error(stderr);
const { cpu, kb } = JSON.parse(stderr.trim().split('\n').at(-1));
const mb = kb / 1024;
const size = (statSync(file).size / 1e6).toFixed(0);
console.log(
  `import, ${lines - 1} rows of ${size} MB   ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of processors (bar ${bars.seconds})`,
);
console.log(`peak memory                        ${mb.toFixed(0)} MB (bar ${bars.mb})`);
console.log(`the same file by lines alone       ${plain.toFixed(1)} s`);

const { loadShippedTables, pricer, quote } = await import(new URL('../dist/lib/index.js', import.meta.url).href);
const tables = await loadShippedTables();
const [provider, model] = ['openai', 'gpt-4o-mini'];
const price = pricer(tables, provider, model);
const calls = Array.from({ length: 1000 }, (_, n) => ({
  inputTokens: 1000 + n,
  cachedTokens: n,
  outputTokens: 200 + n,
}));
const ways = {
  pricer: (call) => price(call),
  quote: (call) => quote(tables, { provider, model, ...call }).quote.total,
  'genai-prices': ({ inputTokens, cachedTokens, outputTokens }) =>
    calcPrice({ input_tokens: inputTokens, cache_read_tokens: cachedTokens, output_tokens: outputTokens }, model, {
      providerId: provider,
    })?.total_price,
};
const best = {};
const sums = {};
for (let run = 0; run < 12; run++)
  for (const [name, usd] of Object.entries(ways)) {
    const times = name === 'pricer' ? 100 : 5;
    const from = performance.now();
    let sum = 0;
    for (let time = 0; time < times; time++) for (const call of calls) sum += usd(call);
    const micros = ((performance.now() - from) * 1000) / (times * calls.length);
    best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, micros);
    sums[name] = sum / times;
  }
console.log('\none call priced, the best of 12 runs');
for (const [name, micros] of Object.entries(best))
  console.log(
    `${name.padEnd(14)} ${micros.toFixed(3).padStart(8)} us   x ${(micros / best.pricer).toFixed(1).padStart(6)} of pricer   $${sums[name].toFixed(6)} for ${calls.length} calls`,
  );
const failed =
  cpu > bars.seconds ||
  mb > bars.mb ||
  best.pricer > bars.microseconds ||
  best['genai-prices'] < bars.ratio * best.pricer;
process.exitCode = failed ? 1 : 0;
