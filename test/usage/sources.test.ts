import { expect, test } from 'vitest';
import { usageReader } from '../../src/usage/read-usage.js';
import { addSums, noSums, type Usage, usageSums } from '../../src/usage/sums.js';
import { exportsOf, madeUpCalls } from '../support/usage-exports.js';

const calls = madeUpCalls(1);
const exported = exportsOf(calls);

/** Sums of texts, as the command reads them. */
function read(texts: readonly string[], partLength = 1000): Usage {
  const sums = usageSums({
    ...{ groupBy: 'auto', localOf: (at) => at, firstDay: 0, lastDay: 40_000, model: null, priceOf: () => null },
  });
  for (const text of texts) {
    const reader = usageReader({ as: null, exclusive: false }, (made, source, line) =>
      sums.add(made, source, 'file', line),
    );
    for (let at = 0; at < text.length; at += partLength) reader.write(text.slice(at, at + partLength));
    reader.end();
  }
  return sums.usage();
}

const totalOf = ({ groups }: Usage) => groups.flatMap(({ days }) => [...days.values()]).reduce(addSums, noSums());
const sumOf = (of: (call: (typeof calls)[number]) => number) => calls.reduce((sum, call) => sum + of(call), 0);

test.each(Object.keys(exported))('%s: the same sums as the calls it is an export of', (name) => {
  const { text, untold } = exported[name] as (typeof exported)[string];
  const { input, output, cached, usd, calls: count } = totalOf(read([text]));
  expect({ input, output }).toEqual({ input: sumOf((call) => call.input), output: sumOf((call) => call.output) });
  expect(count).toBe(untold.includes('calls') ? 0 : calls.length);
  expect(cached).toBe(untold.includes('cached') ? 0 : sumOf((call) => call.cached));
  expect(usd).toBeCloseTo(untold.includes('usd') ? 0 : sumOf((call) => call.usd), 6);
});

test('parts of a text may end anywhere', () => {
  for (const [name, { text }] of Object.entries(exportsOf(calls.slice(0, 20))))
    for (const length of [1, 13]) {
      const [one, other] = [totalOf(read([text], length)), totalOf(read([text], text.length))];
      expect({ name, ...one }).toEqual({ name, ...other });
    }
});

test('several files are one set, and the same call counts once', () => {
  const [half, whole] = [exportsOf(calls.slice(0, 200)), exported];
  const usage = read([half['LiteLLM rows']?.text ?? '', whole['LiteLLM CSV']?.text ?? '']);
  expect(totalOf(usage).calls).toBe(calls.length);
  expect(usage.leftOut).toMatchObject([{ reason: 'the same call a second time', rows: 200 }]);
});
