import { expect, test } from 'vitest';
import { cliHere } from '../support/recording-io.js';
import { newFolder, putIn } from '../support/temporary-folder.js';

/** What `check` and `compare` tell beside their verdicts: warnings of prices, whose mistake it is, and how they end. */

const folder = newFolder();

const put = putIn(folder);
const scenario = (name: string, volume: string, sensitivity = 'internal'): string => `version: 1
name: ${name}
workload: {volume: ${volume} conversations/day}
tasks:
  - {name: support, type: faq-chat, tokens: {input: 1500, output: 500}}
data: {sensitivity: ${sensitivity}}
preferences: {only: [cloud-api, open-model-api]}
`;
const asOf = ['--as-of', '2026-11-20'];
const chat = put('chat.yaml', scenario('Chat', '50k'));
const ended = put(
  'ended.yaml',
  'version: 1\nname: ours\nrates:\n  - {provider: google, model: gemini-2.5-flash, input: 1, output: 2, until: 2026-01-01}\n',
);

test('a warning of a price book is a warning of every scenario, told once', async () => {
  const asked = ['--price-book', ended, '--fail-on', 'warning', ...asOf];
  const second = put('second.yaml', scenario('Second', '5k'));
  for (const command of [
    ['check', chat, second],
    ['compare', chat, second],
  ]) {
    const { code, out, err } = await cliHere([...command, ...asked]);
    expect([code, out]).toEqual([1, expect.stringMatching(/warning: +ended-rate/)]);
    expect(err.match(/ended-rate/g)).toHaveLength(1);
  }
  for (const format of ['markdown', 'github', 'sarif', 'json', 'junit']) {
    const { out } = await cliHere(['check', chat, second, '--price-book', ended, ...asOf, '--format', format, '-q']);
    expect(out, format).toContain('ended-rate');
    if (format === 'github') expect(out.match(/::warning /g)).toHaveLength(1);
  }
});

test('each file has its own mistakes in every form, and warnings are none', async () => {
  const first = put('first.yaml', 'version: 1\nnme: x\n');
  const last = put('last.yaml', 'version: 1\n\n\nworklod: x\n');
  const told = async (format: string) => (await cliHere(['compare', first, last, ...asOf, '--format', format])).out;

  const [, ofFirst = '', ofLast = ''] = (await told('markdown')).split('<details>');
  expect([ofFirst, ofLast].map((text) => [text.includes('nme'), text.includes('worklod')])).toEqual([
    [true, false],
    [false, true],
  ]);
  expect(await told('junit')).toMatch(/classname="[^"]*last\.yaml"[^>]*>\s*<error message="4:1: [^"]*`worklod`/);
  const refused = ['check', chat, '--price-book', ended, '--baseline-ref', 'no-such', ...asOf, '--format', 'github'];
  expect((await cliHere(refused)).out).toContain('nothing was checked: 1 mistake\n');
});

test('compare ends with 3 where nothing fits on any side, unless the scenario expects that; with 0 where it is one', async () => {
  const tight = scenario('Chat', '50k', 'device-only');
  const [nothing, expected] = [put('nothing.yaml', tight), put('expected.yaml', `${tight}expect: {kinds: []}\n`)];
  const compared = await cliHere(['compare', nothing, nothing, ...asOf]);
  expect([compared.code, compared.out]).toEqual([3, expect.stringContaining('nothing fits')]);
  expect((await cliHere(['compare', nothing, nothing, ...asOf, '--exit-zero'])).code).toBe(0);
  expect((await cliHere(['compare', nothing, expected, ...asOf])).code).toBe(0);
  expect((await cliHere(['compare', nothing, chat, ...asOf])).code).toBe(0);
  const last = await cliHere(['compare', chat, nothing, ...asOf]);
  expect([last.code, last.out]).toEqual([0, expect.stringContaining('nothing fits')]);
  expect((await cliHere(['compare', chat, nothing, ...asOf, '--fail-on', 'infeasible'])).code).toBe(1);
  expect((await cliHere(['compare', chat, nothing, chat, ...asOf, '--format', 'markdown'])).out).not.toContain(
    ', was ',
  );
});
