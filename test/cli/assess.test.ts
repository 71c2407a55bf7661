import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cli } from '../support/cli-process.js';
import { fewDecisions } from '../support/few-rows.js';
import { cliHere } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const folder = newFolder();
const scenario = path.join(folder, 'scenario.yaml');
const text = `version: 1
name: Desk
workload: {volume: 5k}
tasks: [{name: faq, type: faq-chat}]
preferences: {only: [cloud-api, open-model-api]}
assumptions: ${JSON.stringify(fewDecisions)}
`;
writeFileSync(scenario, text);
const asOf = ['--as-of', '2026-11-20'];

test('JSON alone is on stdout, and the file says the same as standard input', async () => {
  const fromFile = JSON.parse((await cliHere(['assess', scenario, '--point', '--format', 'json', ...asOf])).out);
  const fromInput = JSON.parse(cli(['assess', '-', '--point', '--format', 'json', ...asOf], { input: text }).out);
  expect(fromFile.scenario.file).toBe(scenario);
  expect(fromInput.scenario.file).toBe('<stdin>');
  expect({ ...fromInput, scenario: null }).toEqual({ ...fromFile, scenario: null });
  expect(fromInput.tables.asOf).toBe('2026-11-20');
});

test('-o writes the bytes that stdout would have had, and nothing to stdout', async () => {
  const target = path.join(folder, 'out.json');
  const args = ['assess', scenario, '--point', '--format', 'json', ...asOf];
  expect(await cliHere([...args, '-o', target])).toEqual({ code: 0, out: '', err: '' });
  expect(readFileSync(target, 'utf8')).toBe((await cliHere(args)).out);
  expect(readdirSync(folder).sort()).toEqual(['out.json', 'scenario.yaml']);
});

test('nothing fits: exit 3, and the report is still written', async () => {
  const tooMuch = ['--set', 'tasks.faq.capability={minIndex: 100}'];
  const { code, out } = await cliHere(['assess', scenario, '--point', '--format', 'json', ...tooMuch]);
  expect(code).toBe(3);
  expect(JSON.parse(out).recommendation.status).toBe('infeasible');
});

test('mistakes of scenario and tables come at once', async () => {
  const { code, out, err } = await cliHere(['assess', '/no/such.yaml', '--pricing', '/no/such/folder']);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('error  no-such-folder');
  expect(err).toContain('error  file-not-found');
  expect((await cliHere(['assess', scenario, '--pricing', '1999-01-01'])).err).toContain('error  unknown-snapshot');
});

test.each([
  { format: 'table', TZ: 'Pacific/Kiritimati', LC_ALL: 'de_DE.UTF-8' },
  { format: 'json', TZ: 'America/Los_Angeles', LC_ALL: 'C' },
])('the same $format in $TZ and $LC_ALL', async ({ format, ...env }) => {
  const args = ['assess', scenario, '--point', '--format', format, ...asOf];
  expect(cli(args, { env }).out).toBe((await cliHere(args)).out);
});
