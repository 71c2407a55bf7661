import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { mcpServer } from '../../src/cli/commands/mcp.js';
import { cliHere, recordingIo } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

/** What is read by habit is read so by every command: each answers as for the scenario that is meant. */

const folder = newFolder();
const habit = `version: 1
name: Desk
users: 300
requestsPerUserPerDay: 12
constraints: {region: us, ttft: 2s}
only: [cloud-api]
tasks: [{name: desk, type: summarization}]
`;
const meant = `version: 1
name: Desk
workload: {volume: 300 users, requestsPerUser: 12}
preferences: {only: [cloud-api]}
tasks: [{name: desk, type: summarization, latency: {ttftP95: 2s}}]
data: {residency: [us]}
`;
const day = ['--as-of', '2026-11-20'];
/** What is the text's own. */
const said = (key: string, value: unknown) => (key === 'sha256' || key === 'warnings' ? null : value);
/** Both under one name, as answers name the file. */
async function answersOf(
  args: (file: string) => string[],
): Promise<(Awaited<ReturnType<typeof cliHere>> & { heard: string })[]> {
  const file = path.join(folder, 'desk.yaml');
  const answers = [];
  for (const text of [habit, meant]) {
    writeFileSync(file, text);
    const { out, ...answer } = await cliHere([...args(file), ...day]);
    answers.push({
      ...answer,
      heard: `${answer.err}${out}`,
      out: out.startsWith('{') ? JSON.stringify(JSON.parse(out, said)) : out,
    });
  }
  return answers;
}

test.each<[string, (file: string) => string[]]>([
  ['assess', (file) => ['assess', file, '--point', '--format', 'json']],
  ['sweep', (file) => ['sweep', file, '--vary', 'workload.volume=100 users,1000 users', '--format', 'csv']],
  ['export', (file) => ['export', file, 'litellm', '-o', '-']],
])('%s', async (_, args) => {
  const [byHabit, asMeant] = await answersOf(args);
  expect(asMeant?.out).not.toBe('');
  expect({ code: byHabit?.code, out: byHabit?.out }).toEqual({ code: asMeant?.code, out: asMeant?.out });
  expect(byHabit?.heard).toContain('`users` is read as `workload.volume`');
});

test('a tool of an agent', async () => {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const server = mcpServer(recordingIo().io);
  const [here, there] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(there), client.connect(here)]);
  const plans = [];
  for (const scenario of [habit, meant]) {
    const { structuredContent } = await client.callTool({
      name: 'assess',
      arguments: { scenario, asOf: '2026-11-20' },
    });
    plans.push((structuredContent as { plan?: string }).plan);
  }
  await client.close();
  expect(plans[0]).toBeTruthy();
  expect(plans[0]).toEqual(plans[1]);
});
