import fc from 'fast-check';
import { expect, test } from 'vitest';
import { run } from '../../src/cli/command-line.js';
import { linesOf } from '../../src/cli/files.js';
import type { Io, ReadText } from '../../src/cli/io.js';
import { readDocument } from '../../src/workload/document.js';
import { jsonDocument } from '../../src/workload/partial-read.js';
import { placesIn } from '../../src/workload/source.js';
import { cli } from '../support/cli-process.js';
import { cliHere, recordingIo } from '../support/recording-io.js';
import { newFolder, putIn } from '../support/temporary-folder.js';

const folder = newFolder();
const scenario = (name: string, volume = '5k') => ({
  version: 1,
  name,
  workload: { volume },
  tasks: [{ name: 'faq', type: 'faq-chat' }],
});
const line = (name: string, volume?: string) => JSON.stringify(scenario(name, volume));
const file = putIn(folder);
const jsonl = ['--format', 'jsonl', '--point', '--as-of', '2026-11-20'];
const parsed = (out: string) => out.split('\n').map((each) => (each === '' ? null : JSON.parse(each)));
const named = (out: string) => parsed(out).map((each) => each?.scenario?.name ?? each?.errors?.[0].code ?? null);

const yaml = (name: string, more = '') =>
  `version: 1\nname: ${name}\nworkload: {volume: 5k${more}}\ntasks: [{type: faq-chat}]\n`;
const good = file('good.yaml', yaml('Good'));
const broken = file('broken.yaml', yaml('Broken', ', volum: 1'));
const other = file('other.yaml', yaml('Other', ', growth: 1% per month'));

test('line n of the output answers line n of the input, whatever the line is', () => {
  const lines = [
    line('One'),
    '',
    `${line('Two')}\r`,
    line('Torn').slice(0, 60),
    'version: 1',
    JSON.stringify({ ...scenario('Three'), workload: { volume: '5k', volum: 1 } }),
    `${line('Long').slice(0, -1)},"comment":"${'x'.repeat(2 ** 20)}"}`,
    line('Last'),
  ];
  const { code, out, err } = cli(['assess', '-', ...jsonl], { input: lines.join('\n') });
  expect({ code, err }).toEqual({ code: 2, err: '' });
  expect(named(out)).toEqual([
    ...['One', null, 'Two', 'yaml-syntax', 'not-json-lines', 'unknown-key', 'file-too-large', 'Last', null],
  ]);
  const errors = parsed(out).map((each) => each?.errors?.[0] ?? null);
  expect(errors[3]).toMatchObject({ file: '<stdin>', line: 4, column: 61 });
  expect(errors[5]).toMatchObject({ line: 6, path: 'workload.volum', suggestion: 'did you mean `volume`?' });
  expect(errors[5].column).toBe((lines[5] as string).indexOf('"volum"') + 1);
  expect(errors[6]).toMatchObject({ line: 7, column: 1 });
});

test('a line that stands there again is answered as before, and what is told of it names its own line', async () => {
  const regulated = JSON.stringify({ ...scenario('One'), data: { sensitivity: 'regulated' } });
  const wrong = JSON.stringify({ ...scenario('Two'), workload: { volum: 1 } });
  const { code, out, err } = await cliHere(['assess', '-', ...jsonl], {
    input: [regulated, wrong, regulated, wrong, regulated].join('\n'),
  });
  expect(code).toBe(2);
  const lines = out.split('\n');
  expect([lines[2], lines[4]]).toEqual([lines[0], lines[0]]);
  expect(named(out)).toEqual(['One', 'missing-key', 'One', 'missing-key', 'One', null]);
  expect(err.match(/<stdin>:\d+/g)).toEqual(['<stdin>:1', '<stdin>:3', '<stdin>:5']);
  expect(parsed(out).flatMap((each) => each?.errors?.[0].line ?? [])).toEqual([2, 4]);
});

test('a line is the document that --format json writes of the scenario', async () => {
  const { out } = await cliHere(['assess', '-', ...jsonl], { input: line('One') });
  const alone = await cliHere(['assess', '-', '--format', 'json', '--point', '--as-of', '2026-11-20'], {
    input: line('One'),
  });
  expect(JSON.parse(out)).toEqual(JSON.parse(alone.out));
  expect(out.indexOf('\n')).toBe(out.length - 1);
});

