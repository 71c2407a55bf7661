import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Manifest, snapshotJsonSchema } from '../../src/tables/load.js';
import { priceBookSchema } from '../../src/tables/price-book/schema.js';
import { tiersInWords } from '../../src/tables/query.js';
import type { Schema } from '../../src/units/schema.js';
import { priceBookJsonSchema, scenarioJsonSchema } from '../../src/workload/issues.js';
import { scenarioSchema } from '../../src/workload/schema.js';
import { applied, edit } from '../support/edited-documents.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';

/**
 * What our reader refuses and the published JSON Schemas cannot: a checker of JSON Schema calls no reader and compares no two
 * values. An editor stays silent on these, the command names them. A kind that is not here fails the test.
 */
const onlyWeRefuse: readonly { kind: string; says: RegExp; of: string; path: string; value: unknown }[] = [
  {
    kind: 'a limit of a number in text',
    says: /is negative|must be more than 0|is below|is above \d|is above 1: for|is no whole number/,
    of: 'scenario',
    path: 'team.devops',
    value: '-2 people',
  },
  {
    kind: 'a number in text that no computer holds',
    says: /is too large for/,
    of: 'scenario',
    path: 'team.devops',
    value: '1e999',
  },
  {
    kind: 'part of a token in text',
    says: /is less than one: for a share/,
    of: 'scenario',
    path: 'tasks.0.tokens.cacheablePrefix',
    value: '0.5 tokens',
  },
  {
    kind: 'a loss of everything',
    says: /is a loss of everything/,
    of: 'scenario',
    path: 'workload.growth',
    value: '-150% per month',
  },
  {
    kind: 'ends of a range without their unit',
    says: /^growth needs its period|of what\?/,
    of: 'scenario',
    path: 'workload.growth',
    value: { low: 0.01, high: 0.05 },
  },
  {
    kind: 'a letter after a suffix',
    says: /^`[^.{]*[kKMB][a-z]+`/,
    of: 'scenario',
    path: 'team.launchWithin',
    value: '5 Ms',
  },
  {
    kind: 'an end of a range beyond a limit',
    says: /^`.*(?:\.\.|\{).*` is (?:above|below) /,
    of: 'scenario',
    path: 'tasks.0.easy.share',
    value: '50%..150%',
  },
  {
    kind: 'ends in the wrong order',
    says: /: low \(.*\) is above high|is outside low\.\.high/,
    of: 'scenario',
    path: 'team.devops',
    value: { low: 3, high: 2 },
  },
  {
    kind: 'a suffix that may hold for both ends',
    says: /is ambiguous: write the suffix at both ends/,
    of: 'scenario',
    path: 'workload.volume',
    value: '40..60k',
  },
  {
    kind: 'ends with parts of two units',
    says: /^`(?:\{|.*\.\.).*(?: mixes units| is not an? |`: )/,
    of: 'scenario',
    path: 'team.devops',
    value: { low: '1 peo', high: '2 FTE' },
  },
  {
    kind: 'a mean or spread beyond a limit',
    says: /the mean of \{mean, cv\}|^cv is /,
    of: 'scenario',
    path: 'team.devops',
    value: { mean: 1, cv: '4' },
  },
  {
    kind: 'a word that is no work, or people in a period',
    says: /is not a unit of volume|people have no period|say how often, as in/,
    of: 'scenario',
    path: 'workload.volume',
    value: '24 months',
  },
  {
    kind: 'a peak of whole days or longer',
    says: /at peak means the busiest hour/,
    of: 'scenario',
    path: 'workload.volume',
    value: '9 requests/day at peak',
  },
  {
    kind: 'a range of discounts up to the whole price',
    says: /must be below 100 %/,
    of: 'price-book',
    path: 'discounts.0.percent',
    value: { low: 100, likely: 100, high: 100 },
  },
];

