import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readRate } from '../../src/cli/capacity-question.js';
import type { ShippedCalibration } from '../../src/cli/read-tables.js';
import { readScenario } from '../../src/workload/read.js';
import { shipped } from '../support/load.js';
import { cliHere } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const date = ['--as-of', '2026-11-20'];
const capacity = (args: readonly string[]) => cliHere(['capacity', ...args, ...date]);
const machine = ['--model', 'llama-3.3-70b', '--accelerator', 'h100-sxm-80gb', '--count', '4'];
const request = ['--input', '1500', '--output', '500'];
/** Text that only a mistake in the program would print. */
const slip = /NaN|Infinity|undefined|null|\[object/;
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

test('--set changes what is assumed', async () => {
  const held = async (load: string) =>
    JSON.parse((await capacity([...machine, ...request, '--set', `highestLoad=${load}`, '-f', 'json'])).out).held
      .requestsPerS;
  expect((await held('1')) / (await held('0.5'))).toBeCloseTo(2, 9);
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

describe('--calibrate-with', () => {
  const own = ['--model', 'llama-3.1-8b', '--accelerator', 'h100-sxm-80gb', '--count', '1', ...request];
  let plain = '';
  beforeAll(async () => {
    plain = (await capacity(own)).out;
  });
  const table = path.join(newFolder(), 'own.csv');
  writeFileSync(
    table,
    [
      'model_family,accelerator,engine,prompt_tokens,output_tokens,concurrency,output_tokens_per_s,tpot_ms_p50',
      'llama-3.1-8b,h100-sxm-80gb,vllm,1000,300,8,500,15',
      'llama-3.1-8b,h100-sxm-80gb,vllm,1000,300,32,1400,21',
    ].join('\n'),
  );

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
