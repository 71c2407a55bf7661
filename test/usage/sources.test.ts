import { expect, test } from 'vitest';
import { z } from 'zod';
import { addSums, noSums, type Usage } from '../../src/usage/sums.js';
import { casesIn } from '../support/cases.js';
import { exportsOf, madeUpCalls, readUsage } from '../support/usage-exports.js';

const tokens = z.number();
const cases = casesIn('usage-sources', {
  langfuse: { why: z.string(), usage: z.record(z.string(), tokens), input: tokens, cached: tokens, output: tokens },
});

const calls = madeUpCalls(1);
const exported = exportsOf(calls);

const totalOf = ({ groups }: Usage) => groups.flatMap(({ days }) => [...days.values()]).reduce(addSums, noSums());
const sumOf = (of: (call: (typeof calls)[number]) => number) => calls.reduce((sum, call) => sum + of(call), 0);

test.each(Object.keys(exported))('%s: the same sums as the calls it is an export of', (name) => {
  const { text, untold } = exported[name] as (typeof exported)[string];
  const { input, output, cached, usd, calls: count } = totalOf(readUsage([text]));
  expect({ input, output }).toEqual({ input: sumOf((call) => call.input), output: sumOf((call) => call.output) });
  expect(count).toBe(untold.includes('calls') ? 0 : calls.length);
  expect(cached).toBe(untold.includes('cached') ? 0 : sumOf((call) => call.cached));
  expect(usd).toBeCloseTo(untold.includes('usd') ? 0 : sumOf((call) => call.usd), 6);
});

test('parts of a text may end anywhere', () => {
  for (const [name, { text }] of Object.entries(exportsOf(calls.slice(0, 20))))
    for (const length of [1, 13]) {
      const [one, other] = [totalOf(readUsage([text], {}, length)), totalOf(readUsage([text], {}, text.length))];
      expect({ name, ...one }).toEqual({ name, ...other });
    }
});

test('several files are one set, and the same call counts once', () => {
  const [half, whole] = [exportsOf(calls.slice(0, 200)), exported];
  const usage = readUsage([half['LiteLLM rows']?.text ?? '', whole['LiteLLM CSV']?.text ?? '']);
  expect(totalOf(usage).calls).toBe(calls.length);
  expect(usage.leftOut).toMatchObject([{ reason: 'the same call a second time', rows: 200 }]);
});

test.each(cases.langfuse)('Langfuse, $why: told by the total', ({ usage: usage_details, input, cached, output }) => {
  const row = { id: 'a', type: 'GENERATION', start_time: '2026-10-12 10:00:00', usage_details };
  const other = { ...row, id: 'b', type: 'SPAN' };
  const usage = readUsage([JSON.stringify([row, other])]);
  expect(totalOf(usage)).toMatchObject({ calls: 1, input, cached, output });
  expect(usage.leftOut).toMatchObject([{ reason: 'an observation that is no generation', rows: 1 }]);
});

test('answers of the cache of a gateway are no calls, and failed ones are told apart', () => {
  const row = {
    request_id: 'a',
    spend: 0.5,
    startTime: '2026-10-12T10:00:00Z',
    prompt_tokens: 10,
    completion_tokens: 5,
  };
  const rows = [
    { ...row, status: 'success', cache_hit: 'None' },
    { ...row, request_id: 'b', status: 'success', cache_hit: 'True' },
    { ...row, request_id: 'c', status: 'failure', cache_hit: '' },
  ];
  expect(totalOf(readUsage([JSON.stringify(rows)]))).toMatchObject({
    calls: 1,
    failed: 1,
    failedTokens: 15,
    input: 10,
    usd: 1,
  });
});