const tables = await shippedTables();
const read = (file: string): unknown => parse(readFileSync(file, 'utf8'));
const yamlIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name}`);
const snapshots = readdirSync('pricing')
  .filter((name) => /^\d/.test(name))
  .map((date) => `pricing/${date}/snapshot.yaml`);
const book = read('test/fixtures/price-book/contract.yaml') as object;
const { version: _, ...bookOfScenario } = book as { version: number };

/** What a reader says is wrong with a document. */
type Messages = (document: unknown) => string[];
const messagesOf =
  (schema: Schema<unknown>): Messages =>
  (document) => {
    const parsed = schema.parse(document);
    return parsed.success ? [] : parsed.issues.map(({ message }) => message);
  };

const formats: Record<string, { messages: Messages; generated: () => object; accepted: Record<string, unknown> }> = {
  scenario: {
    messages: messagesOf(scenarioSchema),
    generated: () => scenarioJsonSchema(tiersInWords(tables)),
    accepted: {
      ...Object.fromEntries(
        [...yamlIn('scenarios'), 'test/fixtures/scenario/design-example.yaml'].map((file) => [file, read(file)]),
      ),
      everything: { ...(read('test/fixtures/scenario/design-example.yaml') as object), prices: bookOfScenario },
    },
  },
  'price-book': {
    messages: messagesOf(priceBookSchema),
    generated: priceBookJsonSchema,
    accepted: { 'contract.yaml': book },
  },
  snapshot: {
    messages: (document) => (Manifest.safeParse(document).error?.issues ?? []).map(({ message }) => message),
    generated: snapshotJsonSchema,
    accepted: Object.fromEntries([...snapshots, 'pricing/catalog/catalog.yaml'].map((file) => [file, read(file)])),
  },
};

/** The document in which one value is changed. */
const example: Record<string, string> = { scenario: 'everything', 'price-book': 'contract.yaml' };

function setAt(document: unknown, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  const holder = document as Record<string, unknown>;
  if (rest.length === 0) holder[key] = value;
  else {
    holder[key] ??= {};
    setAt(holder[key], rest, value);
  }
}

const checker = (name: string) =>
  new Ajv2020({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    validateFormats: false,
    logger: false,
  }).compile(read(`schema/${name}.json`) as object);

describe.each(Object.entries(formats))('%s', (name, { messages, generated, accepted }) => {
  const valid = checker(name);

  test('the published schema is the generated one: npm run schemas', () => {
    expect(read(`schema/${name}.json`)).toEqual(JSON.parse(JSON.stringify(generated())));
  });

  test('the reader and the schema accept what is committed', () => {
    for (const [file, document] of Object.entries(accepted)) {
      expect(messages(document), file).toEqual([]);
      expect(valid(document), `${file}: ${JSON.stringify(valid.errors)}`).toBe(true);
    }
  });

  test.each(onlyWeRefuse.filter(({ of }) => of === name))('only the reader refuses $kind', ({ says, path, value }) => {
    const document = structuredClone(accepted[example[name] ?? '']);
    setAt(document, path.split('.'), value);
    expect(messages(document)).toEqual([expect.stringMatching(says)]);
    expect(valid(document), JSON.stringify(valid.errors)).toBe(true);
  });

  test('they agree on documents with mistakes', () => {
    const changes = fc.tuple(
      fc.constantFrom(...Object.values(accepted)),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
    );
    const [tooStrict, unexplained] = [new Set<string>(), new Set<string>()];
    for (const [document, edits] of fc.sample(changes, { numRuns: long ? 100_000 : 3000, seed: 8 })) {
      const edited = edits.reduce(applied, structuredClone(document));
      const refused = messages(edited);
      const fits = valid(edited);
      if (refused.length === 0 && !fits) tooStrict.add(JSON.stringify(valid.errors?.[0]));
      if (fits)
        for (const text of refused) if (!onlyWeRefuse.some(({ says }) => says.test(text))) unexplained.add(text);
    }
    expect({ tooStrict: [...tooStrict], unexplained: [...unexplained] }).toEqual({ tooStrict: [], unexplained: [] });
  });
});
