import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JsonNode, readJson } from '../../src/tables/importers/format.js';
import type { ImportFormatName } from '../../src/tables/importers/import-prices.js';
import { fixtures, imported } from '../support/import-order.js';

/** A node as the value that `JSON.parse` makes. */
function plain(node: JsonNode): unknown {
  if (node.kind === 'object') return Object.fromEntries([...node.fields].map(([key, child]) => [key, plain(child)]));
  if (node.kind === 'array') return node.items.map(plain);
  return node.kind === 'string' ? node.text : JSON.parse(node.text);
}

test('JSON reads as JSON.parse reads it, keys such as __proto__ included', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2, '\t'), (compact, indent) => {
      const text = JSON.stringify(JSON.parse(compact), null, indent);
      const { root, faults } = readJson(text);
      expect(faults).toEqual([]);
      expect(JSON.stringify(plain(root as JsonNode))).toBe(JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: 300 },
  );
});

test('what JSON.parse refuses is refused, and nothing else', () => {
  const spoiled = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '}', ']', ',', '01', 'NaN', '\\', '\u0000', 'x', '-', '.'))
    .map(([text, at, mark]) => text.slice(0, at % (text.length + 1)) + mark + text.slice((at % (text.length + 1)) + 1));
  fc.assert(
    fc.property(spoiled, (text) => {
      let accepted = true;
      try {
        JSON.parse(text);
      } catch {
        accepted = false;
      }
      const { faults } = readJson(text);
      expect(faults.filter(({ code }) => code === 'not-json').length === 0).toBe(accepted);
    }),
    { numRuns: 2000 },
  );
});

/** Line and code of each problem; nothing may have been made. */
async function refusal(format: ImportFormatName, text: string): Promise<[line: number | null, code: string][]> {
  const { imported: made, problems } = await imported(format, text);
  expect(made).toBeNull();
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.every(({ severity }) => severity === 'error')).toBe(true);
  return problems.map(({ line, code }) => [line, code]);
}
const spoil = (format: ImportFormatName, from: string, to: string): string => {
  expect(fixtures[format]).toContain(from);
  return fixtures[format].replace(from, to);
};

test.for([
  ['-2.5e-06', 'out-of-range'],
  ['NaN', 'not-json'],
  ['"free"', 'not-a-number'],
  ['"$2.5"', 'not-a-number'],
  ['true', 'not-a-number'],
  ['1e999', 'out-of-range'],
  // Per million tokens where it should be per token.
  ['2.5', 'out-of-range'],
])('a price of %s is an error with its line', async ([price, code]) => {
  expect(await refusal('litellm', spoil('litellm', '2.5e-6', price as string))).toEqual([[12, code]]);
});

/** Where the problem is, in lines from where the change begins. */
test.for<[what: string, ImportFormatName, from: string, to: string, lines: number, code: string]>([
  ['a model that is defined twice', 'litellm', '"gemini/gemini-2.5-pro"', '"gpt-4o"', 0, 'duplicate-key'],
  ['a price that is defined twice', 'litellm', '"supports_vision"', '"input_cost_per_token"', 0, 'duplicate-key'],
  ['a model twice', 'genai-prices', '"id": "gemini-embedding-001"', '"id": "gemini-2.5-flash"', 0, 'duplicate-key'],
  ['a negative tier', 'genai-prices', '"price": 0.4', '"price": -0.4', 0, 'out-of-range'],
  ['models that are no array', 'genai-prices', '"models": [', '"models": {}, "x": [', -3, 'not-this-format'],
  ['a missing column', 'skypilot', 'SpotPrice,Region', 'SpotPrice,Place', 0, 'missing-column'],
  ['a column twice', 'skypilot', 'Price,SpotPrice', 'Price,Price', 0, 'duplicate-column'],
  ['a row too short', 'skypilot', ',3.3631,,us-east-1,us-east-1a,x86_64', ',3.3631', 0, 'wrong-cell-count'],
  ['a negative price', 'skypilot', ',0.8048,', ',-0.8048,', 0, 'out-of-range'],
  ['NaN', 'skypilot', ',0.8048,', ',nan,', 0, 'not-a-number'],
  ['two prices of one zone', 'skypilot', '27.5,us-east-1,us-east-1b', '27.5,us-east-1,us-east-1a', 0, 'duplicate-key'],
  // It ends at the next quote, two rows below, where none may be.
  ['a quote that does not end', 'skypilot', 'm7i.large', '"m7i.large', 2, 'bad-csv'],
])('%s in %s is an error with its line', async ([, format, from, to, lines, code]) => {
  const before = fixtures[format].slice(0, fixtures[format].indexOf(from));
  expect(await refusal(format, spoil(format, from, to))).toContainEqual([before.split('\n').length + lines, code]);
});

test.for<[what: string, ImportFormatName, text: string, code: string]>([
  ['nothing', 'litellm', '', 'not-json'],
  ['a file of another format', 'genai-prices', fixtures.litellm, 'not-this-format'],
  ['a file of another format', 'skypilot', fixtures.litellm, 'bad-csv'],
  ['another table', 'skypilot', 'a,b\n1,2\n', 'missing-column'],
  ['a list without models', 'genai-prices', '[]', 'nothing-to-import'],
  ['no rows', 'skypilot', fixtures.skypilot.slice(0, fixtures.skypilot.indexOf('\n')), 'nothing-to-import'],
  ['deep nesting', 'litellm', '{"a":'.repeat(100_000), 'too-deep'],
  ['three million values', 'genai-prices', `[${'0,'.repeat(3_000_000)}0]`, 'too-many-values'],
  ['a million columns', 'skypilot', `${'a,'.repeat(1_000_000)}\n`, 'too-many-columns'],
  ['an endless string', 'litellm', `{"a": "${'\\"'.repeat(2_000_000)}`, 'not-json'],
])('%s for %s is refused', async ([, format, text, code]) => {
  expect((await refusal(format, text)).map(([, each]) => each)).toContain(code);
});

test('__proto__ and constructor are names like any other, and change nothing else', async () => {
  const model = '{"litellm_provider":"openai","mode":"chat","input_cost_per_token":1e-6,"output_cost_per_token":1e-6';
  const text = `{"__proto__":${model}},"constructor":${model},"__proto__":{"polluted":1}}}`;
  const { imported: made } = await imported('litellm', text);
  expect(made?.rows.api).toBe(2);
  expect(made?.files[0]?.text).toContain('openai,first-party,__proto__,__proto__,no,,1,1,');
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('no spoiled file crashes it: either rows or problems', async () => {
  for (const format of ['litellm', 'genai-prices', 'skypilot'] as const)
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(40), fc.string({ maxLength: 5 }), async (at, length, mark) => {
        const text = fixtures[format];
        const start = at % text.length;
        const { imported: made, problems } = await imported(
          format,
          text.slice(0, start) + mark + text.slice(start + length),
        );
        expect((made === null) === problems.some(({ severity }) => severity === 'error')).toBe(true);
      }),
      { numRuns: 60 },
    );
});
