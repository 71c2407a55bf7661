import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type JsonNode, readJson } from '../../src/tables/importers/format.js';
import type { ImportFormatName } from '../../src/tables/importers/import-prices.js';
import { casesIn } from '../support/cases.js';
import { fixtures, imported } from '../support/import-order.js';

const cases = casesIn('import-corrupted', {
  prices: { price: z.string(), code: z.string() },
  broken: {
    why: z.string(),
    format: z.enum(['litellm', 'genai-prices', 'skypilot']),
    from: z.string(),
    to: z.string(),
    lines: z.number(),
    code: z.string(),
  },
});

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

test.each(cases.prices)('a price of $price is an error with its line', async ({ price, code }) => {
  expect(await refusal('litellm', spoil('litellm', '2.5e-6', price as string))).toEqual([[12, code]]);
});

/** Where the problem is, in lines from where the change begins. */
test.each(cases.broken)('$why in $format is an error with its line', async ({ format, from, to, lines, code }) => {
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
