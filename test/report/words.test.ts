import { readdirSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { commands, run } from '../../src/cli/command-line.js';
import { casesIn } from '../support/cases.js';
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

const cases = casesIn('words', {
  reports: { line: z.string() },
  wrong: { what: z.string(), text: z.string() },
  refused: { line: z.string() },
});

test.each(cases.reports)('$line', async ({ line }) => {
  const { out, err } = await cliHere(line);
  expect(out.length + err.length).toBeGreaterThan(0);
  expect(said(`${out}\n${err}`.replaceAll(ids, ''))).toEqual([]);
});

const head = 'version: 1\nname: T\ntasks:\n  - {name: a, type: faq-chat, tokens: {input: 1000, output: 200}}\n';
const volume = 'workload: {volume: 1000 requests/day}\n';

test.each(cases.wrong)('what is wrong with $what', async ({ what, text }) => {
  const whole = text.replace('HEAD', head).replace('VOLUME', volume);
  const { out, err, code } = await cliHere(['assess', written(`${what}.yaml`, whole), '--point']);
  expect(code).toBe(2);
  expect(said((out + err).replaceAll(ids, ''))).toEqual([]);
});

test.each(cases.refused)('$line is refused', async ({ line }) => {
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
