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
import { type Schema as Shape, silentKeys, withoutReferences } from '../support/schema-changes.js';

const read = (file: string): unknown => parse(readFileSync(file, 'utf8'));

/** Kinds of what our reader refuses and the published JSON Schemas cannot. */
const onlyWeRefuse = (
  read('test/fixtures/only-the-reader-refuses.yaml') as {
    kind: string;
    of: string;
    path: string;
    value: unknown;
    says: string;
  }[]
).map((kind) => ({ ...kind, says: new RegExp(kind.says) }));

const tables = await shippedTables();
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

  test('every field says what it is', () => {
    const silent = silentKeys(withoutReferences(generated() as Shape));
    expect(silent.filter((key) => !/\.(?:low|likely|high|mean|cv)$/.test(key))).toEqual([]);
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