test.each([
  ['csv', (out: string) => out.split('\n').filter((one) => one.startsWith('file,scenario,'))],
  ['markdown', (out: string) => out.split('\n').filter((one) => one.startsWith('### '))],
])('as %s, they follow one another as one document', async (format, heads) => {
  const options = ['--format', format, '--point', '--as-of', '2026-11-20'];
  const both = await cliHere(['assess', good, broken, other, ...options]);
  expect(both.code).toBe(2);
  expect(both.err).toContain('unknown-key');
  const [one, two] = await Promise.all([good, other].map((each) => cliHere(['assess', each, ...options])));
  const [head = ''] = format === 'csv' ? heads(one?.out ?? '') : [];
  const named = (file: string): string => `## <code>${file.replaceAll('_', '&#95;')}</code>\n\n`;
  expect(both.out).toBe(
    format === 'csv'
      ? `${one?.out}${two?.out.slice(head.length + 1)}`
      : `${named(good)}${one?.out}\n${named(other)}${two?.out}`,
  );
  expect(heads(both.out)).toEqual(format === 'csv' ? [head] : ['### Good', '### Other']);
  expect((await cliHere(['assess', broken, broken, ...options])).out).toBe('');
});

test('a mistake of ours with one scenario is told on its line, and exits 70', async () => {
  const { io, out, exit } = recordingIo();
  const lines: Io['lines'] = async function* () {
    yield { text: line('One'), problem: null };
    yield {
      get text(): string {
        throw new Error('of ours');
      },
      problem: null,
    } as ReadText;
    yield { text: line('Two'), problem: null };
  };
  await run(['assess', '-', ...jsonl], { ...io, lines });
  expect(named(out.join(''))).toEqual(['One', 'internal-error', 'Two', null]);
  expect(parsed(out.join(''))[1].errors[0]).toMatchObject({
    file: '<stdin>',
    line: 2,
    message: 'internal error: of ours',
  });
  expect(exit).toEqual([70]);
});

test('lines are the same however the bytes come', async () => {
  const gathered = async (chunks: Uint8Array[]) => {
    const lines: string[] = [];
    for await (const bytes of linesOf(
      (async function* () {
        yield* chunks;
      })(),
      5,
    ))
      lines.push(bytes.toString('latin1'));
    return lines;
  };
  const byte = fc.constantFrom(10, 10, 13, 97, 98);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(byte, { maxLength: 9 })), async (parts) => {
      const text = Buffer.from(parts.flat()).toString('latin1');
      const all = text.split('\n');
      if (all.at(-1) === '') all.pop();
      const wanted = all.map((each) => each.slice(0, 7).replace(/\r$/, ''));
      expect(await gathered(parts.map((part) => Uint8Array.from(part)))).toEqual(wanted);
    }),
  );
});

test('JSON is read as the reader of YAML reads it, or left to that one', () => {
  const key = fc.constantFrom('a', 'b', '1', '000', '__proto__', '<<', 'é', '');
  const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 3 }, fc.jsonValue({ maxDepth: 1 }), tie('map'), fc.array(tie('any'), { maxLength: 3 })),
    map: fc.array(fc.tuple(key, tie('any')), { maxLength: 3 }).map((pairs) => ({ pairs })),
  })).map;
  const written = (of: unknown): string => {
    if (Array.isArray(of)) return `[${of.map(written).join(', ')}]`;
    if (typeof of !== 'object' || of === null) return JSON.stringify(of);
    if (!('pairs' in of)) return JSON.stringify(of);
    return `{${(of.pairs as [string, unknown][]).map(([name, inner]) => `${JSON.stringify(name)}: ${written(inner)}`).join()}}`;
  };
  let [quick, all] = [0, 0];
  fc.assert(
    fc.property(value, (of) => {
      const text = written(of);
      const slowly = readDocument(text, 'x', placesIn('x', text));
      const read = jsonDocument(text, () => slowly.document);
      all += 1;
      if (read === null) return;
      quick += 1;
      expect(slowly.problems).toEqual([]);
      expect(read.value).toEqual(slowly.document?.value);
    }),
    { numRuns: 1000 },
  );
  expect(quick / all).toBeGreaterThan(0.2);
  expect(jsonDocument('{"a": {"b": 1, "b": 2}}', () => null)).toBeNull();
  expect(jsonDocument('{"a": "\\"b\\": 1", "c": [{"d\\"": 2}]}', () => null)?.value).toEqual({
    a: '"b": 1',
    c: [{ 'd"': 2 }],
  });
});
