import { expect, test } from 'vitest';
import { cliHere } from '../support/recording-io.js';

test('a warning that is cut on the first screen says what is wrong all the same', async () => {
  const input = `version: 1
workload: {volume: 1k requests/day}
tasks: [{name: chat, type: faq-chat}]
today: {option: cloud-api/openai/nonsense, bill: 100/month}
`;
  const { out } = await cliHere(['assess', '-', '--point', '--as-of', '2026-11-20'], { input });
  expect(out).toMatch(/today\.option is not known\./i);
});
