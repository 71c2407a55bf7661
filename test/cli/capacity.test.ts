import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { readRate } from '../../src/cli/capacity-question.js';
import type { ShippedCalibration } from '../../src/cli/read-tables.js';
import { readScenario } from '../../src/workload/read.js';
import { shipped } from '../support/load.js';
import { cliHere } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const date = ['--as-of', '2026-11-20'];
const capacity = (args: readonly string[], input = '') => cliHere(['capacity', ...args, ...date], { input });
const machine = ['--model', 'llama-3.3-70b', '--accelerator', 'h100-sxm-80gb', '--count', '4'];
const request = ['--input', '1500', '--output', '500'];
const folder = () => newFolder();
/** Text that only a mistake in the program would print. */
const slip = /NaN|Infinity|undefined|null|\[object/;
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('one machine', () => {
  test('what fits, what it carries, what users see, what it costs, how sure that is', async () => {
    const args = [...machine, ...request, '--rate', '8/s', '--ttft-p95', '1s'];
    const { code, out, err } = await capacity(args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')[0]).toMatch(
      /^llama-3\.3-70b bf16 on 4x h100-sxm-80gb, vllm +prices 2026-08-21 \(91 days old\)$/,
    );
    expect(out).toMatch(/\nrequests +1,500 tokens in, 500 out\n/);
    // 70.554e9 x 2 bytes; 4 x (0.9 x 80 GiB - 2 GB - 0.883 GB of activations); 327,680 bytes of cache x 1,750 tokens x 1.04.
    expect(out).toMatch(
      /\nfit +141 GB of weights in 298 GB usable\n +460,000 tokens of cache \(\d+,000 to \d+,000\)\n +room for the cache of \d+ requests in flight, \d+ at/,
    );
    expect(out).toMatch(/\(596 MB each, 16 bit\)/);
    expect(out).toMatch(/\nalone +first token \d+ ms \(\d+ ms to \d+ ms\), then \d+ tokens\/s \(\d+ to \d+\)/);
    expect(out).toMatch(
      /\nholds +2\.\d requests\/s a replica[^;]+\n? +highest load allowed, 70 % of full\n +2 replicas: 5, 3: 7\.5/,
    );
    expect(out).toMatch(/\nat 8\/s +4 replicas and 1 spare, \d\d % busy, \d+ in flight on each\n/);
    expect(out).toMatch(/ TTFT p50 \d+ ms, p95 \d+ ms, p99 [\d.]+ m?s; asked p95 1 s\n/);
    expect(out).toMatch(/\ncost +\$64\.0\/hour: 5 machines of 4 cards for 5 replicas of 4 at /);
    expect(out).toMatch(/\nsure +brackets hold 80 % of published measurements/);
    expect(out).not.toMatch(slip);
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  test('a target that even an idle machine misses, and a model that does not fit, are answers', async () => {
    const missed = await capacity([...machine, ...request, '--rate', '1', '--ttft-p95', '1ms', '--tpot-p95', '1ms']);
    expect(missed.code).toBe(3);
    expect(missed.out.replace(/\s+/g, ' ')).toMatch(
      /not carried: even an idle replica misses a target: the first token takes [\d.]+ ms \(p95\), a further token takes/,
    );
    const large = await capacity(['--model', 'llama-3.3-70b', '--accelerator', 'h100-sxm', ...request, '--rate', '1']);
    expect(large).toMatchObject({ code: 3, err: '' });
    expect(large.out).toMatch(/\nfit +does not fit: 141 GB of weights in 73 GB usable; one request's cache\n/);
    expect(large.out).not.toMatch(/\n(?:holds|cost|full|alone) /);
  });

  test('a doubt is told as wider only where it makes brackets wider', async () => {
    // Schemes that the table lacks are predicted worse (x 1.34), and a port younger than its hardware is (x 2.37).
    const doubtful = await capacity([...machine, ...request, '--quantization', 'int3-hqq']);
    expect(doubtful.out.replace(/\s+/g, ' ')).toContain(' wider, as the quantization is not in the tables');
    const gaudi = ['--model', 'llama-3.1-8b', '--accelerator', 'gaudi3-128gb', '--engine', 'vllm-gaudi'];
    const young = await capacity([...gaudi, ...request]);
    expect(young.out.replace(/\s+/g, ' ')).toContain(' wider, as a port younger than its hardware');
  });

  test('where no token follows the first, a target on further ones asks nothing, and that is said', async () => {
    const args = [...machine, '--input', '1500', '--output', '0', '--rate', '20', '--tpot-p95', '1ms'];
    const { code, err } = await capacity(args);
    expect(code).toBe(0);
    expect(err).toContain('no token follows the first: the target on the time per further token asks nothing');
  });

  test('--set changes what is assumed', async () => {
    const held = async (load: string) =>
      JSON.parse((await capacity([...machine, ...request, '--set', `highestLoad=${load}`, '-f', 'json'])).out).held
        .requestsPerS;
    expect((await held('1')) / (await held('0.5'))).toBeCloseTo(2, 9);
  });
});

test('--best: for a load by what is paid in all, without one by what a token costs', async () => {
  const small = ['--model', 'llama-3.1-8b', '--best', '--input', '1500', '--output', '500'];
  for (const [load, by] of [
    [['--users', '50'], 'usd_per_hour'],
    [[], 'usd_per_1m_tokens'],
  ] as const) {
    const { out } = await capacity([...small, ...load, '--format', 'csv']);
    const rows: Record<string, string>[] = parse(out, { columns: true });
    const costs = rows.map((row) => Number(row[by] || 'Infinity'));
    expect(costs.length).toBeGreaterThan(10);
    expect(costs, by).toEqual([...costs].sort((a, b) => a - b));
    const table = (await capacity([...small, ...load])).out;
    expect(table).toContain(by === 'usd_per_hour' ? '\nCheapest first, by USD/h.\n' : '\nCheapest first, by USD/1M.\n');
    expect(table).toContain('USD: rented on demand in a cloud, not on a marketplace');
    expect(widest(table)).toBeLessThanOrEqual(100);
  }
});

test('--accuracy: how wrong predictions are, against what was left out of the fit', async () => {
  const { code, out, err } = await capacity(['--accuracy']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^Capacity against 1,066 published measurements\n/);
  const shipped = JSON.parse(readFileSync('pricing/catalog/calibration.json', 'utf8')) as ShippedCalibration;
  const of = (what: string) => {
    const found = shipped.errors.find((each) => each.what === what)?.metrics.find(({ metric }) => metric === 'system');
    return `${found?.medianPct.toFixed(0)} %`;
  };
  const lefts = ['leave-one-source-out', 'corrected', 'leave-one-hardware-out', 'leave-one-model-out'].map(of);
  const row = out.split('\n').find((line) => line.startsWith('system throughput'));
  expect(row?.split(/ {2,}/).slice(1, 7)).toEqual(['698', of('roofline'), ...lefts]);
  expect(out).not.toMatch(slip);
  expect(widest(out)).toBeLessThanOrEqual(100);
  expect((await capacity(['--accuracy', '--detail'])).out.length).toBeGreaterThan(3 * out.length);
});

describe('--from', () => {
  const columns = [
    ...['predicted_output_tokens_per_s', 'predicted_total_tokens_per_s', 'predicted_prefill_tokens_per_s'],
    ...['predicted_ttft_ms_p50', 'predicted_tpot_ms_p50', 'predicted_low', 'predicted_high', 'limited_by', 'error'],
  ];
  const needed = 'model_family,accelerator,prompt_tokens,output_tokens';
  const good = 'llama-3.1-8b,h100-sxm-80gb,1000,200';
  const from = (text: string, ...more: string[]) => capacity(['--from', '-', '--format', 'csv', ...more], text);
  const rowsOf = (out: string): Record<string, string>[] => parse(out, { columns: true });
  const figures = columns.slice(0, 7);

  test('the columns of the contract follow the columns of the file, in any order', async () => {
    const file = path.join(folder(), 'rows.csv');
    const head = 'note,concurrency,output_tokens,accelerator,mine,prompt_tokens,model_family,engine,accelerator_count';
    writeFileSync(file, `${head}\n"a, ""b""",16,200,h100-sxm-80gb, x ,1000,llama-3.3-70b,vllm,4\n`);
    const { code, out, err } = await capacity(['--from', file, '--format', 'csv']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')[0]).toBe(`${head},${columns.join(',')}`);
    const [row] = rowsOf(out);
    expect(row).toMatchObject({ note: 'a, "b"', mine: ' x ', limited_by: 'clients', error: '' });
    for (const each of figures) expect(Number(row?.[each])).toBeGreaterThan(0);
    expect(Number(row?.predicted_low)).toBeLessThan(Number(row?.predicted_output_tokens_per_s));
    expect(Number(row?.predicted_high)).toBeGreaterThan(Number(row?.predicted_output_tokens_per_s));
    // 1,200 tokens a request, of which 200 are written.
    const total = Number(row?.predicted_total_tokens_per_s) / Number(row?.predicted_output_tokens_per_s);
    expect(total).toBeCloseTo(6, 3);
  });

  test('rows that cannot be predicted say why; the others are written all the same, and the exit code is 2', async () => {
    const lines = [
      ...[needed, good, 'zzz,h100-sxm-80gb,1000,200', 'llama-3.1-8b,h100-sxm,1000,200'],
      ...[
        'llama-3.1-8b,h100-sxm-80gb,1000,12x',
        'llama-3.1-8b,h100-sxm-80gb,1000',
        'llama-3.1-8b,h100-sxm-80gb,0,0',
        'llama-3.1-70b,t4-16gb,1000,200',
        good,
      ],
    ];
    const file = path.join(folder(), 'rows.csv');
    writeFileSync(file, lines.join('\n'));
    const target = path.join(path.dirname(file), 'predicted.csv');
    const { code, out, err } = await capacity(['--from', file, '--format', 'csv', '-o', target]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    const rows = rowsOf(readFileSync(target, 'utf8'));
    expect(rows).toHaveLength(8);
    expect(rows.map(({ error }) => error === '')).toEqual([true, false, false, false, false, false, false, true]);
    expect(rows[0]).toEqual(rows[7]);
    for (const row of rows.slice(1, 7)) expect(figures.map((name) => row[name]).join('')).toBe('');
    expect(rows[1]?.error).toBe('no model "zzz" in the tables');
    expect(rows[2]?.error).toBe('no accelerator "h100-sxm" in the tables; did you mean h100-sxm-80gb?');
    expect(rows[3]?.error).toMatch(/^output_tokens: "12x" is not a number/);
    expect(rows[6]?.error).toBe('does not fit: the weights take 141.1 GB, the cards have 17.2 GB');
    expect(err).toContain(`${file}:3  error  not-predicted  no model "zzz"`);
    expect(err).toContain(`${file}:5:33  error  not-a-number  output_tokens`);
    expect(err).toContain(`${file}:6:`);
    expect(err).not.toContain('    at ');
    const json = await capacity(['--from', file, '--format', 'json']);
    expect(json.code).toBe(2);
    const shown = JSON.parse(json.out);
    expect(shown.rows[1]).toMatchObject({ line: 3, prediction: null, error: 'no model "zzz" in the tables' });
  });

  test('a byte-order mark, CRLF and blank lines change nothing', async () => {
    const plain = await from(`${needed}\n${good}\n${good}\n`);
    expect(await from(`\uFEFF${needed}\r\n${good}\r\n\r\n${good}\r\n`)).toEqual(plain);
    expect(plain.code).toBe(0);
  });

  test('runs of prefill alone and of decode alone', async () => {
    const [prefill, decode] = rowsOf(
      (await from(`${needed}\nllama-3.1-8b,h100-sxm-80gb,1000,0\nllama-3.1-8b,h100-sxm-80gb,0,200\n`)).out,
    );
    expect(prefill).toMatchObject({ predicted_output_tokens_per_s: '', predicted_tpot_ms_p50: '', predicted_low: '' });
    expect(Number(prefill?.predicted_prefill_tokens_per_s)).toBeGreaterThan(0);
    expect(decode).toMatchObject({ predicted_prefill_tokens_per_s: '', predicted_ttft_ms_p50: '' });
    expect(Number(decode?.predicted_output_tokens_per_s)).toBeGreaterThan(0);
  });

  test.each([
    ['not a CSV', '"a\nb', 'bad-csv', /not a CSV file/],
    [
      'a missing column',
      `model_family,accelerator,prompt_tokens\n`,
      'missing-column',
      /output_tokens: this column is missing/,
    ],
  ])('%s: exit 2, and nothing is written', async (_, text, code, says) => {
    const ended = await from(text);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain(`error  ${code}`);
    expect(ended.err).toMatch(says);
    expect(ended.err).toContain('<stdin>');
    expect(ended.err).not.toContain('    at ');
  });

  test('a header alone is a table of no rows, and a file that is not there is an error', async () => {
    const none = await from(`${needed}\n`);
    expect(none).toMatchObject({ code: 0, out: `${needed},${columns.join(',')}\n` });
    expect(none.err).toContain('warning  no-rows');
    expect(await capacity(['--from', 'nowhere.csv'])).toMatchObject({ code: 2, out: '' });
  });
});

describe('--calibrate-with', () => {
  const own = ['--model', 'llama-3.1-8b', '--accelerator', 'h100-sxm-80gb', '--count', '1', ...request];
  const fixture = (name: string) => `test/fixtures/measurements/${name}`;
  let plain = '';
  beforeAll(async () => {
    plain = (await capacity(own)).out;
  });
  const table = path.join(folder(), 'own.csv');
  writeFileSync(
    table,
    [
      'model_family,accelerator,engine,prompt_tokens,output_tokens,concurrency,output_tokens_per_s,tpot_ms_p50',
      'llama-3.1-8b,h100-sxm-80gb,vllm,1000,300,8,500,15',
      'llama-3.1-8b,h100-sxm-80gb,vllm,1000,300,32,1400,21',
    ].join('\n'),
  );

  test.each([
    ['vllm bench', fixture('vllm-appended.jsonl'), 2],
    ['CSV', table, 2],
  ])('results of %s change the answer, which says so', async (_, file, count) => {
    const { code, out, err } = await capacity([...own, '--calibrate-with', file]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).not.toBe(plain);
    expect(out.replace(/\s+/g, ' ')).toMatch(
      new RegExp(
        `calibrated with ${count} measurements of your own: times of decode x [\\d.]+, prefill x [\\d.]+, first`,
      ),
    );
    expect(out).toContain('of what your measurements leave open');
    expect(out).not.toMatch(slip);
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  test('and they come as a scenario takes them, with the same rate where it is decided', async () => {
    const { out } = await capacity([...own, '--calibrate-with', table]);
    const [written] = /measured: \[.+\]/.exec(out.replace(/\s+/g, ' ')) ?? [];
    const { ofPredicted } = JSON.parse((await capacity([...own, '--calibrate-with', table, '-f', 'json'])).out);
    const rate = (text: string) => Number(/full +([\d.]+) requests\/s/.exec(text)?.[1]);
    expect(rate(out) / rate(plain) / ofPredicted).toBeCloseTo(1, 1);
    const { tables } = await shipped();
    const text = `version: 1\nworkload: {volume: 500}\ntasks: [{type: faq-chat}]\n${written}\n`;
    const { scenario, problems } = readScenario(text, { file: 'x.yaml', tables });
    expect(problems).toEqual([]);
    const [measured] = scenario?.scenario.measured ?? [];
    expect(measured).toMatchObject({ model: 'llama-3.1-8b', accelerator: 'h100-sxm-80gb' });
    const { likely, range } = measured?.ofPredicted ?? { likely: 0, range: null };
    expect(likely / ofPredicted).toBeCloseTo(1, 2);
    expect((range?.low ?? 0) * (range?.high ?? 0)).toBeCloseTo(likely ** 2, 2);
    expect(JSON.parse((await capacity([...own, '-f', 'json'])).out).ofPredicted).toBeNull();
  });

  test('rows of a table and the ranking of hardware are corrected too', async () => {
    const head = 'model_family,accelerator,engine,prompt_tokens,output_tokens,concurrency';
    const rows = [head, 'llama-3.1-8b,h100-sxm-80gb,vllm,1000,300,8', 'llama-3.1-8b,l4-24gb,vllm,1000,300,8'].join(
      '\n',
    );
    const before = parse((await capacity(['--from', '-'], rows)).out, { columns: true }) as Record<string, string>[];
    const after = parse((await capacity(['--from', '-', '--calibrate-with', table], rows)).out, {
      columns: true,
    }) as typeof before;
    expect(Number(after[0]?.predicted_output_tokens_per_s) / 500).toBeCloseTo(1, 1);
    expect(after[0]?.predicted_output_tokens_per_s).not.toBe(before[0]?.predicted_output_tokens_per_s);
    expect(after[1]).toEqual(before[1]);
    const best = ['--model', 'llama-3.1-8b', '--best', ...request, '-f', 'csv'];
    expect((await capacity([...best, '--calibrate-with', table])).out).not.toBe((await capacity(best)).out);
  });

  test.each([
    ['unknown names', fixture('table.csv'), /not-usable {2}no model "model-a" in the tables/],
    ['no JSON', 'README.md', /not-measurements|bad-csv/],
    ['no such file', 'nowhere.json', /file-not-found/],
  ])('%s: exit 2 and the reason, no stack', async (_, file, says) => {
    const { code, out, err } = await capacity([...own, '--calibrate-with', file]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(says);
    expect(err).not.toContain('    at ');
  });
});

test.each([
  ['2', 2],
  ['2/s', 2],
  ['0.12k', 120],
  ['300 requests/min', 5],
  ['1..3 rps', 2],
  ['86.4k/day', 1],
])('a rate of %s is %d requests a second', (written, perSecond) => {
  expect(readRate(written)).toMatchObject({ ok: true, value: { likely: perSecond } });
});

describe('mistakes', () => {
  test('all at once', async () => {
    const args = ['--model', 'lama-3.3-70b', '--accelerator', 'h1000', '--engine', 'vlm', '--parallel', 'tp3'];
    const more = ['--count', '4', '--rate', '5', '--users', '4', '--ttft-p95', 'soon', '--prefix-hit', '300%'];
    const sets = ['--set', 'nothing=1', '--set', 'kvCacheBits=8', '--kv-cache', 'foo', '--pricing', '2026-08-21'];
    const { code, out, err } = await capacity([...args, ...more, ...sets]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const says of [
      ...['no-such-model', 'no-such-accelerator', 'did you mean `vllm`', '"tp3" is for 3 accelerators, not for 4'],
      ...['--rate and --users', '--ttft-p95', '--prefix-hit', 'unknown assumption nothing', 'write --kv-cache fp8'],
      ...['--kv-cache: unknown format "foo"', '--input is missing', '--output is missing'],
    ])
      expect(err).toContain(says);
  });

  test.each([
    [[...machine, ...request, '--best'], /--accelerator says nothing together with --best/],
    [['--model', 'llama-3.1-8b', '--best', ...request, '--parallel', 'tp2'], /--parallel says nothing/],
    [['--from', 'x.csv', '--best'], /--from and --best are different questions/],
    [['--from', 'x.csv', '--rate', '5'], /--rate says nothing together with --from/],
    [['--accuracy', '--model', 'x'], /--model says nothing together with --accuracy/],
    [[...machine, ...request, '--format', 'csv'], /one machine is no table of rows/],
    [[...machine, '--input', '0', '--output', '0'], /a request of no tokens/],
    [['--model', 'llama-3.1-8b', '--best', ...request, '--quantization', 'foo'], /unknown format "foo"/],
    [
      [...machine, ...request, '--quantization', 'mxfp4-native'],
      /"mxfp4-native" is of models released in mxfp4; llama-3\.3-70b was released in bf16\s+= did you mean mxfp4-ptq\?/,
    ],
    [['--model', 'command-a-plus-218b-a25b', '--best', ...request], /layers are not known of the model/],
    [['--model', 'llama-3.1-8b', ...request], /--accelerator is missing/],
    [[...machine, ...request, '--rate', '12 foo'], /is not a rate of requests \(write 8\/s, 500\/min or 20k/],
    [[...machine, ...request, '--rate', '1,000/day'], /has a comma: write 1000.* \(write 8\/s, .* requests a second\)/],
    [[...machine, ...request, '--rate', '0'], /must be more than 0/],
    [[...machine, ...request, '--tpot-p95', '50'], /`50` has no unit: write 50ms or 50s/],
    [
      [...machine, '--input', '1000', '--output', '200', '--context', '1199'],
      /shorter than the mean one, 1200 tok[\s\S]*write 1200 or/,
    ],
    [[...machine, ...request, '--count', '0'], /number of cards/],
    [[...machine, ...request, '--users', '1.5'], /whole number/],
    [[...machine, '--input', '-5', '--output', '1'], /number of tokens/],
    [[...machine, ...request, '--set', 'highestLoad=2'], /--set highestLoad=2: `2` is above 1/],
    [[...machine, ...request, '--set', 'spareReplicas=1.5'], /`1.5` is no whole number of replicas: write 2\n/],
    [[...machine, ...request, '--ttft-p95', '0s'], /--ttft-p95/],
  ])('%j: exit 2', async (args, says) => {
    const { code, out, err } = await capacity(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(says);
    expect(err).not.toContain('    at ');
  });
});
