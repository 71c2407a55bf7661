import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Ended, main, root } from '../support/cli-process.js';
import { hostileTexts, least } from '../support/hostile-texts.js';
import { cliHere } from '../support/recording-io.js';
import { long, sampled } from '../support/sample.js';
import { newFolder } from '../support/temporary-folder.js';

/** Commands that read a scenario; the scenario comes first. */
const commands: readonly (readonly string[])[] = [
  ['assess', '--point'],
  ['assess', '--point', '--format', 'json'],
  ['explain'],
  ['breakeven', '--axis', 'months'],
  ['sweep', '--vary', 'workload.volume=100,200'],
  ['compare', '--pricing', '2026-03-31', '--pricing', '2026-08-21'],
  ['check', '--fail-on', 'cost>1', '--format', 'json'],
  ['check', '--fail-on', 'cost>1', '--format', 'markdown'],
  ['backtest', path.join(root, 'scenarios/actuals/support-chatbot.csv')],
  ['export', '--target', 'litellm'],
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const above = newFolder();
const folder = path.join(above, 'within', 'here');
beforeEach(() => {
  rmSync(path.join(above, 'within'), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});
const files = (): string[] => readdirSync(above, { recursive: true, encoding: 'utf8' }).sort();

type Given = { input?: string | Buffer; writes?: string[] };

/** What must hold of an answer, whatever was asked. */
function sound(args: readonly string[], before: readonly string[], { writes = [] }: Given, { code, out, err }: Ended) {
  expect([0, 1, 2, 3]).toContain(code);
  expect(out + err).not.toMatch(obeyed);
  expect(out + err).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(err.length).toBeLessThan(200_000);
  expect(files()).toEqual([...before, ...writes].sort());
  if (args.includes('json')) expect(() => JSON.parse(out)).not.toThrow();
}

/** Runs the built command in a folder of its own; whatever it was given, it must behave. */
function behaves(args: readonly string[], given: Given = {}): Ended {
  const before = files();
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    input: given.input ?? '',
    // A guard against what never ends; nothing here takes a tenth of it.
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(signal).toBeNull();
  const ended = { code: status, out: stdout, err: stderr };
  sound(args, before, given, ended);
  return ended;
}

/** The same in this process, for what shows there too. */
async function behavesHere(args: readonly string[], given: Given = {}): Promise<Ended> {
  const before = files();
  const ended = await cliHere(args, { cwd: folder, input: String(given.input ?? '') });
  sound(args, before, given, ended);
  return ended;
}

const cases = hostileTexts.flatMap((hostile, at) =>
  commands
    .filter((_, command) => long || command === at % commands.length)
    .map((command) => ({ ...hostile, command, name: `${hostile.what}: ${command.join(' ')}` })),
);
// As long as one that is large takes, five small ones do.
const chosen = [false, true].flatMap((isLarge) =>
  sampled(
    cases.filter(({ large = false }) => large === isLarge),
    isLarge ? 1 : 5,
    { group: ({ command }) => command.join(), name: ({ name }) => name },
  ),
);

test.each(chosen)('$name', async ({ text, command: [name = '', ...rest] }) => {
  // Bytes and what is large are for a process to read.
  const isShort = typeof text === 'string' && text.length < 10_000;
  await (isShort ? behavesHere : behaves)([name, '-', ...rest], { input: text });
});

const deep = hostileTexts.filter(({ what }) => / in (?:lists|maps)/.test(what));
test.each(sampled(deep, 1, { group: () => '', name: ({ what }) => what }))(
  '$what: too deep for every reader, however much of the stack is left',
  async ({ text }) => {
    const found = behaves(['compare', '-', '--format', 'json'], { input: text });
    expect(found.code).toBe(2);
    expect(JSON.parse(found.out).errors[0].code).toBe('too-deep');
  },
);

test.each(hostileTexts.filter(({ what }) => what.endsWith('than can be counted')))(
  '$what: a decision ends all the same',
  async ({ text }) => {
    expect(behaves(['assess', '-', '--point'], { input: text }).err).not.toContain('internal');
  },
);

test('keys of every object are no keys of a scenario, and nothing is changed by them', async () => {
  const [pollution] = hostileTexts.filter(({ what }) => what === 'reserved keys everywhere');
  const { code, err } = behaves(['assess', '-', '--point'], { input: pollution?.text as string });
  expect(code).toBe(2);
  expect(err.match(/reserved-key/g)?.length).toBeGreaterThanOrEqual(4);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('as JSON Lines, every line of all of them is answered by a line', async () => {
  const small = hostileTexts.filter(({ text }) => text.length < 10_000).map(({ text }) => String(text));
  const lines = small.flatMap((text) => [text.replaceAll('\n', ' '), JSON.stringify(text), ...text.split('\n')]);
  const scenario = { version: 1, workload: { volume: 500 }, tasks: [{ type: 'faq-chat' }] };
  const named = [...small, '../../outside', '__proto__'].map((name) => JSON.stringify({ ...scenario, name }));
  const input = [...lines, ...named].map((line) => line.replaceAll(/[\r\n]/g, ' '));
  const { code, out, err } = behaves(['assess', '-', '--point', '--format', 'jsonl'], { input: input.join('\n') });
  expect({ code, err }).toEqual({ code: 2, err: '' });
  const answers = out.split('\n').slice(0, -1);
  expect(answers).toHaveLength(input.length);
  for (const [i, answer] of answers.entries()) {
    if (answer === '') expect(input[i]?.trim()).toBe('');
    else expect(Object.keys(JSON.parse(answer))).toContain('schemaVersion');
  }
  const last = JSON.parse(answers.at(-1) ?? '');
  expect(last.scenario ?? last.errors[0].code).toBeTruthy();
});

test('a hundred thousand tasks are refused by their size, and as many as fit by their number', async () => {
  const text = `version: 1\nworkload: {volume: 500}\ntasks:\n`;
  expect(behaves(['assess', '-'], { input: text + '- {type: faq-chat}\n'.repeat(100_000) }).err).toContain(
    'file-too-large',
  );
  expect(behaves(['assess', '-'], { input: text + '- {type: faq-chat}\n'.repeat(5000) }).err).toContain(
    'at most 200 tasks',
  );
});

describe('escapes that come from elsewhere', () => {
  const escapes = '\u001b[2J\u001b]0;gone\u0007\u009b31m\u202e';

  test('from the name of a file', async () => {
    const name = `${escapes}.yaml`.replaceAll('\u0000', '');
    writeFileSync(path.join(folder, name), `${least}unknown: 1\n`);
    for (const format of ['table', 'json']) {
      const { code, out, err } = await behavesHere(['assess', name, '--point', '--format', format]);
      expect(code).toBe(2);
      expect(out + err).toContain('\\u001b[2J');
    }
    writeFileSync(path.join(folder, name), least);
    expect(behaves(['assess', name, '--point', '--format', 'json']).code).toBe(0);
  });

  const options: [flag: string, value: string][] = [
    ['--set', `name=${escapes}`],
    ['--set', `${escapes}=1`],
    ['--option', escapes],
    ['--price-book', `${escapes}.yaml`],
    ['--pricing', escapes],
    ['--as-of', escapes],
    ['--format', escapes],
    ['-o', `${escapes}/no/such/folder`],
    [`--${escapes}`, ''],
    ['--seed', escapes],
  ];
  test.each(sampled(options, 4, { group: () => '', name: (one) => one.join('=') }))(
    'from the command line: %s',
    async (flag, value) => {
      await behavesHere(['assess', '-', '--point', flag, value], { input: least });
    },
  );

  test('from the name of a command', async () => {
    expect((await behavesHere([escapes])).code).toBe(2);
  });

  test('from a price book', async () => {
    const book = path.join(folder, 'book.yaml');
    writeFileSync(book, 'version: 1\nname: "\\e[2J"\ndiscounts: [{provider: "\\e[31m", percent: 5}]\n');
    expect((await behavesHere(['assess', '-', '--price-book', book], { input: least })).code).toBe(2);
  });
});

describe('nothing is written but what -o names', () => {
  const named = `${least}name: ../../outside\n`;

  test('whatever a scenario calls itself', async () => {
    await behavesHere(['assess', '-', '--point'], { input: named });
    behaves(['assess', '-', '--point', '-o', 'out.txt'], { input: named, writes: ['within/here/out.txt'] });
    expect(readFileSync(path.join(folder, 'out.txt'), 'utf8')).toContain('../../outside');
  });

  test('nor a file next to one that cannot be read', async () => {
    expect((await behavesHere(['assess', '../../outside', '--point', '-o', 'out.txt'])).code).toBe(2);
    expect((await behavesHere(['assess', '/dev/null', '--point', '-o', 'out.txt'])).code).toBe(2);
    expect((await behavesHere(['assess', '.', '--point', '-o', 'out.txt'])).code).toBe(2);
  });
});
