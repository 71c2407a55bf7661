import { expect, test } from 'vitest';
import { cliHere } from '../support/recording-io.js';

/** A job that ends has a cost, none a month. */

const file = 'test/first-try/screen/catalog-translation.yaml';

test.each([
  ['assess', file, '--point'],
  ['assess', file, '--point', '--option', 'cloud-api/openai/gpt-5-nano'],
  ['explain', file],
  ['check', file, '--fail-on', 'cost>100'],
])('%s tells what the job costs', async (...args) => {
  const { out, err } = await cliHere([...args, '--pricing', '2026-11-10', '--as-of', '2026-11-20']);
  // 1.2M requests of 350 tokens each way at $0.09 and $0.18 a million, 1 % of them twice: $114.53.
  expect(out).toMatch(/\$11[45](?:\.53\d*)? (?:in all|for the whole job)/);
  expect(`${out}${err}`).not.toMatch(/\$[\d.,k]+(?: a |\/)month/);
});

test('a batch price is that of the price list, at no service tier: half of $1.25', async () => {
  const input = `version: 1
workload: {volume: 1M requests, once: true}
tasks: [{name: tr, type: translation, deadline: 3d, tokens: {input: 1000, output: 200}}]
`;
  const asked = ['explain', '-', 'cloud-api/openai/gpt-5', '--pricing', '2026-11-10', '--as-of', '2026-11-20'];
  const { out } = await cliHere(asked, { input });
  expect(out).toMatch(/batch price of input: \$0\.625\/1M/);
  expect(out).not.toMatch(/flex|serviceTiers/);
});
