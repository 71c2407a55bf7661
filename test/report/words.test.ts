import { readdirSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { commands, run } from '../../src/cli/command-line.js';
import { cliHere, recordingIo } from '../support/recording-io.js';
import { newFolder, putIn } from '../support/temporary-folder.js';

const phrases = readFileSync('test/words.txt', 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

const said = (text: string): string[] => {
  const flat = text.replaceAll(/\s+/g, ' ');
  return phrases.filter((phrase) => flat.includes(phrase));
};

/** Said in ids, source notes and formulas of `--detail`, and by guides in their own words. */
const ids = /cloud APIs?|self-hosted-cloud|open-model-api|serverless-gpu|FTE|TTFT|TPOT|p95/g;

/** First screens of every shipped scenario and of made-up decisions. */
const screens = [
  ...readdirSync('test/golden/scenarios')
    .filter((name) => /^[^.]+\.txt$/.test(name))
    .map((name) => `test/golden/scenarios/${name}`),
  ...readdirSync('test/golden')
    .filter((name) => /^report-[a-z]+(-60|-80)?\.(txt|md)$/.test(name))
    .map((name) => `test/golden/${name}`),
  'README.md',
];

test('the list is one of plain phrases, each once', () => {
  expect(phrases.length).toBeGreaterThan(60);
  expect(new Set(phrases).size).toBe(phrases.length);
});

test.each(screens)('%s says nothing in words of our own', (file) => {
  expect(said(readFileSync(file, 'utf8'))).toEqual([]);
});

const folder = newFolder();
const written = putIn(folder);

const small = 'scenarios/support-chatbot.yaml';
const reports = [
  `assess ${small} --point --detail full`,
  `assess scenarios/device-case-files.yaml --point -f markdown`,
  `breakeven ${small} --between cloud-api open-model-api`,
  `compare ${small} --point --pricing 2025-09-30 --pricing 2026-08-21`,
  `compare ${small} --point --pricing 2025-09-30 --pricing 2026-08-21 -f markdown`,
  `check ${small} --point --fail-on cost>1`,
  `check ${small} --point --fail-on cost>1 -f markdown`,
  `guides ${small}`,
  `sweep ${small} --vary workload.volume=1k,100k`,
  'pricing list',
  'pricing diff 2026-08-21 2026-11-10',
  'capacity --model qwen3-8b --accelerator l4 --input 1500 --output 500',
  'hardware l4',
  'models qwen3-8b',
];

test.each(reports)('%s', async (line) => {
  const { out, err } = await cliHere(line);
  expect(out.length + err.length).toBeGreaterThan(0);
  expect(said(`${out}\n${err}`.replaceAll(ids, ''))).toEqual([]);
});

const head = 'version: 1\nname: T\ntasks:\n  - {name: a, type: faq-chat, tokens: {input: 1000, output: 200}}\n';
const volume = 'workload: {volume: 1000 requests/day}\n';
const bad: readonly [name: string, text: string][] = [
  ['fields', `${head}${volume}budget: 5000\nregion: EU\nfoo: 1\n`],
  ['names', `${head}${volume}data: {regimes: [gdprr], residency: [euu], agreements: [foo]}\n`],
  ['types', 'version: 1\nname: T\ntasks: {a: 1}\nworkload: 5\n'],
  ['twice', `${head}${volume}name: U\n`],
  ['wishes', `${head}${volume}preferences: {only: [cloud], exclude: [deepsek], objective: cheap}\n`],
  ['assumptions', `${head}${volume}assumptions: {retryrate: 3, highestLoad: 2}\n`],
  ['words', `${head}workload: {volume: 1000 requests/day, growth: 5%, profile: bussiness}\n`],
  ['text', 'a: [\n'],
];

test.each(bad)('what is wrong with %s', async (name, text) => {
  const { out, err, code } = await cliHere(['assess', written(`${name}.yaml`, text), '--point']);
  expect(code).toBe(2);
  expect(said((out + err).replaceAll(ids, ''))).toEqual([]);
});

test.each([
  'models nope',
  'hardware nope',
  'capacity --model nope --accelerator nope --input 1 --output 1 --set nothing=1',
  'capacity --model qwen3-8b --accelerator l4 --input 1 --output 1 --quantization foo',
  'pricing quote --provider nope --model nope --input 1',
  'pricing show --model nope',
  'pricing diff 2020-01-01 2026-11-10',
  `breakeven ${small} --axis nope`,
  `explain ${small} nope --point`,
  `check ${small} --fail-on nope`,
  'completion nope',
])('%s is refused', async (line) => {
  const { out, err, code } = await cliHere(line);
  expect(code).toBe(2);
  expect(said((out + err).replaceAll(ids, ''))).toEqual([]);
});

const helps = commands.map(({ words }) => words);
test.each(helps)('help of %s %s', async (...words) => {
  const { out } = await cliHere([...words.filter((word) => typeof word === 'string'), '--help']);
  expect(said(out.replaceAll(ids, ''))).toEqual([]);
});

test.each(['bash', 'zsh', 'fish'])('completion of %s', async (shell) => {
  const { out } = await cliHere(['completion', shell]);
  expect(said(out.replaceAll(ids, ''))).toEqual([]);
});

/** Lines of a report that tell the reader to run something: a command goes on until two spaces or the next name of one. */
const proposed = (text: string): string[] =>
  [
    ...text
      .replaceAll(/\n {10,}/g, ' ')
      .matchAll(/deploy-advisor ((?:[a-z]+ )+\S+\.yaml(?: \S+\.csv)?(?: -{1,2}[a-z]+ [\w|-]+)*)/g),
  ].map(([, line = '']) => line.replace(/\|\S+/, ''));

test('every command that a first screen proposes is one, with options that it has', async () => {
  const lines = new Set(screens.flatMap((file) => proposed(readFileSync(file, 'utf8'))));
  expect(lines.size).toBeGreaterThan(20);
  const wrong: string[] = [];
  for (const line of lines) {
    const { io, exit } = recordingIo();
    const called: string[] = [];
    for (const entry of commands)
      vi.spyOn(entry, 'run').mockImplementation(async (_, { scenario, scenarios, files }) => {
        const [text] = [scenario, scenarios, files].flat().filter((one) => typeof one === 'string');
        called.push(text?.includes('.yaml') ? entry.words.join(' ') : 'not on a scenario');
      });
    await run(line.split(/\s+/), io);
    vi.restoreAllMocks();
    if (called.length !== 1 || called[0] === 'not on a scenario' || exit.length > 0) wrong.push(line);
  }
  expect(wrong).toEqual([]);
});
