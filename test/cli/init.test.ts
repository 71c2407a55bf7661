import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { run as runInit } from '../../src/cli/commands/init.js';
import { presets } from '../../src/cli/names.js';
import { questions } from '../../src/cli/questions.js';
import { fieldsOf } from '../../src/workload/fields.js';
import { readScenario } from '../../src/workload/read.js';
import { shippedTables } from '../support/load.js';
import { cliHere, recordingIo, refused } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

/** `init`: from presets, from answers in a file, and from answers at a terminal. */

const folder = newFolder();
const at = (name: string) => join(folder, name);
const tables = await shippedTables();
const known = await presets(recordingIo().io);
const read = (text: string) => readScenario(text, { file: 'scenario.yaml', tables });
const written = async (...args: string[]) => {
  const { code, out, err } = await cliHere(['init', ...args, '-o', '-']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
};

describe('from a preset', () => {
  test('there are presets for what people ask most', () => {
    const asked = ['support-chatbot', 'public-sector-rag', 'coding-agent', 'nightly-calls', 'voice-assistant'];
    expect(known.map(({ name }) => name)).toEqual(expect.arrayContaining(asked));
  });

  test.each(known)('$name comes back as it is, without problem or warning', async ({ name, text }) => {
    const file = await written('--from', name);
    const { expect: _, ...shipped } = parse(text);
    expect(read(file).problems).toEqual([]);
    expect(read(file).scenario?.scenario).toEqual(read(JSON.stringify(shipped)).scenario?.scenario);
  });

  test('--set changes it; what is wrong is told at its place, and nothing is written', async () => {
    const set = ['--from', 'support-chatbot', '--set', 'workload.volume=20k/day', '--set', 'budget={monthly: 900}'];
    expect(read(await written(...set)).scenario?.scenario).toMatchObject({ budget: { monthlyUsd: 900 } });
    const wrong = await cliHere(['init', '--from', 'support-chatbot', '--set', 'zebra=EU', '-o', at('wrong.yaml')]);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('--set:1:1  error  unknown-key');
    expect(existsSync(at('wrong.yaml'))).toBe(false);
  });

  test('every line behind # can be used: without the # each example reads', async () => {
    const examples = readFileSync('docs/scenario-examples.yaml', 'utf8');
    const fields = fieldsOf(JSON.parse(readFileSync('schema/scenario.json', 'utf8')), examples);
    const file = await written('--from', 'faq-chat');
    const single = file.split('\n').flatMap((line, index) => (/^ {2,}# \w+: [^…]/.test(line) ? [index] : []));
    expect(single.length).toBeGreaterThan(15);
    for (const index of single) {
      const lines = file.split('\n');
      const line = lines[index]?.replace('# ', '') ?? '';
      const { problems } = read(lines.with(index, line).join('\n'));
      const syntax = problems.filter(({ code }) => /unknown-(?:key|value)|bad-value|wrong-type|yaml/.test(code));
      expect(syntax, line).toEqual([]);
    }
    const sections = ['needs', 'team', 'today', 'existing', 'devices', 'budget', 'preferences'];
    for (const section of sections) {
      const lines = file.split('\n');
      const from = lines.indexOf(lines.find((line) => line.startsWith(`# ${section}:`)) ?? '');
      const to = lines.findIndex((line, index) => index > from && !line.startsWith('#   '));
      const used = lines.map((line, index) => (index >= from && index < to ? line.replace('# ', '') : line));
      const { problems } = read(used.join('\n').replace('  weights: …', '  # weights: …'));
      expect(
        problems.filter(({ code }) => /unknown|bad-value|wrong-type|yaml/.test(code)),
        section,
      ).toEqual([]);
    }
    expect(
      fields.filter(({ depth }) => depth === 0).every(({ key }) => new RegExp(`^(# )?${key}:`, 'm').test(file)),
    ).toBe(true);
  });
});

test('what is not the user’s own of a preset is marked, and told once it is written; what is set is not', async () => {
  const file = at('02-our_notes.yaml');
  const { err } = await cliHere(['init', '--from', 'clinic-notes', '-o', file]);
  expect(err).toBe(`check what is the preset's own, marked in ${file}: tasks[].tokens, data.agreements\n`);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^ {2}agreements: \[baa:azure\] {2}# check$/m);
  expect(parse(text).name).toBe('Our notes');
  const set = ['--set', 'tasks.agent.capability={tier: frontier}', '--set', 'workload.growth=0'];
  expect(await written('--from', 'coding-agent', ...set)).not.toMatch(/(?:capability|growth): .*# check/);
  expect(await written('--from', 'coding-agent')).toMatch(/capability: \{relative: 99.5%\} {2}# check/);
});

describe('files', () => {
  test('without a terminal and a preset: exit 2 and the list', async () => {
    const { code, out, err } = await cliHere(['init', '-o', at('none.yaml')]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const { name } of known) expect(err).toContain(name);
    expect(existsSync(at('none.yaml'))).toBe(false);
  });

  test('a file is written over with --force alone', async () => {
    const file = at('mine.yaml');
    writeFileSync(file, 'mine');
    expect(await cliHere(['init', '--from', 'support-chatbot', '-o', file])).toMatchObject(
      refused('--force writes over it'),
    );
    expect(readFileSync(file, 'utf8')).toBe('mine');
    const forced = await cliHere(['init', '--from', 'support-chatbot', '-o', file, '--force']);
    expect(forced).toMatchObject({ code: 0, out: '' });
    expect(forced.err).toMatch(
      /^check what is the preset's own, marked in [^\n]*mine\.yaml: workload\.turns, tasks\[\]\.tokens\n$/,
    );
    expect(readFileSync(file, 'utf8')).toContain('50k conversations/day');
  });
});

describe('answers', () => {
  const given = parse(readFileSync('test/fixtures/init-answers.yaml', 'utf8'));
  test.each([
    ['least', { workload: { turns: { likely: 4 } } }],
    [
      'health data',
      { data: { sensitivity: 'regulated', regimes: ['hipaa'], residency: ['us'], agreements: { canSign: ['baa'] } } },
    ],
    [
      'several tasks, documents, owned cards',
      {
        needs: { rag: { documents: { likely: 20e3 }, areCounted: true } },
        tasks: [{ type: 'rag-answering', latency: { ttftP95Ms: 2000 } }, { capability: { tier: 'strong' } }],
        existing: [{ accelerator: 'a100-sxm-80gb', count: 8 }],
      },
    ],
    ['phones', { devices: { count: { likely: 20_000 } }, data: { sensitivity: 'device-only' } }],
  ])('%s: they become a file that reads without problem or warning', async (name, said) => {
    const file = at(`${name.split(' ')[0]}.json`);
    writeFileSync(file, JSON.stringify(given[name]));
    const { scenario, problems } = read(await written('--answers', file));
    expect(problems).toEqual([]);
    expect(scenario?.scenario).toMatchObject(said);
  });

  test.each([
    ['{"volumes": "5"}', 'did you mean `volume`?'],
    ['{"tasks": ["faq-chat"], "volume": "5 apples"}', 'wrong.json:1:35  error  no-period'],
    ['{\n"tasks": ["faq-chat"],\n"volume": "50",\n"budget": "two"}', 'wrong.json:4:11  error  bad-value  `two`'],
    ['{"tasks": ["faq-chat"],\n"volume": "?"}', 'wrong.json:2:11  error  missing-key'],
    ['{"volume": "5"}', 'a scenario needs at least one task'],
  ])('%s is refused: %s', async (text, says) => {
    writeFileSync(at('wrong.json'), text);
    const { code, err } = await cliHere(['init', '--answers', at('wrong.json'), '-o', at('wrong.yaml')]);
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(existsSync(at('wrong.yaml'))).toBe(false);
  });
});

const keys = { enter: '\r', space: ' ', escape: '\u001b', stop: '\u0003' };

/** Answers at a terminal: keys for each question by its key, each time it is asked; none: enter. */
async function atTerminal(scripted: Record<string, string[][]>, output: string) {
  const script = structuredClone(scripted);
  const [input, screen] = [new PassThrough(), new PassThrough()];
  Object.assign(screen, { columns: 80, rows: 40, isTTY: true });
  const asked: string[] = [];
  let text = '';
  screen.on('data', (chunk) => {
    text += String(chunk);
  });
  const { io, exit, err } = recordingIo();
  let done = false;
  const ended = runInit(io, { output, color: false } as never, { input, output: screen }).finally(() => {
    done = true;
  });
  const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
  for (const start = Date.now(); !done; ) {
    await pause();
    if (Date.now() - start > 4000) throw new Error(`waits after ${asked.join()}: ${text.slice(-400)}`);
    // Of a question only what stands behind the last mark of an open one counts.
    const mark = text.lastIndexOf('◆');
    const open = mark === -1 ? '' : text.slice(mark);
    const question = questions().find(({ asks }) => open.includes(asks.slice(0, 25)));
    if (question === undefined) continue;
    text = '';
    asked.push(question.key);
    for (const key of script[question.key]?.shift() ?? [keys.enter]) {
      input.write(key);
      await pause();
      // A lone escape may be the beginning of another key.
      if (key === keys.escape) await new Promise((resolve) => setTimeout(resolve, 600));
    }
  }
  await ended;
  return { asked, exit, err: err.join('') };
}

describe('at a terminal', () => {
  const first = { tasks: [[keys.space, keys.enter]] };

  test('answers become a file; enter takes what is shown', async () => {
    const file = at('asked.yaml');
    const { asked, exit } = await atTerminal({ ...first, budget: [['9', '0', '0', keys.enter]] }, file);
    expect(exit).toEqual([]);
    expect(asked.slice(0, 3)).toEqual(['tasks', 'volume', 'sensitivity']);
    expect(asked).not.toContain('regimes');
    const { scenario, problems } = read(readFileSync(file, 'utf8'));
    expect(problems).toEqual([]);
    expect(scenario?.scenario).toMatchObject({
      tasks: [{ type: tables.tasks[0]?.task }],
      data: { sensitivity: 'internal' },
      budget: { monthlyUsd: 900 },
    });
  });

  test('esc goes back to the question before; what cannot be read is asked again', async () => {
    const file = at('back.yaml');
    const { asked } = await atTerminal(
      { ...first, sensitivity: [[keys.escape]], volume: [[keys.enter], ['0', keys.enter, '\u007f', keys.enter]] },
      file,
    );
    expect(asked.slice(0, 5)).toEqual(['tasks', 'volume', 'sensitivity', 'volume', 'sensitivity']);
    expect(existsSync(file)).toBe(true);
  });

  test.each([
    ['Ctrl-C', { ...first, volume: [[keys.stop]] }],
    ['esc at the first question', { tasks: [[keys.escape]] }],
  ])('%s writes nothing and ends with 130', async (name, script) => {
    const file = at(`${name.slice(0, 3)}.yaml`);
    const { exit } = await atTerminal(script, file);
    expect(exit).toEqual([130]);
    expect(existsSync(file)).toBe(false);
  });
});

describe('--fix', () => {
  const habit = 'version: 1\nusers: 300 # staff\nrequestsPerUserPerDay: 12\ntasks: [{type: faq-chat}]\nttft: 2s\n';
  const right =
    'version: 1\nworkload: {volume: 300 users, requestsPerUser: 12} # staff\ntasks: [{type: faq-chat, latency: {ttftP95: 2s}}]\n';
  const fix = (file: string, ...more: string[]) => cliHere(['init', '--fix', at(file), ...more]);
  const textIn = (file: string) => readFileSync(at(file), 'utf8');

  test('puts a file right in place and says what it changed', async () => {
    writeFileSync(at('habit.yaml'), habit);
    const { code, err } = await fix('habit.yaml');
    expect(code).toBe(0);
    expect(textIn('habit.yaml')).toBe(right);
    expect(err).toContain('habit.yaml:2:1  `users` is now `workload: {volume: 300 users}`');
    expect(err).toContain('habit.yaml:5:1  `ttft` is now `latency: {ttftP95: 2s}`');
    const again = await fix('habit.yaml');
    expect(again).toMatchObject({ code: 0, err: expect.stringContaining('nothing to put right') });
    expect(textIn('habit.yaml')).toBe(right);
  });

  test('writes nothing where an error remains, and tells it at its place', async () => {
    const wrong = `${habit}quality: good\n`;
    writeFileSync(at('errors.yaml'), wrong);
    const { code, err } = await fix('errors.yaml');
    expect(code).toBe(2);
    expect(err).toMatch(/errors\.yaml:6:1 {2}error {2}unknown-key/);
    expect(textIn('errors.yaml')).toBe(wrong);
    expect((await fix('missing.yaml')).code).toBe(2);
    expect((await fix('errors.yaml', '--set', 'name=x')).err).toContain('--fix and --set');
  });
});
