import fc from 'fast-check';
import { expect, test } from 'vitest';
import { run } from '../../src/cli/command-line.js';
import { linesOf } from '../../src/cli/files.js';
import type { Io, ReadText } from '../../src/cli/io.js';
import { readDocument } from '../../src/workload/document.js';
import { jsonDocument } from '../../src/workload/partial-read.js';
import { placesIn } from '../../src/workload/source.js';
import { cli } from '../support/cli-process.js';
import { recordingIo } from '../support/recording-io.js';

const line = (name: string) =>
  JSON.stringify({ version: 1, name, workload: { volume: '5k' }, tasks: [{ name: 'faq', type: 'faq-chat' }] });
const jsonl = ['--format', 'jsonl', '--point', '--as-of', '2026-11-20'];
const parsed = (out: string) => out.split('\n').map((each) => (each === '' ? null : JSON.parse(each)));
const named = (out: string) => parsed(out).map((each) => each?.scenario?.name ?? each?.errors?.[0].code ?? null);

test('a line that is too long, or ends as on Windows, is answered on its own line', () => {
  const long = `${line('Long').slice(0, -1)},"comment":"${'x'.repeat(2 ** 20)}"}`;
  const { code, out, err } = cli(['assess', '-', ...jsonl], { input: `${line('One')}\r\n${long}\n${line('Last')}` });
  expect({ code, err, named: named(out) }).toEqual({
    code: 2,
    err: '',
    named: ['One', 'file-too-large', 'Last', null],
  });
  expect(parsed(out)[1].errors[0]).toMatchObject({ file: '<stdin>', line: 2, column: 1 });
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
