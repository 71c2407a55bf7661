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
import { cliHere, recordingIo } from '../support/recording-io.js';
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
